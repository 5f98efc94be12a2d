import asyncio
import time

import pytest

from app.llm.errors import ModelTimeoutError
from app.llm.gateway import Gateway
from app.llm.messages import Message, Reply, Request, Text
from app.llm.shared import Shared
from app.llm.throttle import Allowed, Throttle
from app.policy.values import MicroUsd
from tests.support.virtual_time import run_virtually, virtual_clock

BEGUN = time.time()


class Noting:
    """Notes when it was asked, in minutes."""

    def __init__(self) -> None:
        self.asked_at: list[float] = []

    async def reply(self, _request: Request) -> Reply:
        self.asked_at.append(asyncio.get_running_loop().time() / 60)
        return Reply((Text("Done."),), "end", "m")


@pytest.fixture(autouse=True)
def one_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", virtual_clock(BEGUN // 60 * 60))


def throttled(model: Noting, name: str, allowed: Allowed, shared: Shared) -> Gateway:
    return Gateway(model, deadline_s=3600.0, throttle=Throttle(name, allowed, shared))


def ask(model: Gateway, *sizes: int) -> None:
    async def play() -> None:
        async with asyncio.TaskGroup() as group:
            for size in sizes:
                group.create_task(model.reply(Request("r", "x" * size, (Message("user", (Text(""),)),))))

    run_virtually(play())


def most_in_a_minute(times: list[float]) -> int:
    return max(sum(start <= each < start + 0.99 for each in times) for start in times)


def test_no_more_requests_go_in_a_minute_than_are_allowed():
    """The minute before is taken to have been busy evenly: that can let one too many through, and no more."""
    noting = Noting()
    ask(throttled(noting, "m", Allowed(requests=3), Shared()), *[4] * 8)
    assert len(noting.asked_at) == 8
    assert most_in_a_minute(noting.asked_at) <= 3 + 1
    assert noting.asked_at[-1] > 5 / 3, "eight take their time: three at once, and three a minute"
    assert noting.asked_at[2] == 0.0, "what is allowed goes at once"


def test_no_more_tokens_go_in_a_minute_than_are_allowed():
    noting = Noting()
    ask(throttled(noting, "m", Allowed(tokens=1000), Shared()), *[2000] * 4)
    assert noting.asked_at[1] == 0.0
    assert noting.asked_at[2] > 0.5


def test_a_request_larger_than_a_minute_s_worth_goes_all_the_same():
    noting = Noting()
    ask(throttled(noting, "m", Allowed(tokens=10), Shared()), 4000)
    assert noting.asked_at == [0.0]


def test_models_are_counted_apart():
    noting, shared = Noting(), Shared()

    async def play() -> None:
        for name in ("a", "b"):
            asked = Request("r", "", (Message("user", (Text("x"),)),))
            await throttled(noting, name, Allowed(requests=1), shared).reply(asked)

    run_virtually(play())
    assert noting.asked_at == [0.0, 0.0]


def test_who_finds_no_room_until_the_deadline_was_not_asked_and_costs_nothing():
    noting = Noting()
    limits = Throttle("m", Allowed(requests=1), Shared())
    gateway = Gateway(noting, deadline_s=20.0, throttle=limits, charge=lambda usage: MicroUsd(usage.input + 1))

    async def play() -> None:
        asked = Request("r", "", (Message("user", (Text("x"),)),))
        await gateway.reply(asked)
        with pytest.raises(ModelTimeoutError, match=r"QUORUM_MODEL_LIMITS left no room .* within 20 s") as caught:
            await gateway.reply(asked)
        assert caught.value.cost == 1, "what no tokens cost here"
        assert asyncio.get_running_loop().time() == pytest.approx(20.0)

    run_virtually(play())
    assert len(noting.asked_at) == 1
