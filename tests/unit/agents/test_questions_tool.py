"""Asking people: a few short questions, before anything is changed."""

import pytest

from app.agents.loop import Brief, run_agent
from app.agents.tools.questions import TOO_LATE, ask_tool, understood_tool
from tests.support.agents import Journal, Model, calls

BRIEF = Brief("write", "writer", "You solve.", "Solve this.", max_turns=4)


async def outcome(model: Model, refusal: str = "") -> object:
    async def why_not() -> str:
        return refusal

    return await run_agent(BRIEF, model=model, tools=[ask_tool(why_not), understood_tool()], steps=Journal())


async def test_questions_end_the_conversation_with_what_is_asked():
    told = await outcome(Model(calls(("ask", {"questions": ["Is it 1.5, or refused?"]}))))
    assert (told.ended, told.value) == ("submitted", {"questions": ["Is it 1.5, or refused?"]})


@pytest.mark.parametrize("questions", [[], ["Why?"], ["What is wanted here?"] * 4, ["x" * 301]])
async def test_more_or_longer_ones_are_not_asked(questions):
    model = Model(calls(("ask", {"questions": questions})), calls(("understood", {"criteria": ["half(3) is 1.5"]})))
    told = await outcome(model)
    assert told.value == {"criteria": ["half(3) is 1.5"]}
    assert "questions" in model.sent[1].messages[-1].content[0].content


async def test_it_is_too_late_once_something_is_changed():
    model = Model(calls(("ask", {"questions": ["Is it 1.5, or refused?"]})))
    told = await outcome(model, TOO_LATE)
    assert told.value is None
    assert model.sent[1].messages[-1].content[0].content == TOO_LATE


@pytest.mark.parametrize(("besides", "ended", "turns"), [(True, [], 1), (False, ["half(3) is 1.5"], 2)])
async def test_only_where_something_is_listed_there_may_be_nothing_else(besides, ended, turns):
    model = Model(*(calls(("understood", {"criteria": each})) for each in ([], ["half(3) is 1.5"])))
    told = await run_agent(BRIEF, model=model, tools=[understood_tool(besides=besides)], steps=Journal())
    assert (told.value, told.turns) == ({"criteria": ended}, turns)
