"""How an agent ends its work on what people said of a change: the work itself, and an answer to each remark."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.agents.tool import AgentTool, ToolOutput
from app.agents.tools.handing_in import Look, Point, submit_tool

Kind = Literal["done", "left", "answer", "nothing"]


class Response(BaseModel):
    """`done`: you changed what is asked for. `left`: you did not, and say why. `answer`: it was a question.

    `nothing`: it asks for nothing, such as praise; then nobody is answered.
    """

    model_config = ConfigDict(extra="forbid")
    remark: int = Field(ge=1, description="Its number.")
    kind: Kind
    answer: str = Field(max_length=1500, description="One to three plain sentences to who wrote the remark.")


class Respond(BaseModel):
    """Hand in your work with a response to each remark, by its number. If you changed something, the first call shows
    you your diff and the tests' result; call it again to hand it in, with no more than what is to be told otherwise
    than before: `{}` will do. If nothing is to be changed, one call is enough. `points` and `left`: only if you
    changed something, and where what the description says of them is no longer right; each takes the place of all
    that it says there.
    """

    model_config = ConfigDict(extra="forbid")
    title: str = Field(
        default="", max_length=72, description="Of the commit, in the imperative; if you changed something."
    )
    summary: str = Field(default="", max_length=6000, description="What you changed and how you checked it.")
    responses: list[Response] = Field(max_length=100)
    points: list[Point] | None = Field(default=None, max_length=20)
    left: str | None = Field(default=None, max_length=2000)

    @property
    def changes(self) -> bool:
        return any(each.kind == "done" for each in self.responses)


def respond_tool(remarks: int, look: Look, *, described: bool = True) -> AgentTool[Respond]:
    """`remarks`: how many there are. `look`: as `submit_tool` has it; not asked where nothing is said to be done.

    `described`: as `repair_tool` has it.
    """
    submit = submit_tool(look)

    async def respond(wanted: Respond, previous: str | None) -> ToolOutput:
        wrong = _what_is_wrong(wanted, remarks)
        if wrong:
            return ToolOutput(wrong, is_error=True)
        if not wanted.changes:
            return ToolOutput("Noted.", ends=True)
        return await submit.run({"title": wanted.title, "summary": wanted.summary}, previous)

    without = () if described else ("points", "left")
    return AgentTool("respond", Respond, respond, repeats=True, without=without)


def _what_is_wrong(wanted: Respond, remarks: int) -> str:
    given = [each.remark for each in wanted.responses]
    missing = sorted(set(range(1, remarks + 1)) - set(given))
    if missing:
        return f"There is no response to remark {', '.join(map(str, missing))}."
    if sorted(given) != list(range(1, remarks + 1)):
        return f"There are {remarks} remarks; give one response to each."
    if any(each.kind != "nothing" and not each.answer.strip() for each in wanted.responses):
        return "Only a remark that asks for nothing goes without an answer."
    if wanted.changes:
        problem = _SUBMIT.problem({"title": wanted.title, "summary": wanted.summary})
        return "" if problem is None else problem.replace("submit", "respond")
    return ""


async def _never(_known: str) -> tuple[bool, str]:
    return False, ""


_SUBMIT = submit_tool(_never)
"""Tells what a title and a summary of a commit must be."""
