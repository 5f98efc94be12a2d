"""What an agent hands in besides the files themselves: words for the commit, the pull request and the reviewers."""

from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from app.agents.tool import AgentTool, ToolOutput


class Point(BaseModel):
    """One thing that must hold when the issue is solved, and the test or command that shows it."""

    model_config = ConfigDict(extra="forbid")
    wanted: str = Field(min_length=5, max_length=300)
    shown_by: str = Field(min_length=3, max_length=300)


class Submit(BaseModel):
    """Hand in your work. The first call shows you your diff and the tests' result; call it again to hand it in.

    The first call has a title and a summary. A later one needs only the fields that are to be told otherwise, each as
    a whole: what it leaves out stays as it was, so that `{}` will do.
    `title` becomes the pull request's title, in the imperative; `summary` says in a few plain sentences what was wrong
    and what you changed; it becomes the commit's message, too. That the tests ran is told without you. `points`: each
    thing that the issue's own sentences ask for; what you found to hold besides goes into the summary. `left`: what of
    it is not done, and what you are not sure of; empty if there is nothing.
    """

    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=5, max_length=72)
    summary: str = Field(min_length=20, max_length=6000)
    points: list[Point] = Field(default_factory=list, max_length=20)
    left: str = Field(default="", max_length=2000)
    left_plan: str = Field(
        default="",
        max_length=2000,
        description="Only with a plan: where you left it or did not heed a voter, and why. Empty if you followed it.",
    )
    measure: str = Field(
        default="",
        max_length=2000,
        pattern=r"^[^\x00]*$",
        description="Only if you were told to measure: the command that takes less time after your change.",
    )


class Answer(BaseModel):
    """What became of a finding, for who voiced it: `fixed`, and how; or not, and why not."""

    model_config = ConfigDict(extra="forbid")
    finding: str = Field(pattern=r"^[0-9a-f]{8}$", description="The finding's id, as it stands behind its place.")
    fixed: bool
    answer: str = Field(min_length=5, max_length=1000, description="One or two sentences, with the place and the test.")


class SubmitRepair(BaseModel):
    """Hand in your work. The first call shows you your diff and the tests' result; call it again to hand it in.

    The first call has a title and a summary. A later one needs only what is to be told otherwise: what it leaves out
    stays as it was, so that `{}` will do.
    `title` becomes the commit's title, in the imperative; `summary` says in a few plain sentences what you changed.
    `answers`: one for each finding; they are put into the reviewers' threads. `points` and `left`: only where what the
    description says of them is no longer right; each takes the place of all that it says there. An empty `left` says
    that nothing is left.
    """

    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=5, max_length=72)
    summary: str = Field(min_length=20, max_length=6000)
    answers: list[Answer] = Field(default_factory=list, max_length=60)
    points: list[Point] | None = Field(default=None, max_length=20)
    left: str | None = Field(default=None, max_length=2000)


_UNANSWERED = "These findings have no answer yet; put one into `answers` for each: {}."
_NO_MEASURE = (
    "This task is about speed, and there is no `measure`. Give the command that you measured with: it runs on the code "
    "before and after your change."
)
Measure = Callable[[str], Awaitable[tuple[bool, str]]]
"""Says whether a command measures anything, and what it says of the work."""
S = TypeVar("S", bound=BaseModel)
Look = Callable[[str], Awaitable[tuple[bool, str]]]
"""Says whether the work may be handed in, and shows it; the last line names the work. It is given the line by which
work was named that was shown before, or nothing: what was seen then need not be shown again.
"""


def submit_tool(look: Look, measure: Measure | None = None, *, planned: bool = False) -> AgentTool[Submit]:
    """With `measure`, work is not even looked at without a command that measures something. `planned`: by a plan."""

    async def measured(wanted: Submit) -> tuple[bool, str]:
        if measure is None:
            return True, ""
        return await measure(wanted.measure) if wanted.measure.strip() else (False, _NO_MEASURE)

    used = {"measure": measure is not None, "left_plan": planned}
    return _ending(Submit, look, lambda _: "", measured, [name for name, is_used in used.items() if not is_used])


def repair_tool(look: Look, asked: Collection[str], *, described: bool = True) -> AgentTool[SubmitRepair]:
    """`asked`: ids of the findings. That one has no answer is told with the first look, and not insisted on.

    `described`: there is a description of ours, of which parts can be replaced.
    """

    def missing(wanted: SubmitRepair) -> str:
        left = sorted(set(asked) - {answer.finding for answer in wanted.answers})
        return _UNANSWERED.format(", ".join(left)) if left else ""

    without = [*(() if described else ("points", "left")), *(() if asked else ("answers",))]
    return _ending(SubmitRepair, look, missing, without=without)


async def _nothing_measured(_wanted: object) -> tuple[bool, str]:
    return True, ""


def _ending(
    kind: type[S],
    look: Look,
    missing: Callable[[S], str],
    measured: Callable[[S], Awaitable[tuple[bool, str]]] = _nothing_measured,
    without: Collection[str] = (),
) -> AgentTool[S]:
    """When the last line has not changed since it was shown, handing in ends it: what tests print differs each time."""

    async def submit(wanted: S, previous: str | None) -> ToolOutput:
        measures, times = await measured(wanted)
        if not measures:
            return ToolOutput(times, is_error=True)
        known = _last_line(previous or "")
        fine, text = await look(known)
        if fine and previous is not None and known == _last_line(text):
            return ToolOutput("Handed in.", ends=True)
        return ToolOutput("\n\n".join(filter(None, [times, missing(wanted), text])), is_error=not fine)

    return AgentTool("submit", kind, submit, repeats=True, without=without)


def _last_line(text: str) -> str:
    return text.rpartition("\n")[2]
