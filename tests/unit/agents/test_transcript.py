"""A long conversation is shortened in its middle, rarely, and always in the same way."""

import itertools
import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from app.agents.listening import Said
from app.agents.transcript import BUDGET, TARGET, Transcript, shortened, size_of
from app.llm.messages import Message, Text, ToolResult, ToolUse

NEWEST = 2
SIZES = st.lists(st.integers(0, 60_000), min_size=1, max_size=60)


def turn(number: int, size: int) -> tuple[Message, Message]:
    """A call and its result, told apart by their number."""
    use = ToolUse(f"t{number}", "bash", {"command": f"make {number}"})
    told = f"{number:06}" * (size // 6 + 1)
    return Message("assistant", (Text("So."), use)), Message("user", (ToolResult(use.id, told[:size]),))


def told(sizes: Sequence[int]) -> list[tuple[Message, ...]]:
    """What is sent after each turn."""
    transcript, sent = Transcript("The task."), []
    for number, size in enumerate(sizes):
        transcript.add(*turn(number, size))
        if number % 7 == 3:
            transcript.hear([Said(f"comment-{number}", f"word {number}")])
        sent.append(transcript.messages())
    return sent


@given(SIZES)
def test_the_task_what_people_said_and_the_newest_results_stay(sizes: list[int]):
    sent = told(sizes)
    for count, messages in enumerate(sent, start=1):
        assert messages[0] == Message("user", (Text("The task."),))
        assert len(messages) == 1 + 2 * count
        said = [block.text for message in messages[1:] for block in message.content if isinstance(block, Text)]
        assert [text for text in said if text != "So."] == [
            text for number in range(3, count, 7) for text in said if f"word {number}\n" in text
        ]
        newest = messages[-1].content[0]
        assert isinstance(newest, ToolResult)
        assert len(newest.content) == sizes[count - 1]


@given(SIZES)
def test_what_is_sent_follows_from_what_was_said(sizes: list[int]):
    assert told(sizes) == told(sizes)


@given(SIZES)
def test_it_is_never_much_longer_than_its_budget(sizes: list[int]):
    for messages in told(sizes):
        assert size_of(messages[:-NEWEST]) <= BUDGET + 2 * 60_000


@given(SIZES, st.integers(0, 500_000))
def test_calls_keep_their_results_and_nothing_grows(sizes: list[int], target: int):
    messages = [Message("user", (Text("The task."),)), *(each for pair in enumerate(sizes) for each in turn(*pair))]
    short = shortened(messages, target, BUDGET)
    assert [each.role for each in short] == [each.role for each in messages]
    assert size_of(short) <= size_of(messages)
    for old, new in zip(messages, short, strict=True):
        assert [getattr(block, "tool_use_id", "") for block in old.content] == [
            getattr(block, "tool_use_id", "") for block in new.content
        ]
    assert shortened(short, target, BUDGET) == short
    if target >= size_of(messages):
        assert short == messages


def test_it_is_shortened_well_below_its_budget_and_the_middle_only():
    sent = told([9_000] * 60)
    assert max(map(size_of, sent)) <= BUDGET + 9_100
    drops = [later for earlier, later in itertools.pairwise(sent) if size_of(later) < size_of(earlier)]
    assert len(drops) == 1
    assert size_of(drops[0]) <= TARGET
    assert "left out" in drops[0][2].content[0].content
    assert "left out" not in drops[0][-11].content[0].content


def test_a_model_that_cannot_take_it_gets_half_until_nothing_is_left_to_cut():
    transcript = Transcript("The task.")
    for number in range(20):
        transcript.add(*turn(number, 10_000))
    before = size_of(transcript.messages())
    assert transcript.shorten_by_half()
    assert size_of(transcript.messages()) <= before / 2
    while transcript.shorten_by_half():
        pass
    assert size_of(transcript.messages()[-1:]) == 10_000


def share_of_prefix(sent: Sequence[tuple[Message, ...]]) -> float:
    """How much of all that is sent stood at the beginning of the request before."""
    same = 0
    for earlier, later in itertools.pairwise(sent):
        common = next((at for at, pair in enumerate(zip(earlier, later, strict=False)) if pair[0] != pair[1]), None)
        same += size_of(earlier if common is None else earlier[:common])
    return same / sum(map(size_of, sent[1:]))


@given(st.integers(0, 10_000))
def test_nine_tenths_of_a_long_run_stood_in_the_request_before(seed: int):
    """Sixty steps whose outputs are as long as those of real runs: 9,000 in the mean, at most 24,000."""
    rng = random.Random(seed)  # noqa: S311 - sizes, no secret
    sizes = [min(24_000, int(rng.lognormvariate(8.6, 1.0))) for _ in range(60)]
    assert share_of_prefix(told(sizes)) >= 0.9
