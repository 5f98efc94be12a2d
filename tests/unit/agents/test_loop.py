"""The loop against models that are functions of the request, with a journal that is a dict."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from app.agents.loop import AgentOutcome, Brief, run_agent
from app.agents.tool import AgentTool, ToolOutput
from app.llm.codec import dump_reply
from app.llm.errors import BudgetExceededError, ModelError
from app.llm.messages import Message, Reply, ToolResult, ToolUse
from tests.support.agents import Journal, Model, calls, says


class Look(BaseModel):
    """Look at a place."""

    model_config = ConfigDict(extra="forbid")
    place: str


LOOK, DONE = ("look", {"place": "here"}), ("done", {"place": "there"})


def look_tool() -> AgentTool[Look]:
    """Sees another thing at each place, and what it gave last time."""

    async def look(wanted: Look, previous: str | None) -> ToolOutput:
        return ToolOutput(f"{wanted.place} after {previous}")

    return AgentTool("look", Look, look)


def done_tool() -> AgentTool[Look]:
    async def done(_wanted: Look, _previous: str | None) -> ToolOutput:
        return ToolOutput("Done.", ends=True)

    return AgentTool("done", Look, done)


def run(model: Model, steps: Journal | None = None, max_turns: int = 20) -> AgentOutcome:
    brief = Brief("agent", "writer", "You look.", "Look.", max_turns=max_turns)
    return asyncio.run(run_agent(brief, model=model, tools=[look_tool(), done_tool()], steps=steps or Journal()))


def newest(model: Model) -> str:
    return "\n".join(
        block.content if isinstance(block, ToolResult) else getattr(block, "text", "")
        for block in model.sent[-1].messages[-1].content
    )


def test_it_ends_with_the_input_of_the_tool_that_ends():
    model = Model(calls(LOOK), calls(DONE))
    outcome = run(model)
    assert (outcome.ended, outcome.value, outcome.turns, outcome.cost) == ("submitted", {"place": "there"}, 2, 20)


def test_every_call_of_a_turn_is_answered_in_one_message():
    model = Model(calls(LOOK, ("look", {"place": "there"})), calls(DONE))
    run(model)
    answers = model.sent[1].messages[-1].content
    assert [block.tool_use_id for block in answers] == ["t0", "t1"]
    assert newest(model) == "here after None\nthere after None", "of this turn's results it has seen none"


def test_what_follows_the_call_that_ends_is_not_done():
    journal = Journal()
    assert run(Model(calls(DONE, LOOK)), journal).ended == "submitted"
    assert not any("look" in name for name in journal.known)


@pytest.mark.parametrize(
    ("bad", "advice"),
    [
        (("fly", {}), "There is no tool 'fly'. Your tools are: done, look."),
        (("look", {}), "The input of look is not right: place: Field required."),
        (("look", {"place": 3}), "The input of look is not right: place: Input should be a valid string."),
        (("look", {"place": "x", "more": 1}), "more: Extra inputs are not permitted."),
    ],
)
def test_a_call_that_makes_no_sense_is_answered_with_advice(bad: tuple[str, dict], advice: str):
    model = Model(calls(bad), calls(DONE))
    assert run(model).ended == "submitted"
    assert advice in newest(model)
    assert model.sent[1].messages[-1].content[0].is_error


def test_three_senseless_calls_in_a_row_end_it_and_a_good_one_between_them_does_not():
    bad = calls(("fly", {}))
    outcome = run(Model(bad))
    assert (outcome.ended, outcome.turns) == ("malformed", 3)
    assert run(Model(bad, bad, calls(LOOK), bad, bad, calls(DONE))).ended == "submitted"


def test_silence_is_answered_twice_and_then_ends_it():
    model = Model(says("I think."))
    outcome = run(model)
    assert (outcome.ended, outcome.turns) == ("no_tool_call", 3)
    assert "calling one of your tools" in newest(model)
    assert run(Model(says("Hm."), says(""), calls(LOOK), says("Hm."), calls(DONE))).ended == "submitted"


def test_an_empty_answer_is_not_sent_back_as_an_empty_block():
    model = Model(says(""), calls(DONE))
    run(model)
    assert all(block.text.strip() for message in model.sent[-1].messages for block in message.content)


def test_calls_of_an_answer_that_was_cut_off_are_not_made():
    model = Model(calls(LOOK, stop="max_tokens", text="I l"), calls(DONE))
    journal = Journal()
    assert run(model, journal).ended == "submitted"
    assert not any("look" in name for name in journal.known)
    assert "cut off because it was too long" in newest(model)


@pytest.mark.parametrize(
    ("reply", "ended"),
    [(says("I will not.", "refusal"), "refused"), (BudgetExceededError("the budget is used up"), "budget")],
)
def test_a_refusal_and_an_error_end_it_with_the_reason(reply: Reply | ModelError, ended: str):
    outcome = run(Model(reply))
    assert outcome.ended == ended
    assert "not" in outcome.reason or "budget" in outcome.reason


def test_an_agent_that_does_not_end_is_ended():
    model = Model(*[calls(("look", {"place": str(number)})) for number in range(9)])
    outcome = run(model, max_turns=5)
    assert (outcome.ended, outcome.turns, len(model.sent)) == ("turns", 5, 5)


def test_going_round_in_circles_is_said_once_and_then_ends_it():
    class Still(BaseModel):
        """Give the same."""

    async def still(_wanted: Still, _previous: str | None) -> ToolOutput:
        return ToolOutput("the same")

    model = Model(calls(("still", {})))
    brief = Brief("agent", "writer", "You look.", "Look.", max_turns=30)
    tools = [AgentTool("still", Still, still)]
    outcome = asyncio.run(run_agent(brief, model=model, tools=tools, steps=Journal()))
    assert (outcome.ended, outcome.turns) == ("loop", 8)
    advised = [turn for turn, request in enumerate(model.sent) if "seen this before" in _texts(request.messages[-1])]
    assert advised == [4]


def _texts(message: Message) -> str:
    return " ".join(getattr(block, "content", "") for block in message.content)


PLAYS = st.lists(
    st.sampled_from(
        [
            calls(LOOK),
            calls(("look", {"place": "there"}), ("fly", {})),
            calls(("look", {"place": 1})),
            says("Hm."),
            says("", "max_tokens"),
            calls(LOOK, text="cut", stop="max_tokens"),
            says("No.", "refusal"),
        ]
    ),
    max_size=9,
)


@given(PLAYS, st.data())
def test_a_run_that_broke_off_goes_on_with_the_same_requests(play: list[Reply], data: st.DataObject):
    whole, journal = Model(*play, calls(DONE)), Journal()
    expected = run(whole, journal)
    kept = data.draw(st.integers(0, len(journal.known)))
    resumed = Model(*play, calls(DONE))
    again = Journal(dict(list(journal.known.items())[:kept]))

    assert run(resumed, again) == expected
    assert resumed.sent == whole.sent[len(whole.sent) - len(resumed.sent) :]
    assert again.known == journal.known


@given(PLAYS)
def test_every_request_is_one_that_the_api_takes(play: list[Reply]):
    """Roles alternate, each call has its result next, and no message is empty."""
    model = Model(*play, calls(DONE))
    run(model)
    for request in model.sent:
        assert [message.role for message in request.messages] == ["user", "assistant"] * (
            len(request.messages) // 2
        ) + ["user"]
        for message, answer in zip(request.messages[1::2], request.messages[2::2], strict=True):
            asked = [block.id for block in message.content if isinstance(block, ToolUse)]
            assert asked == [block.tool_use_id for block in answer.content if isinstance(block, ToolResult)]
            assert message.content
            assert answer.content


def test_the_journal_holds_the_reply_as_the_model_gave_it():
    journal = Journal()
    run(Model(calls(DONE, text="So.")), journal)
    assert json.loads(journal.known["agent.turn-1"]) == dump_reply(calls(DONE, text="So."))
