"""A relay is a bell: what it sends is not read, and what there is to hear comes from GitHub."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.forge.errors import NotFoundError
from app.jobs.bells import Bells
from app.jobs.fetching import fetch_deliveries
from app.jobs.relay import Relay, _why, next_gap, next_pause
from app.jobs.sweep import poll_github
from app.policy.own_app import App
from tests.support.house import House

URL = "https://smee.example/abc"


class Stream(httpx.AsyncByteStream):
    def __init__(self, *chunks: bytes) -> None:
        self._chunks = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for each in self._chunks:
            yield each


async def nothing() -> int:
    return 0


def relay_of(answer: httpx.Response, asked: list[httpx.Request]) -> Relay:
    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answer

    return Relay(URL, httpx.AsyncClient(transport=httpx.MockTransport(handle)), nothing)


def stream_of(*chunks: bytes) -> httpx.Response:
    return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=Stream(*chunks))


class Bell(asyncio.Event):
    """Counts, and never stays."""

    def __init__(self) -> None:
        super().__init__()
        self.rung = 0

    def set(self) -> None:
        self.rung += 1


READY, PING = b"id: 0\nevent: ready\ndata: {}\n\n", b"id: 1\nevent: ping\ndata: {}\n\n"
PUSH = b'id: 2\ndata: {"x-github-event":"push","body":{},"timestamp":1}\n\n'


@pytest.mark.parametrize(
    ("chunks", "rung"),
    [
        ((READY, PING, PING), 0),
        ((PUSH,), 1),
        ((READY + PUSH, PING), 1),
        ((PUSH[:9], PUSH[9:40], PUSH[40:]), 1),
        ((PUSH.replace(b"\n", b"\r\n"), PING.replace(b"\n", b"\r\n")), 1),
        ((b"event: push\ndata: forged\n\n",), 1),
        ((b": a comment\n\n", b"\n\n", b"event: push\n\n"), 0),
        ((b"data: " + b"x" * 1000, b"y" * 1000, b"\n\n"), 1),
        ((b"event: ready" + b"x" * 1000 + b"\ndata: {}\n\n",), 1),
        ((b"\xff" * 10,), 0),
    ],
)
async def test_an_event_rings_and_a_sign_of_life_does_not(chunks, rung):
    """Else every ping would be a bell for nothing, after which GitHub is asked less and less often."""
    asked: list[httpx.Request] = []
    relay = relay_of(stream_of(*chunks), asked)
    relay.bell = Bell()
    await relay.listen_once()
    assert relay.bell.rung == 1 + rung  # once for what came while nobody listened
    assert [str(each.url) for each in asked] == [URL]


def test_of_what_a_relay_sends_next_to_nothing_is_kept():
    bells = Bells()
    for _ in range(100):
        bells.feed(b"x" * 65536)
    assert len(bells._line) < 100


@pytest.mark.parametrize("kind", ["text/html", ""])
async def test_a_page_is_no_stream(kind):
    """Such as the one on which a firewall asks for a name."""
    relay = relay_of(httpx.Response(200, headers={"content-type": kind}, text="<html>"), [])
    with pytest.raises(ValueError, match="no stream of events"):
        await relay.listen_once()
    assert not relay.bell.is_set()


async def test_a_relay_that_sends_us_elsewhere_is_not_followed():
    asked: list[httpx.Request] = []
    relay = relay_of(httpx.Response(302, headers={"location": "http://169.254.169.254/"}), asked)
    with pytest.raises(httpx.HTTPStatusError) as error:
        await relay.listen_once()
    assert len(asked) == 1
    assert _why(error.value) == "it answers 302"  # and not where, or to whom


def test_a_relay_that_hangs_up_at_once_is_asked_less_and_less_often():
    pause, pauses = 1.0, []
    for _ in range(7):
        pause = next_pause(pause, 0.1)
        pauses.append(pause)
    assert pauses == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
    assert next_pause(60.0, 3600.0) == 1.0


async def test_it_rings_when_it_begins_to_listen():
    """For what came while nobody did."""
    relay = relay_of(stream_of(), [])
    await relay.listen_once()
    assert relay.bell.is_set()


async def test_a_relay_that_refuses_does_not_ring():
    relay = relay_of(httpx.Response(404, text="no such channel"), [])
    with pytest.raises(httpx.HTTPStatusError):
        await relay.listen_once()
    assert not relay.bell.is_set()


async def test_trouble_with_github_is_outlived():
    async def fails() -> int:
        raise RuntimeError("GitHub is away")

    relay = Relay(URL, httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(404))), fails)
    assert await relay.fetch_now() == 0


async def test_it_goes_on_until_it_is_told_to_end():
    heard = asyncio.Event()

    async def fetch() -> int:
        heard.set()
        return 1

    answer = stream_of(PUSH)
    relay = Relay(URL, httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer)), fetch)
    running = asyncio.create_task(relay.run())
    await heard.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_silence_does_not_make_github_be_asked_less_often(monkeypatch):
    """It is asked once a minute then, and the next bell is answered within a second."""
    pauses: list[float] = []

    class Noting:
        """The relay's alone: other threads of these tests sleep, too."""

        def __getattr__(self, name: str) -> Any:
            return getattr(asyncio, name)

        async def sleep(self, seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 8:
                raise asyncio.CancelledError

    monkeypatch.setattr("app.jobs.relay._IDLE_S", 0.0)
    monkeypatch.setattr("app.jobs.relay.asyncio", Noting())
    with pytest.raises(asyncio.CancelledError):
        await Relay(URL, httpx.AsyncClient(), nothing)._answer()
    assert pauses == [0.0, 1.0] * 4


def test_bells_without_a_delivery_make_github_be_asked_less_often():
    gap, gaps = 1.0, []
    for _ in range(8):
        gap = next_gap(gap, 0)
        gaps.append(gap)
    assert gaps == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]
    assert next_gap(60.0, 3) == 1.0


