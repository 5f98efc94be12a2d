"""The tools by which agents end: each takes a schema, not prose."""

from collections.abc import Awaitable, Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.agents.tool import AgentTool, ToolOutput
from app.policy.finding import Finding, Report
from app.policy.proof import Proof, Ran

Prove = Callable[[Proof], Awaitable[Ran]]
"""Runs a proof and says what came of it."""
_NOT_RUN = Ran(shown=False, why="it was not run: others were graver; run it yourself with `bash`")

_CAREFUL_REASON = 80
"""Characters; less names no line that limits the damage."""
_MORE_REASON = (
    "This is claimed to be critical. To lower it, say who or what limits the damage and quote the line or output that "
    "shows it; else it is `upheld`."
)


class Judge(BaseModel):
    """Give your judgement on the finding, and say why: `refuted` if you can show that it is wrong, `lowered` if you can
    show that it is right and still no reason to block, else `upheld`.
    """

    model_config = ConfigDict(extra="forbid")
    verdict: Literal["upheld", "lowered", "refuted"]
    reason: str = Field(min_length=10, max_length=4000)
    proof: Proof | None = Field(
        default=None, description="Only with `upheld`, if the fault can be shown by running something."
    )


class AlsoReport(BaseModel):
    """What the other of your perspectives says."""

    model_config = ConfigDict(extra="forbid")
    perspective: str = Field(max_length=100)
    verdict: Literal["approve", "block"]
    confidence: float = Field(ge=0, le=1)
    summary: str = Field(min_length=1, max_length=4000)
    findings: list[Finding] = Field(default_factory=list, max_length=30)

    @property
    def alone(self) -> Report:
        """Its report, as one of its own."""
        return Report.model_validate(self.model_dump(exclude={"perspective"}))


class ReportInput(Report):
    """Hand in your review. Findings point at changed lines and quote them exactly; none is a good answer too."""

    # Reviewers are told of one; more are no error, as those of the second perspective are picked out.
    also: list[AlsoReport] = Field(
        default_factory=list,
        max_length=4,
        description="Only if your task names a second perspective: its report.",
        json_schema_extra={"maxItems": 1},
    )

    @property
    def alone(self) -> Report:
        """Without what is said for others."""
        return Report.model_validate(self.model_dump(exclude={"also"}))


def judge_tool(prove: Prove | None = None, *, critical: bool = False) -> AgentTool[Judge]:
    """A proof that shows nothing is told once, so that it can be mended; the second judgement is taken as it is.

    Without `prove` none is run, which is told as well: nobody else has seen it.
    `critical`: what is claimed is so grave that it is not lowered in passing.
    """

    async def judge(wanted: Judge, previous: str | None) -> ToolOutput:
        if critical and wanted.verdict == "lowered" and len(wanted.reason) < _CAREFUL_REASON:
            return ToolOutput(_MORE_REASON, is_error=True)
        if wanted.proof is not None and wanted.verdict == "upheld" and previous is None:
            ran = await prove(wanted.proof) if prove is not None else _NOT_RUN
            if not ran.shown:
                return ToolOutput(_not_shown(ran), is_error=True)
        return ToolOutput("Noted.", ends=True)

    return AgentTool("judge", Judge, judge)


def _not_shown(ran: Ran) -> str:
    output = f"\n\nIt printed:\n{ran.output}\n[exit code {ran.exit_code}]" if ran.exit_code is not None else ""
    return (
        f"The proof shows nothing: {ran.why}. Mend it or leave it out, and think again whether the finding holds. "
        f"Then call `judge` again.{output}"
    )


def report_tool(
    faults: Callable[[Report], Awaitable[str]], *, walk: bool = False, pair: bool = False
) -> AgentTool[ReportInput]:
    """`faults` is told once, so that it can be mended; the second report is taken as it is.

    `walk`: somebody in this session tells a walkthrough; `pair`: somebody reads for two. All of a session are offered
    the same: what providers keep of a prompt begins with its tools.
    """

    async def report(wanted: ReportInput, previous: str | None) -> ToolOutput:
        found = [*wanted.findings, *(finding for each in wanted.also for finding in each.findings)]
        told = await faults(wanted.model_copy(update={"findings": found})) if previous is None else ""
        return ToolOutput(told, is_error=True) if told else ToolOutput("Noted.", ends=True)

    unused = {"walkthrough": walk, "also": pair}
    return AgentTool("report", ReportInput, report, without=[name for name, used in unused.items() if not used])
