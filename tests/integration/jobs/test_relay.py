"""A relay is a bell: what it sends is not read, and what there is to hear comes from GitHub."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from app.jobs.fetching import fetch_deliveries
from app.jobs.relay import Relay, next_gap
from app.policy.routes import App
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


async def test_whatever_a_relay_sends_rings():
    for chunk in (b"event: ready\ndata: {}\n\n", b"\xff" * 10, b'data: {"x-github-event": "push", "body": {}}\n\n'):
        asked: list[httpx.Request] = []
        relay = relay_of(httpx.Response(200, stream=Stream(chunk)), asked)
        await relay.listen_once()
        assert relay.bell.is_set()
        assert [str(each.url) for each in asked] == [URL]


async def test_it_rings_when_it_begins_to_listen():
    """For what came while nobody did."""
    relay = relay_of(httpx.Response(200, stream=Stream()), [])
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

    answer = httpx.Response(200, stream=Stream(b"x"))
    relay = Relay(URL, httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer)), fetch)
    running = asyncio.create_task(relay.run())
    await heard.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


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
