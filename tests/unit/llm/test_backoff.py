"""When a model is asked again: pauses and deadlines on a clock that jumps."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.llm.chain import Chain, Link
from app.llm.errors import ModelError, ModelTimeoutError, OverloadedError, RejectedRequestError, UnusableReplyError
from app.llm.gateway import Gateway
from app.llm.messages import Message, Reply, Request, Text
from app.llm.outages import Outages
from app.llm.shared import Shared
from tests.support.virtual_time import run_virtually

ASKED = Request("writer", "You mend.", (Message("user", (Text("Mend it."),)),))
ANSWER = Reply((Text("Done."),), "end", "test")
Trouble = Callable[[], ModelError]


class Timed:
    """Takes `takes_s` for each answer; raises what `troubles` make, then answers. Notes when it was asked."""

    def __init__(self, *troubles: Trouble, takes_s: float = 0.0) -> None:
        self.troubles = list(troubles)
        self.takes_s = takes_s
        self.asked_at: list[float] = []

    async def reply(self, _request: Request) -> Reply:
        self.asked_at.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self.takes_s)
        if self.troubles:
            make = self.troubles.pop(0)
            raise make()
        return ANSWER

    @property
    def pauses(self) -> list[float]:
        return [
            later - earlier - self.takes_s for earlier, later in zip(self.asked_at, self.asked_at[1:], strict=False)
        ]


async def ask(model: Timed, deadline_s: float, first_pause_s: float = 2.0) -> float:
    """How long it took, whatever came of it."""
    clock = asyncio.get_running_loop().time
    start = clock()
    with suppress(ModelError):
        assert await Gateway(model, deadline_s=deadline_s, first_pause_s=first_pause_s).reply(ASKED) is ANSWER
    return clock() - start


def busy(after_s: float | None = None) -> Trouble:
    return lambda: OverloadedError("529", after_s)


def test_pauses_grow_from_the_first_and_are_not_all_alike():
    longest, seen = [0.0, 0.0, 0.0], set()
    for _ in range(60):
        model = Timed(busy(), busy(), busy())
        run_virtually(ask(model, 900.0))
        longest = [max(pair) for pair in zip(longest, model.pauses, strict=True)]
        seen.add(round(model.pauses[0], 6))
    for most, bound in zip(longest, (2.0, 4.0, 8.0), strict=True):
        assert bound / 2 < most <= bound
    assert len(seen) > 50


def test_many_that_were_given_the_same_advice_do_not_come_back_together():
    came_back = set()
    for _ in range(30):
        model = Timed(busy(20.0))
        run_virtually(ask(model, 900.0))
        assert 20.0 <= model.pauses[0] <= 25.0
        came_back.add(round(model.pauses[0], 6))
    assert len(came_back) > 25


troubles = st.sampled_from([OverloadedError, ModelTimeoutError, UnusableReplyError, RejectedRequestError])
plays = st.lists(st.tuples(troubles, st.none() | st.floats(0, 2000)), max_size=6)


@given(plays, st.floats(0, 400), st.floats(0.1, 1000), st.floats(0, 100))
def test_no_play_of_troubles_outlasts_the_deadline_or_is_asked_five_times(play, takes_s, deadline_s, first_pause_s):
    def make(kind: type[ModelError], after_s: float | None) -> Trouble:
        return lambda: kind("busy", after_s) if kind is OverloadedError else kind("busy")

    model = Timed(*(make(*each) for each in play), takes_s=takes_s)
    took = run_virtually(ask(model, deadline_s, first_pause_s))
    assert took <= deadline_s + 1e-6
    assert 1 <= len(model.asked_at) <= 4


def test_a_pause_that_would_outlast_the_deadline_is_not_begun():
    assert run_virtually(ask(Timed(busy(90.0)), 60.0)) == 0.0


@pytest.mark.parametrize(("after_s", "waited"), [(40.0, True), (300.0, False)])
def test_where_another_model_stands_by_nobody_waits_for_long(after_s: float, waited: bool):
    """A quota of the day says to come back in minutes; the next model has its own."""
    first, second = Timed(busy(after_s)), Timed()
    links = [Link(name, Gateway(model, deadline_s=900.0)) for name, model in (("a", first), ("b", second))]

    async def play() -> float:
        await Chain(links, Outages(Shared())).reply(ASKED)
        return asyncio.get_running_loop().time()

    took = run_virtually(play())
    assert (took >= after_s, len(first.asked_at), len(second.asked_at)) == (waited, 1 + waited, 1 - waited)
    alone = Timed(busy(after_s))
    assert run_virtually(ask(alone, 900.0)) >= after_s


def test_an_answer_that_comes_too_late_is_not_waited_for():
    async def late() -> None:
        with pytest.raises(ModelTimeoutError, match="no answer within 30 s"):
            await Gateway(Timed(takes_s=31.0), deadline_s=30.0).reply(ASKED)
        assert asyncio.get_running_loop().time() == pytest.approx(30.0)

    run_virtually(late())


def test_a_run_that_is_stopped_does_not_wait_for_the_next_try():
    async def stopped() -> None:
        asking = asyncio.create_task(Gateway(Timed(busy(50.0)), deadline_s=900.0).reply(ASKED))
        await asyncio.sleep(1.0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert asyncio.get_running_loop().time() == pytest.approx(1.0)

    run_virtually(stopped())
