import itertools

from hypothesis import given
from hypothesis import strategies as st

from app.agents.stuck import Watch
from app.agents.tool import ToolOutput
from app.llm.messages import ToolUse

numbers = itertools.count()


def told(calls: str) -> list[str]:
    """One letter a call, and what the watch says to each: nothing, advice, or stop. A digit gives ever new results."""
    watch, verdicts = Watch(), []
    for name in calls:
        text = str(next(numbers)) if name.isdigit() else f"result of {name}"
        verdict = watch.saw(ToolUse("t", name, {"b": 1, "a": 2}), ToolOutput(text))
        verdicts.append("stop" if verdict.stuck else "advice" if verdict.why else "")
    return verdicts


def test_the_same_call_with_the_same_result_is_advised_on_and_then_stopped():
    assert told("aaaaaaaa") == ["", "", "", "advice", "", "", "", "stop"]


def test_two_calls_in_turn_are_a_circle_too():
    assert told("abababababab") == [""] * 5 + ["advice"] + [""] * 5 + ["stop"]


def test_results_that_change_are_no_circle():
    assert set(told("1" * 40)) == {""}


def test_advice_that_was_taken_is_forgotten_but_not_twice():
    assert told("aaaa" + "bcdefghijk" + "aaaa")[-1] == "stop"
    assert "stop" not in told("aaaa" + "bcdefghijk" * 3)


def test_the_order_of_an_inputs_parts_does_not_matter():
    watch = Watch()
    inputs = [{"a": 1, "b": 2}, {"b": 2, "a": 1}] * 2
    verdicts = [watch.saw(ToolUse("t", "look", value), ToolOutput("same")) for value in inputs]
    assert verdicts[-1].why


@given(st.lists(st.sampled_from("abc1"), max_size=30))
def test_nothing_is_stopped_that_was_not_advised_on_before(calls: list[str]):
    verdicts = told("".join(calls))
    if "stop" in verdicts:
        assert "advice" in verdicts[: verdicts.index("stop") - 3]
