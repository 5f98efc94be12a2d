import asyncio
from dataclasses import replace

import pytest

from app.llm.errors import (
    BudgetExceededError,
    ModelError,
    ModelTimeoutError,
    OverloadedError,
    RejectedRequestError,
    UnusableReplyError,
)
from app.llm.gateway import Gateway
from app.llm.messages import Message, Reply, Request, Text, Usage
from app.policy.values import MicroUsd
from tests.support.virtual_time import run_virtually

ASKED = Request("writer", "You mend.", (Message("user", (Text("Mend it."),)),))
LONG = Request("writer", "x" * 400, (Message("user", (Text(""),)),), max_tokens=10)
ANSWER = Reply((Text("Done."),), "end", "test", Usage(input=1), cost=MicroUsd(400))


class Moody:
    """Raises what it is told to, one after the other, then answers."""

    def __init__(self, *moods: ModelError | None) -> None:
        self.moods = list(moods)
        self.asked = 0

    async def reply(self, request: Request) -> Reply:
        assert request in (ASKED, LONG)
        self.asked += 1
        mood = self.moods.pop(0) if self.moods else None
        if mood is not None:
            raise mood
        return ANSWER


def ask(model: Moody, deadline_s: float = 30.0) -> Reply:
    return asyncio.run(Gateway(model, deadline_s=deadline_s, first_pause_s=0.0).reply(ASKED))


@pytest.mark.parametrize("trouble", [OverloadedError("529"), ModelTimeoutError("none"), UnusableReplyError("html")])
def test_what_may_pass_is_tried_again(trouble: ModelError):
    model = Moody(trouble, trouble, trouble)
    assert ask(model) is ANSWER
    assert model.asked == 4


def test_the_fourth_failure_is_the_last():
    model = Moody(*[OverloadedError(f"try {number}") for number in range(1, 6)])
    with pytest.raises(OverloadedError, match="try 4"):
        ask(model)
    assert model.asked == 4


@pytest.mark.parametrize("trouble", [RejectedRequestError("401"), BudgetExceededError("spent")])
def test_what_will_not_pass_is_not_tried_again(trouble: ModelError):
    model = Moody(trouble)
    with pytest.raises(type(trouble)):
        ask(model)
    assert model.asked == 1


def test_advice_beyond_the_deadline_is_not_waited_for():
    model = Moody(OverloadedError("come back tomorrow", after_s=86_400.0))
    with pytest.raises(OverloadedError, match="tomorrow"):
        ask(model)
    assert model.asked == 1


def test_advice_within_the_deadline_is_followed():
    assert ask(Moody(OverloadedError("soon", after_s=0.0))) is ANSWER


def test_a_model_that_hangs_is_given_up_at_the_deadline():
    class Hanging:
        async def reply(self, _request: Request) -> Reply:
            await asyncio.Event().wait()
            raise AssertionError

    with pytest.raises(ModelTimeoutError, match="no answer within"):
        asyncio.run(Gateway(Hanging(), deadline_s=0.05).reply(ASKED))


def charge(usage: Usage) -> MicroUsd:
    return MicroUsd(usage.input + 5 * usage.output)


def priced(model: Moody) -> Gateway:
    return Gateway(model, deadline_s=30.0, first_pause_s=0.0, charge=charge)


@pytest.mark.parametrize(
    ("trouble", "cost"),
    [
        (UnusableReplyError("html"), 100 + 50),
        (UnusableReplyError("blocked", Usage(input=7, output=1)), 12),
        (ModelTimeoutError("broken off"), 100 + 50),
        (ModelTimeoutError("nobody listens", sent=False), 0),
        (OverloadedError("529"), 0),
    ],
)
def test_tries_in_vain_that_may_have_been_charged_are_counted(trouble: ModelError, cost: int):
    assert asyncio.run(priced(Moody(trouble, trouble)).reply(LONG)).cost == 2 * cost + 1
    with pytest.raises(ModelError) as caught:
        asyncio.run(priced(Moody(*[trouble] * 4)).reply(LONG))
    assert caught.value.cost == 4 * cost


def test_an_answer_that_says_it_read_nothing_is_charged_by_what_was_sent():
    class Uncounted:
        async def reply(self, _request: Request) -> Reply:
            return replace(ANSWER, usage=Usage(output=3))

    assert asyncio.run(Gateway(Uncounted(), deadline_s=30.0, charge=charge).reply(LONG)).cost == 100 + 50


def test_an_answer_that_trickles_in_ends_where_one_answer_may_and_is_tried_again():
    """The SDKs' timeouts are for silence, and this one is never silent."""

    class Trickling:
        asked = 0

        async def reply(self, _request: Request) -> Reply:
            self.asked += 1
            if self.asked == 1:
                for _ in range(9999):
                    await asyncio.sleep(1)
            return ANSWER

    async def play() -> float:
        assert await Gateway(Trickling(), deadline_s=900.0, try_s=600.0).reply(ASKED) is ANSWER
        return asyncio.get_running_loop().time()

    assert 600 <= run_virtually(play()) < 610


def test_no_key_is_in_what_an_error_says():
    assert "0123456789abcdef" not in str(ModelTimeoutError("Illegal header value b'sk-ant-api03-0123456789abcdef'"))
