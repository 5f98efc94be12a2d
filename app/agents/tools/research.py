"""A question that the writer hands to a colleague who only reads, so that its own conversation stays short."""

import re
from collections.abc import Awaitable, Callable, Container, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.agents.envelope import enclose
from app.agents.loop import Brief, run_agent
from app.agents.roles import load_role
from app.agents.steps import Steps
from app.agents.tool import AgentTool, ToolOutput
from app.llm.messages import Model

ROLE = "researcher"
_PLACE = re.compile(r"(.{1,1024}):[1-9][0-9]{0,6}(?:-[1-9][0-9]{0,6})?")
_UNANSWERED = "No answer came back ({why}). Look for yourself."
"""Not an error of the run: the writer has the same tools."""


class Research(BaseModel):
    """Ask a colleague who reads the project for you and answers with places (`path:line`).

    For questions that take reading many files: who calls this, where is that decided, how do others do it here. Ask one
    whole question; your colleague knows nothing of your task. What one search tells, look up yourself.
    """

    model_config = ConfigDict(extra="forbid")
    question: str = Field(min_length=10, max_length=2000)


class Answer(BaseModel):
    """Answer the question. `places` are those that the answer rests on, as `path:line` or `path:first-last`."""

    model_config = ConfigDict(extra="forbid")
    answer: str = Field(min_length=1, max_length=4000)
    places: list[Annotated[str, Field(min_length=1, max_length=1100)]] = Field(default_factory=list, max_length=30)


def research_tool(ask: Callable[[str], Awaitable[str]]) -> AgentTool[Research]:
    async def research(wanted: Research, _previous: str | None) -> ToolOutput:
        return ToolOutput(await ask(wanted.question))

    return AgentTool("research", Research, research)


async def answer_question(
    question: str, *, name: str, model: Model, tools: Sequence[AgentTool[Any]], steps: Steps, paths: Container[str]
) -> str:
    """Let a researcher answer. `name` begins the names of its steps; `paths` are the files that a place can name.

    What comes back was made of the project's words by a model: it is enclosed like both.
    """
    role = load_role("roles", ROLE)
    brief = Brief(name, ROLE, role.prompt, enclose("question", question), max_turns=role.about.max_turns)
    outcome = await run_agent(brief, model=model, tools=[*tools, _answer_tool(paths)], steps=steps)
    if outcome.value is None:
        return _UNANSWERED.format(why=f"{outcome.ended}: {outcome.reason}"[:300])
    given = Answer.model_validate(outcome.value)
    places = [place for place in given.places if _is_place(place, paths)]
    told = "\n".join([given.answer, *(["", "Places:", *(f"- {place}" for place in places)] if places else [])])
    return enclose("a researcher's answer", told, rendered=False)


def _answer_tool(paths: Container[str]) -> AgentTool[Answer]:
    """Places that are none are told once; those that still are none are left out."""

    async def answer(wanted: Answer, previous: str | None) -> ToolOutput:
        odd = [place for place in wanted.places if not _is_place(place, paths)]
        if odd and previous is None:
            listed = ", ".join(odd[:5])
            return ToolOutput(f"These are no places of this project, as `path:line`: {listed}.", is_error=True)
        return ToolOutput("Noted.", ends=True)

    return AgentTool("answer", Answer, answer)


def _is_place(place: str, paths: Container[str]) -> bool:
    found = _PLACE.fullmatch(place)
    return found is not None and found[1] in paths
