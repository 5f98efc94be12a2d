"""What is counted by turn, and what a replay must find again even where there was no reply."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from app.agents.loop import AgentOutcome, Brief, run_agent
from app.agents.tool import AgentTool, ToolOutput
from app.agents.tools.handing_in import submit_tool
from app.llm.errors import BudgetExceededError, ModelError, OverloadedError
from app.llm.messages import Reply, Request
from tests.support.agents import Journal, Model, calls, says

HAND_IN = ("submit", {"title": "Round to cents", "summary": "The sum is rounded once, at its very end."})


class Look(BaseModel):
    """Look."""

    place: str = "here"


def look_tool() -> AgentTool[Look]:
    async def look(_wanted: Look, _previous: str | None) -> ToolOutput:
        return ToolOutput("the same as ever")

    return AgentTool("look", Look, look)


async def shown(_known: str) -> tuple[bool, str]:
    return True, "Your diff: +1 -1"


def run(model: Any, journal: Journal | None = None, max_turns: int = 30) -> AgentOutcome:
    tools = [look_tool(), submit_tool(shown)]
    brief = Brief("agent", "writer", "You look.", "Look.", max_turns=max_turns)
    return asyncio.run(run_agent(brief, model=model, tools=tools, steps=journal or Journal()))


def test_a_diff_that_was_not_shown_yet_is_not_handed_in():
    """Two calls in one turn would else hand in what the agent has not read."""
    model = Model(calls(HAND_IN, HAND_IN), calls(HAND_IN))
    assert run(model).ended == "submitted"
    assert len(model.sent) == 2
    assert [block.content for block in model.sent[1].messages[-1].content] == ["Your diff: +1 -1"] * 2


def test_a_turn_of_senseless_calls_is_one_mistake():
    """The agent has had no advice on any of them."""
    bad = [("fly", {})] * 5
    model = Model(calls(*bad), calls(*bad), calls(HAND_IN), calls(HAND_IN))
    assert run(model).ended == "submitted"
    assert run(Model(calls(*bad))).turns == 3


def test_one_good_call_among_senseless_ones_is_getting_on():
    mixed = calls(("fly", {}), ("look", {"place": "there"}))
    assert run(Model(mixed, mixed, mixed, calls(HAND_IN), calls(HAND_IN))).ended == "submitted"


def test_the_same_call_many_times_in_one_turn_is_no_circle():
    model = Model(calls(*[("look", {})] * 12), calls(HAND_IN), calls(HAND_IN))
    assert run(model).ended == "submitted"
    assert not any("seen this before" in block.content for block in model.sent[1].messages[-1].content)


def test_every_call_alike_is_given_the_same_advice():
    model = Model(*[calls(("look", {}), ("look", {}))] * 4, calls(HAND_IN), calls(HAND_IN))
    assert run(model).ended == "submitted"
    contents = [block.content for block in model.sent[4].messages[-1].content]
    assert contents[0] == contents[1]
    assert "seen this before" in contents[0]


class NeverAsked:
    async def reply(self, _request: Request) -> Reply:
        raise AssertionError("what the journal holds is not asked for again")


@pytest.mark.parametrize("error", [OverloadedError("529"), BudgetExceededError("used up"), ModelError("")])
def test_that_there_was_no_reply_holds_at_a_replay(error: ModelError):
    """A reviewer that abstained must not have an opinion after a crash: what it said is on record already."""
    journal = Journal()
    first = run(Model(calls(("look", {})), error), journal)
    assert first.ended == ("budget" if isinstance(error, BudgetExceededError) else "model_error")
    assert run(NeverAsked(), Journal(journal.known)) == first


def test_a_worker_that_is_stopped_while_it_asks_leaves_the_turn_open():
    class Stopped:
        async def reply(self, _request: Request) -> Reply:
            raise asyncio.CancelledError

    journal = Journal()
    with pytest.raises(asyncio.CancelledError):
        run(Stopped(), journal)
    assert journal.known == {}


turns = st.sampled_from(
    [
        calls(("look", {})), calls(("look", {}), ("fly", {}), ("look", {})), calls(HAND_IN), calls(HAND_IN, HAND_IN),
        says("Hm."), says("", "max_tokens"), says("No.", "refusal"), OverloadedError("529"),
    ]
)  # fmt: skip


@given(st.lists(turns, min_size=1, max_size=12), st.data())
def test_a_run_that_broke_off_anywhere_ends_as_it_would_have(play: list[Reply | ModelError], data: st.DataObject):
    journal = Journal()
    expected = run(Model(*play), journal, max_turns=14)
    kept = data.draw(st.integers(0, len(journal.known)))
    again = Journal(dict(list(journal.known.items())[:kept]))
    assert run(Model(*play), again, max_turns=14) == expected
    assert again.known == journal.known
    assert run(NeverAsked(), Journal(journal.known), max_turns=14) == expected


@given(st.lists(turns, min_size=1, max_size=12), st.integers(1, 6))
def test_no_play_outlasts_its_turns(play: list[Reply | ModelError], max_turns: int):
    model = Model(*play)
    outcome = run(model, max_turns=max_turns)
    assert outcome.turns <= max_turns
    assert len(model.sent) <= max_turns
    assert (outcome.value is not None) == (outcome.ended == "submitted")
    assert bool(outcome.reason) == (outcome.ended != "submitted")
