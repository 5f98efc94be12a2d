"""One reviewer's part, and the challenge of what it says. Who is asked and what follows is the workflow's."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.agents.envelope import enclose
from app.agents.loop import Brief, run_agent
from app.agents.proofs import journalled_proofs
from app.agents.roles import load_role
from app.agents.steps import Steps
from app.agents.tool import AgentTool
from app.agents.tools.endings import Judge, Prove, ReportInput, judge_tool, report_tool
from app.agents.tools.files import bash_tool, reading_tools, reading_tools_within
from app.agents.views import view_of, what_the_project_asks
from app.agents.walk import Walk, walk_task
from app.llm.messages import Model
from app.policy.effort import USUAL, Effort
from app.policy.finding import Finding, Outcome, Report, Severity
from app.policy.proof import Proof, Ran
from app.policy.reads import Reads, least
from app.policy.words import Words
from app.sandbox.box import Box

_CASE_CHARS = 1500
_BESIDES_CHARS = 600
_BESIDES = "Other reviewers say of the same lines, in their words:"
Faults = Callable[[Report], Awaitable[str]]


@dataclass(frozen=True)
class Bench:
    """Where a council works: one tree, read-only for all of them.

    `part`: what is shown of the change after `shared`, if it is read in parts. `words`: the project's own. `prove` runs
    what a challenger hands in to show a fault; without it a judgement is words. `said`: what the reader said of the
    change before, if the rest was read then. `pairs`: some read for two perspectives. `known`: by perspective, findings
    that need no reader. `changed`: the change's files, but for links.
    """

    model: Model
    box: Box
    worktree: Path
    steps: Steps
    shared: str
    part: str = ""
    words: Words = Words()
    prove: Prove | None = None
    said: str = ""
    effort: Effort = USUAL
    walk: Walk | None = None
    pairs: bool = False
    known: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()

    def reading_tools(self, *reads: Reads) -> list[AgentTool[Any]]:
        """For one who reads for perspectives that may read so much: no more than each of them."""
        return reading_tools_within(self.box, self.worktree, least(*reads), self.changed)

    def report_tool(self, faults: Faults) -> AgentTool[ReportInput]:
        """The same for all who read here."""
        return report_tool(faults, walk=self.walk is not None, pair=self.pairs)


@dataclass(frozen=True)
class Opinion:
    """`report` is None when there was no usable answer; then `reason` says why.

    With a report there is a `reason` if the change was read in parts, and one of them got no usable answer. `light`:
    one reading answered for several, so that nobody builds on it.
    """

    report: Report | None
    model: str
    reason: str = ""
    light: bool = False

    @property
    def whole(self) -> Report | None:
        """The report, if nothing is missing from it."""
        return None if self.reason else self.report


_REVIEW = "Review the change above from this perspective and end with `report`."


async def review_perspective(bench: Bench, perspective: str, faults: Faults, part: int = 1) -> Opinion:
    """Let one reviewer read the change from one perspective. `faults` says what of a report cannot be used, or ""."""
    reviewer, view = load_role("roles", "reviewer"), view_of(perspective, bench.words)
    brief = Brief(
        name=f"review-{perspective}" if part == 1 else f"review-{perspective}.part-{part}",
        role=f"reviewer:{perspective}",
        system=reviewer.prompt,
        shared=bench.shared,
        part=bench.part,
        task="\n\n".join(filter(None, (view.task, bench.said, _REVIEW))) + walk_task(bench.walk, perspective),
        max_turns=bench.effort.turns_of(view.max_turns),
    )
    tools = [*bench.reading_tools(view.reads), bench.report_tool(faults)]
    outcome = await run_agent(brief, model=bench.model, tools=tools, steps=bench.steps)
    if outcome.value is None:
        return Opinion(None, outcome.model, f"{outcome.ended}: {outcome.reason}")
    return Opinion(ReportInput.model_validate(outcome.value).alone, outcome.model)


@dataclass(frozen=True)
class Challenge:
    """`upheld`: it blocks. `lowered`: it stands as advice. Neither: it was refuted.

    `ran`: what came of the `proof` that was handed in, when Quorum ran it. It decides nothing by itself.
    """

    upheld: bool
    reason: str
    lowered: bool = False
    proof: Proof | None = None
    ran: Ran | None = None


async def challenge(
    bench: Bench, perspective: str, number: int, finding: Finding, besides: Sequence[str] = ()
) -> Challenge:
    """Let another agent try to refute a finding that would block. One that fails to answer leaves it upheld.

    `besides`: what others claim of the same place, who stand or fall with it.
    """
    role = load_role("roles", "challenger")
    claim = enclose("finding", _claimed(finding, besides), rendered=False)
    asked = what_the_project_asks(perspective, bench.words)
    brief = Brief(
        name=f"challenge-{perspective}-{number}",
        role="challenger",
        system=role.prompt,
        shared=bench.shared,
        part=bench.part,
        task="\n\n".join(
            filter(
                None,
                ("This is claimed of the change above:", claim, asked, "See whether it holds and end with `judge`."),
            )
        ),
        max_turns=role.about.max_turns,
    )
    prove = journalled_proofs(bench.prove, bench.steps, brief.name) if bench.prove is not None else None
    tools = [
        *reading_tools(bench.box, bench.worktree),
        bash_tool(bench.box, bench.worktree, writable=False),
        judge_tool(prove, critical=finding.severity is Severity.CRITICAL),
    ]
    outcome = await run_agent(brief, model=bench.model, tools=tools, steps=bench.steps)
    if outcome.value is None:
        return Challenge(upheld=True, reason=f"the challenge gave no result ({outcome.ended}: {outcome.reason})")
    judged = Judge.model_validate(outcome.value)
    if judged.verdict != "upheld" or judged.proof is None or prove is None:
        return Challenge(judged.verdict == "upheld", judged.reason, lowered=judged.verdict == "lowered")
    return Challenge(upheld=True, reason=judged.reason, proof=judged.proof, ran=await prove(judged.proof))


def _claimed(finding: Finding, besides: Sequence[str]) -> str:
    """What must be known to check a claim. Why its author thinks so is left out: arguments persuade, a case is tried.

    Reviewers are asked for the failing input in `evidence`; what goes on beyond that is argument.
    """
    place = f"{finding.path}, lines {finding.start_line} to {finding.end_line}, {finding.severity}"
    case = f"\n\nThe case that is given for it:\n{finding.evidence[:_CASE_CHARS]}" if finding.evidence else ""
    listed = "\n".join(f"- {each[:_BESIDES_CHARS]}" for each in besides)
    others = f"\n\n{_BESIDES}\n{listed}" if besides else ""
    return f"{place}:\n{finding.quote}\n\n{finding.claim}{case}{others}"


def settle(report: Report | None, blocking: Sequence[Finding], dropped: Sequence[Finding] = ()) -> Outcome:
    """Only findings that stood block. A plea to block that none supports is no usable answer, and no answer neither.

    `dropped` are findings that stand nowhere. One of them that would have blocked was not refuted by anybody.
    """
    if blocking:
        return Outcome.BLOCKED
    if report is None or any(finding.severity.blocks for finding in dropped):
        return Outcome.ABSTAINED
    had_blocking = any(finding.severity.blocks for finding in report.findings)
    return Outcome.ABSTAINED if report.verdict == "block" and not had_blocking else Outcome.APPROVED
