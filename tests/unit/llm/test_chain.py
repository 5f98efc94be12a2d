"""Who goes on where a model does not answer, with real counting in one process's memory."""

import asyncio
import time

import pytest

from app.llm.chain import Chain, Link
from app.llm.errors import (
    BudgetExceededError,
    ModelError,
    ModelTimeoutError,
    OverloadedError,
    RejectedRequestError,
    RequestTooLongError,
    UnusableReplyError,
)
from app.llm.messages import Message, Reply, Request, Text, Usage
from app.llm.outages import Outages
from app.llm.shared import Shared
from app.policy.values import MicroUsd
from tests.support.virtual_time import run_virtually, virtual_clock

ASKED = Request("writer", "You mend.", (Message("user", (Text("Mend it."),)),))


class Moody:
    """Raises `mood`, if it has one, and notes that it was asked."""

    def __init__(self, name: str, mood: ModelError | None = None) -> None:
        self.name, self.mood, self.asked = name, mood, 0

    async def reply(self, _request: Request) -> Reply:
        self.asked += 1
        if self.mood is not None:
            raise self.mood
        return Reply((Text(self.name),), "end", self.name)


def chain(*models: Moody, shared: Shared | None = None) -> Chain:
    return Chain([Link(f"test:{each.name}", each) for each in models], Outages(shared or Shared()))


DOWN = [OverloadedError("529"), ModelTimeoutError("none"), RejectedRequestError("401")]


@pytest.mark.parametrize("trouble", DOWN, ids=lambda each: type(each).__name__)
async def test_where_a_model_does_not_answer_the_next_one_does_and_it_is_told(trouble: ModelError):
    reply = await chain(Moody("first", trouble), Moody("second", trouble), Moody("third")).reply(ASKED)
    assert (reply.text, reply.by, reply.instead_of) == ("third", "test:third", ("test:first", "test:second"))


async def test_who_answers_first_stands_in_for_nobody():
    second = Moody("second")
    reply = await chain(Moody("first"), second).reply(ASKED)
    assert (reply.by, reply.instead_of, second.asked) == ("test:first", (), 0)


async def test_what_another_model_would_be_told_too_is_not_asked_of_it():
    second = Moody("second")
    with pytest.raises(BudgetExceededError):
        await chain(Moody("first", BudgetExceededError("spent")), second).reply(ASKED)
    assert second.asked == 0


async def test_what_is_too_long_for_one_may_fit_into_the_next_and_takes_nobody_down():
    small, large = Moody("small", RequestTooLongError("413")), Moody("large")
    models = chain(small, large)
    for _ in range(3):
        assert (await models.reply(ASKED)).by == "test:large"
    assert small.asked == 3


@pytest.mark.parametrize("down_first", [True, False])
async def test_where_one_is_down_and_it_is_too_long_for_the_other_it_is_to_be_shortened(down_first: bool):
    models = [Moody("large", OverloadedError("529")), Moody("small", RequestTooLongError("413"))]
    with pytest.raises(RequestTooLongError, match="test:large: 529"):
        await chain(*(models if down_first else models[::-1])).reply(ASKED)


async def test_what_models_before_it_charged_in_vain_is_paid_with_the_answer_or_the_error():
    first, second = Moody("first", UnusableReplyError("html")), Moody("second")
    first.mood.cost = MicroUsd(70)
    assert (await chain(first, second).reply(ASKED)).cost == 70
    second.mood = OverloadedError("529")
    with pytest.raises(ModelError) as caught:
        await chain(first, second).reply(ASKED)
    assert caught.value.cost == 70


REQUESTS = [RejectedRequestError("400", of_request=True), UnusableReplyError("a call that is none", Usage(9))]


@pytest.mark.parametrize("trouble", REQUESTS, ids=lambda each: type(each).__name__)
async def test_what_one_conversation_is_refused_for_takes_the_model_from_no_other(trouble: ModelError):
    """Whoever writes a change could choose by whom the changes of others are read."""
    first = Moody("first", trouble)
    models = chain(first, Moody("second"))
    for _ in range(3):
        await models.reply(ASKED)
    assert first.asked == 3


def test_a_timeout_alone_takes_a_model_down_for_five_minutes(monkeypatch: pytest.MonkeyPatch):
    """Its next one would come a quarter of an hour later, and nobody would ever be spared it."""
    first = Moody("first", ModelTimeoutError("no answer within 600 s"))

    monkeypatch.setattr("time.time", virtual_clock(time.time()))

    async def play() -> None:
        models = chain(first, Moody("second"))
        for pause_s, asked in ((0, 1), (250, 1), (60, 2)):
            await asyncio.sleep(pause_s)
            await models.reply(ASKED)
            assert first.asked == asked

    run_virtually(play())


async def test_where_none_answers_the_error_tells_what_each_said():
    with pytest.raises(ModelError, match="test:first: 529; test:second: none"):
        await chain(Moody("first", DOWN[0]), Moody("second", DOWN[1])).reply(ASKED)
    with pytest.raises(OverloadedError, match="529"):
        await chain(Moody("first", DOWN[0])).reply(ASKED)


async def test_a_conversation_stays_with_who_went_on_with_it():
    """Also when the first one is up again: the other has the conversation in its cache, and thought about it."""
    first, second = Moody("first", DOWN[0]), Moody("second")
    models = chain(first, second)
    reply = await models.reply(ASKED)
    first.mood = None
    on = Request(ASKED.role, ASKED.system, ASKED.messages, stays_with=reply.by)
    again = await models.reply(on)
    assert (again.by, again.instead_of) == ("test:second", ("test:first",))
    assert (await models.reply(ASKED)).by == "test:first"


def test_who_is_down_is_left_alone_for_a_while_and_asked_when_no_other_answers():
    first, second = Moody("first", DOWN[0]), Moody("second")

    async def play() -> None:
        models = chain(first, second)
        for _ in range(4):
            assert (await models.reply(ASKED)).by == "test:second"
        assert first.asked == 2
        second.mood, first.mood = DOWN[1], None
        assert (await models.reply(ASKED)).by == "test:first"

    asyncio.run(play())


async def test_what_one_chain_saw_fail_another_leaves_alone():
    shared, first = Shared(), Moody("first", DOWN[0])
    for _ in range(2):
        await chain(first, Moody("second"), shared=shared).reply(ASKED)
    await chain(first, Moody("third"), shared=shared).reply(ASKED)
    assert first.asked == 2


async def test_a_store_that_does_not_answer_keeps_no_model_from_being_asked():
    shared = Shared("redis://127.0.0.1:1/0")
    reply = await chain(Moody("first", DOWN[0]), Moody("second"), shared=shared).reply(ASKED)
    assert reply.by == "test:second"
    await shared.close()


def test_a_store_that_hangs_is_not_waited_for_long():
    async def play() -> None:
        never = asyncio.Event()
        assert await Shared().asked(never.wait(), otherwise=True)
        assert asyncio.get_running_loop().time() < 10

    run_virtually(play())