def test_deliveries_that_nobody_brought_are_fetched_once(monkeypatch, tmp_path):
    """The bodies are GitHub's own. A delivery that came by itself meanwhile is left alone."""
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path))
    with House() as house:
        mona = house.person("mona")
        place = "/repos/mona/first"
        mona.call("PUT", f"{place}/contents/a.txt", {"message": "Begin", "content": "YQ=="})
        sent = house.arrived()
        house.hand_over(sent)
        for title in ("One", "Two"):
            mona.call("POST", f"{place}/issues", {"title": title})
        names = App(house.settings.app_id, house.settings.app_slug)
        services = house.services

        def fetch() -> int:
            return house.run(fetch_deliveries(services.database, services.forge, names))

        assert fetch() == 2
        assert fetch() == 0
        told = house.rows("SELECT event, handled_at IS NOT NULL FROM deliveries ORDER BY received_at")
        assert told == [*[(each["event"], 1) for each in sent], ("issues", 1), ("issues", 1)]
        (moment,) = {each["delivered_at"] for each in house.hooks.deliveries[:1]}
        for each in house.hooks.deliveries:
            each["delivered_at"] = "2020-01-01T00:00:00Z"
        mona.call("POST", f"{place}/issues", {"title": "Three"})
        assert moment
        assert fetch() == 1


@pytest.fixture
def house(monkeypatch, tmp_path):
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path))
    with House() as made:
        mona = made.person("mona")
        mona.call("PUT", "/repos/mona/first/contents/a.txt", {"message": "Begin", "content": "YQ=="})
        made.hand_over(made.arrived())
        yield made


def fetch(house: House) -> int:
    names = App(house.settings.app_id, house.settings.app_slug)
    return house.run(fetch_deliveries(house.services.database, house.services.forge, names))


def test_more_deliveries_than_a_page_holds_are_fetched(house, monkeypatch):
    """A burst, or an hour in which nobody listened."""
    monkeypatch.setattr("app.forge.api._PAGE", 2)
    mona = house.person("mona")
    for number in range(5):
        mona.call("POST", "/repos/mona/first/issues", {"title": f"Issue {number}"})
    assert fetch(house) == 5
    titles = [json.loads(body)["issue"]["title"] for (body,) in house.rows(ISSUES)]
    assert titles == [f"Issue {number}" for number in range(5)]
    asked = house.services.forge.requests
    assert fetch(house) == 0
    assert house.services.forge.requests == asked + 1


def test_a_delivery_that_github_does_not_hand_out_stands_in_nobodys_way(house, monkeypatch):
    mona = house.person("mona")
    for title in ("One", "Two"):
        mona.call("POST", "/repos/mona/first/issues", {"title": title})
    forge = house.services.forge
    hand_out, first = forge.delivered_payload, []

    async def refuse_the_first(identity: int) -> object:
        first.append(identity)
        if identity == first[0]:
            raise NotFoundError("it is gone")
        return await hand_out(identity)

    monkeypatch.setattr(forge, "delivered_payload", refuse_the_first)
    assert fetch(house) == 1
    assert len(house.rows(ISSUES)) == 1
    monkeypatch.setattr(forge, "delivered_payload", hand_out)
    assert fetch(house) == 1


def test_failed_deliveries_beyond_a_page_are_asked_for_again_unless_they_came(house, monkeypatch):
    """An outage leaves many, and each redelivery is an attempt of its own, which pushes them further back."""
    monkeypatch.setattr("app.forge.api._PAGE", 2)
    mona, asked = house.person("mona"), []
    before = len(house.hooks.deliveries)
    for number in range(5):
        mona.call("POST", "/repos/mona/first/issues", {"title": f"Issue {number}"})
    failed = house.hooks.deliveries[before:]
    house.hand_over(failed[-1:])  # by a relay, say; GitHub does not know that
    for each in failed:
        each |= {"status_code": 502, "status": "failed"}

    async def redeliver(identity: int) -> None:
        asked.append(identity)

    monkeypatch.setattr(house.services.forge, "redeliver", redeliver)
    house.run(poll_github(house.services.database, house.services.forge, App(house.settings.app_id, "quorum")))
    assert asked == [each["id"] for each in failed[:-1]]


ISSUES = "SELECT body FROM deliveries WHERE event = 'issues' ORDER BY received_at"
