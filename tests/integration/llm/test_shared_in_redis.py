"""Two workers with one Redis know the same of models."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.cli.serve import PrivateRedis
from app.llm.errors import OverloadedError
from app.llm.messages import Message, Request, Text
from app.llm.outages import Outages
from app.llm.shared import Shared
from app.llm.throttle import Allowed, Throttle


@pytest.fixture(scope="module")
def broker_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    socket: Path = tmp_path_factory.mktemp("r") / "redis.sock"
    with PrivateRedis(socket):
        yield f"redis+socket://{socket}"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis that is late is taken for one that is away."""
    monkeypatch.setattr("app.llm.shared._PATIENCE_S", 60.0)


class WaitsError(Exception):
    pass


async def test_what_one_saw_fail_the_other_leaves_alone(broker_url: str):
    one, other = Shared(broker_url), Shared(broker_url)
    for _ in range(2):
        assert not await Outages(other).is_down("test:a")
        await Outages(one).failed("test:a", OverloadedError("529"))
    assert await Outages(other).is_down("test:a")
    assert not await Outages(other).is_down("test:b")
    await one.close()
    await other.close()


async def test_they_use_up_one_limit_together(broker_url: str, monkeypatch: pytest.MonkeyPatch):
    one, other = Shared(broker_url), Shared(broker_url)
    asked = Request("r", "", (Message("user", (Text("x"),)),))
    for shared in (one, other):
        await Throttle("test:c", Allowed(requests=2), shared).wait_for_room(asked)

    async def no_waiting(_seconds: float) -> None:
        raise WaitsError

    monkeypatch.setattr("app.llm.throttle.asyncio", SimpleNamespace(sleep=no_waiting))
    with pytest.raises(WaitsError):
        await Throttle("test:c", Allowed(requests=2), other).wait_for_room(asked)
    await one.close()
    await other.close()
