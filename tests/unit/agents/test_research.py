"""A question that somebody else reads for: what comes back, under which names it is journalled, and what goes wrong."""

import json

import pytest

from app.agents.tool import AgentTool, ToolOutput
from app.agents.tools.files import Search
from app.agents.tools.research import answer_question, research_tool
from app.llm.errors import ModelError
from tests.support.agents import Journal, Model, calls, says

PATHS = {"app/a.py", "odd:1.py"}


async def _nothing(_wanted: Search, _previous: str | None) -> ToolOutput:
    return ToolOutput("app/a.py:3: def a():")


SEARCH = AgentTool("search", Search, _nothing)


async def ask(*replies, journal=None, question="Who calls a?") -> str:
    return await answer_question(
        question,
        name="write.research-1",
        model=Model(*replies),
        tools=[SEARCH],
        steps=journal or Journal(),
        paths=PATHS,
    )


def answer(text: str, *places: str):
    return calls(("answer", {"answer": text, "places": list(places)}))


async def test_the_answer_comes_back_with_its_places_inside_a_tag():
    told = await ask(calls(("search", {"pattern": "a"})), answer("Nobody does.", "app/a.py:3", "app/a.py:3-9"))
    assert told.startswith("<untrusted-")
    assert 'what="a researcher\'s answer"' in told
    assert "Nobody does.\n\nPlaces:\n- app/a.py:3\n- app/a.py:3-9\n</untrusted-" in told


async def test_its_steps_are_journalled_under_the_name_of_who_asked_and_not_done_again():
    journal = Journal()
    first = await ask(calls(("search", {"pattern": "a"})), answer("Nobody does."), journal=journal)
    assert list(journal.known) == [
        "write.research-1.turn-1",
        "write.research-1.tool-1-1.search",
        "write.research-1.turn-2",
        "write.research-1.tool-2-1.answer",
    ]
    assert await ask(ModelError("must not be asked"), journal=Journal(journal.known)) == first


@pytest.mark.parametrize("odd", ["app/b.py:3", "app/a.py", "app/a.py:0", "/etc/passwd:1", "app/a.py:3:4"])
async def test_a_place_that_is_none_is_told_once_and_then_left_out(odd):
    journal = Journal()
    told = await ask(answer("It is there.", odd, "odd:1.py:7"), journal=journal)
    first = json.loads(journal.known["write.research-1.tool-1-1.answer"])
    assert first["is_error"]
    assert odd in first["text"]
    assert "- odd:1.py:7" in told
    assert f"- {odd}\n" not in told


async def test_a_researcher_who_does_not_answer_is_no_end_of_the_work():
    assert await ask(says("hm")) == (
        "No answer came back (no_tool_call: the model called no tool 3 times in a row). Look for yourself."
    )
    assert "the budget" in await ask(ModelError("the budget of $1.00 is used up"))


async def test_the_writer_is_given_what_came_back():
    asked = []

    async def reply(question: str) -> str:
        asked.append(question)
        return "In a.py."

    tool = research_tool(reply)
    assert (await tool.run({"question": "Where is it decided?"})).text == "In a.py."
    assert asked == ["Where is it decided?"]
    assert tool.problem({"question": "Where?"}) is not None
