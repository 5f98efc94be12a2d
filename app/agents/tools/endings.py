"""The tools by which agents end: each takes a schema, not prose."""

from collections.abc import Awaitable, Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.agents.tool import AgentTool, ToolOutput
from app.policy.finding import Report
from app.policy.proof import Proof, Ran

Prove = Callable[[Proof], Awaitable[Ran]]
"""Runs a proof and says what came of it."""

_CAREFUL_REASON = 80
"""Characters; less names no line that limits the damage."""
_MORE_REASON = (
    "This is claimed to be critical. To lower it, say who or what limits the damage and quote the line or output that "
    "shows it; else it is `upheld`."
)


class Submit(BaseModel):
    """Hand in your work. The first call shows you your diff and the tests' result; call it again to hand it in.

    `title` becomes the pull request's title, in the imperative; `summary` says in a few plain sentences what was wrong,
    what you changed and how you checked it.
    """

    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=5, max_length=72)
    summary: str = Field(min_length=20, max_length=6000)


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


class ReportInput(Report):
    """Hand in your review. Findings point at changed lines and quote them exactly; none is a good answer too."""


def submit_tool(look: Callable[[], Awaitable[tuple[bool, str]]]) -> AgentTool[Submit]:
    """`look` says whether the work may be handed in, and shows it; its last line names the work.

    When that line has not changed since it was shown, handing in ends it: what tests print differs each time.
    """

    async def submit(_wanted: Submit, previous: str | None) -> ToolOutput:
        fine, text = await look()
        if fine and previous is not None and _last_line(previous) == _last_line(text):
            return ToolOutput("Handed in.", ends=True)
        return ToolOutput(text, is_error=not fine)

    return AgentTool("submit", Submit, submit)


def _last_line(text: str) -> str:
    return text.rpartition("\n")[2]


def judge_tool(prove: Prove | None = None, *, critical: bool = False) -> AgentTool[Judge]:
    """A proof that shows nothing is told once, so that it can be mended; the second judgement is taken as it is.

    `critical`: what is claimed is so grave that it is not lowered in passing.
    """

    async def judge(wanted: Judge, previous: str | None) -> ToolOutput:
        if critical and wanted.verdict == "lowered" and len(wanted.reason) < _CAREFUL_REASON:
            return ToolOutput(_MORE_REASON, is_error=True)
        if prove is not None and wanted.proof is not None and wanted.verdict == "upheld" and previous is None:
            ran = await prove(wanted.proof)
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


def report_tool(faults: Callable[[Report], Awaitable[str]]) -> AgentTool[ReportInput]:
    """`faults` is told once, so that it can be mended; the second report is taken as it is."""

    async def report(wanted: ReportInput, previous: str | None) -> ToolOutput:
        told = await faults(wanted) if previous is None else ""
        return ToolOutput(told, is_error=True) if told else ToolOutput("Noted.", ends=True)

    return AgentTool("report", ReportInput, report)
