"""The tools by which an agent says what it understood, or asks the people whose wish it is."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.agents.tool import AgentTool, ToolOutput

MOST_QUESTIONS = 3
TOO_LATE = (
    "Files are changed already, so it is too late to ask. Take the plainest reading, and say in the summary what you "
    "assumed."
)


class Ask(BaseModel):
    """Ask the people of the issue, at most three short questions at once, and begin anew with their answer.

    Only before anything is changed, and only if what is wanted cannot be told: two readings lead to different changes,
    you cannot tell which one is meant, and who has the code, its tests and its documents at hand could not either. Say
    in each question what the readings are. An answer can take days.
    """

    model_config = ConfigDict(extra="forbid")
    questions: Annotated[
        list[Annotated[str, Field(min_length=10, max_length=300)]], Field(min_length=1, max_length=MOST_QUESTIONS)
    ]


class Understood(BaseModel):
    """Say what must hold when the issue is solved: each point that it expects, so that it can be checked."""

    model_config = ConfigDict(extra="forbid")
    criteria: Annotated[list[Annotated[str, Field(min_length=5, max_length=300)]], Field(max_length=15)]


def ask_tool(why_not: Callable[[], Awaitable[str]]) -> AgentTool[Ask]:
    """`why_not`: why nothing can be asked now; empty if it can."""

    async def ask(_wanted: Ask, _previous: str | None) -> ToolOutput:
        refusal = await why_not()
        return ToolOutput(refusal, is_error=True) if refusal else ToolOutput("It is asked.", ends=True)

    return AgentTool("ask", Ask, ask)


def understood_tool(*, besides: bool = False) -> AgentTool[Understood]:
    """`besides`: something is listed already, and there may be nothing else."""

    async def understood(wanted: Understood, _previous: str | None) -> ToolOutput:
        if not wanted.criteria and not besides:
            return ToolOutput("Name at least one thing that must hold.", is_error=True)
        return ToolOutput("Noted.", ends=True)

    return AgentTool("understood", Understood, understood)
