"""How a talker ends: an answer for a person, and at most one word of Quorum's that they could write themselves."""

from collections.abc import Awaitable, Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.agents.tool import AgentTool, ToolOutput

Word = Literal[
    "explain",
    "status",
    "review",
    "fix",
    "go",
    "redo because …",
    "tell …",
    "pause",
    "resume",
    "stop",
    "retry",
    "priority high",
    "priority low",
    "budget 5",
    "autonomy 1",
    "override PERSPECTIVE because …",
    "dismiss FINDING because …",
    "remember …",
    "forget N",
    "help",
]


class Answer(BaseModel):
    """Give your answer. `suggest`: a word that would do what they want, if there is one. `pass_on`: whether their words
    are meant for the work that is under way.
    """

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=3000)
    suggest: Word | None = None
    pass_on: bool = False


def answer_tool(faults: Callable[[str], Awaitable[str]]) -> AgentTool[Answer]:
    """`faults` says what of the text cannot be used, or "". It is told once; the second answer is taken as it is."""

    async def answer(wanted: Answer, previous: str | None) -> ToolOutput:
        told = await faults(wanted.text) if previous is None else ""
        return ToolOutput(told, is_error=True) if told else ToolOutput("Said.", ends=True)

    return AgentTool("answer", Answer, answer)
