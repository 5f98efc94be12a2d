"""Hearing of webhooks where GitHub cannot reach: a relay (smee.io and its like) is listened to.

Nothing that a relay sends is read, let alone believed: whoever knows its address can send to it, and it hands bodies on
parsed, so that their signatures can no longer be checked for certain. It is a bell. What there is to hear is fetched
from GitHub itself: https://docs.github.com/en/rest/apps/webhooks#list-deliveries-for-an-app-webhook.
"""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import structlog

_CONNECT_S, _SILENCE_S = 30.0, 120.0
"""Relays send a sign of life every half minute or so: https://github.com/probot/smee.io."""
_TRIES_S = (0.0, 2.0, 5.0)
"""The bell may ring before GitHub has the delivery on record."""
_IDLE_S = 60.0
"""After so long GitHub is asked without a bell: a relay may be down and not know it."""
_LEAST_S, _MOST_S = 1.0, 60.0

log = structlog.get_logger()


class Relay:
    """`fetch` brings in what is new and tells how much that was."""

    def __init__(self, url: str, client: httpx.AsyncClient, fetch: Callable[[], Awaitable[int]]) -> None:
        self._url = url
        self._client = client
        self._fetch = fetch
        self.bell = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen(), name="relay")
            group.create_task(self._answer(), name="fetch")

    async def _listen(self) -> None:
        pause = _LEAST_S
        while True:
            try:
                await self.listen_once()
                pause = _LEAST_S
                told = "it ended the connection"
            except Exception as error:
                told = f"{type(error).__name__}: {error}"
            log.warning("the relay is gone; it is asked again", relay=self._url, error=told, pause_s=pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _MOST_S)

    async def listen_once(self) -> None:
        """Ring for whatever comes, until the relay ends it. Raises httpx's errors."""
        timeout = httpx.Timeout(_CONNECT_S, read=_SILENCE_S)
        headers = {"Accept": "text/event-stream"}
        async with self._client.stream("GET", self._url, headers=headers, timeout=timeout) as response:
            response.raise_for_status()
            log.info("listening to the relay", relay=self._url)
            self.bell.set()  # for what came while nobody listened
            async for _unread in response.aiter_raw():
                self.bell.set()

    async def _answer(self) -> None:
        gap = _LEAST_S
        while True:
            try:
                async with asyncio.timeout(_IDLE_S):
                    await self.bell.wait()
            except TimeoutError:
                pass
            self.bell.clear()
            found = await self.fetch_now()
            gap = next_gap(gap, found)
            await asyncio.sleep(gap)

    async def fetch_now(self) -> int:
        """How much was new. GitHub's troubles are told of, and pass."""
        for pause in _TRIES_S:
            await asyncio.sleep(pause)
            try:
                found = await self._fetch()
            except Exception as error:
                log.warning("deliveries could not be fetched", error=str(error))
                return 0
            if found:
                return found
        return 0


def next_gap(gap: float, found: int) -> float:
    """Seconds until GitHub is asked again. Bells without a delivery are somebody's game, or signs of life."""
    return _LEAST_S if found else min(2 * gap, _MOST_S)
