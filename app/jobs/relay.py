"""Hearing of webhooks where GitHub cannot reach: a relay (smee.io and its like) is listened to.

Of what a relay sends nothing is read but whether it is a sign of life: whoever knows its address can send to it, and it
hands bodies on parsed, so that their signatures can no longer be checked for certain. It is a bell. What there is to
hear is fetched from GitHub itself: https://docs.github.com/en/rest/apps/webhooks#list-deliveries-for-an-app-webhook.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

import httpx
import structlog

from app.jobs.bells import Bells

_CONNECT_S, _SILENCE_S = 30.0, 120.0
"""Relays send a sign of life every half minute or so: https://github.com/probot/smee.io."""
_TRIES_S = (0.0, 2.0, 5.0)
"""The bell may ring before GitHub has the delivery on record."""
_IDLE_S = 60.0
"""After so long GitHub is asked without a bell: a relay may be down and not know it."""
_LEAST_S, _MOST_S = 1.0, 60.0
_LASTED_S = 30.0
"""A connection that held so long was no failure."""
_STREAM = "text/event-stream"

log = structlog.get_logger()


class Relay:
    """`fetch` brings in what is new and tells how much that was."""

    def __init__(self, url: str, client: httpx.AsyncClient, fetch: Callable[[], Awaitable[int]]) -> None:
        self._url = url
        self._host = urlsplit(url).hostname or ""
        self._client = client
        self._fetch = fetch
        self.bell = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen(), name="relay")
            group.create_task(self._answer(), name="fetch")

    async def _listen(self) -> None:
        pause, clock = _LEAST_S, asyncio.get_running_loop().time
        while True:
            begun = clock()
            try:
                await self.listen_once()
                told = "it ended the connection"
            except Exception as error:
                told = _why(error)
            pause = next_pause(pause, clock() - begun)
            # The address is a secret: who knows it can read what GitHub sends there.
            log.warning("the relay is gone; it is asked again", relay=self._host, error=told, pause_s=pause)
            await asyncio.sleep(pause)

    async def listen_once(self) -> None:
        """Ring for whatever comes, until the relay ends it. Raises httpx's errors, `ValueError` for no stream."""
        timeout, bells = httpx.Timeout(_CONNECT_S, read=_SILENCE_S), Bells()
        async with self._client.stream("GET", self._url, headers={"Accept": _STREAM}, timeout=timeout) as response:
            response.raise_for_status()
            kind = response.headers.get("content-type", "").partition(";")[0]
            if kind.strip().lower() != _STREAM:
                raise ValueError(f"it answers with {kind[:80] or 'nothing'} and no stream of events; see relay_url")
            log.info("listening to the relay", relay=self._host)
            self.bell.set()  # for what came while nobody listened
            async for chunk in response.aiter_raw():
                if bells.feed(chunk):
                    self.bell.set()

    async def _answer(self) -> None:
        gap = _LEAST_S
        while True:
            rung = await self._is_rung()
            self.bell.clear()
            found = await self.fetch_now(_TRIES_S if rung else _TRIES_S[:1])
            if rung:  # that nothing came by itself is as it should be
                gap = next_gap(gap, found)
            await asyncio.sleep(gap)

    async def _is_rung(self) -> bool:
        """True at the bell, False when it was silent for long."""
        try:
            async with asyncio.timeout(_IDLE_S):
                return await self.bell.wait()
        except TimeoutError:
            return False

    async def fetch_now(self, tries_s: Sequence[float] = _TRIES_S) -> int:
        """How much was new. GitHub's troubles are told of, and pass."""
        for pause in tries_s:
            await asyncio.sleep(pause)
            try:
                found = await self._fetch()
            except Exception as error:
                log.warning("deliveries could not be fetched", error=str(error))
                return 0
            if found:
                return found
        return 0


def next_pause(pause: float, lasted_s: float) -> float:
    """Seconds until a relay that is gone is asked again: one that takes everybody in and ends it at once is gone."""
    return _LEAST_S if lasted_s >= _LASTED_S else min(2 * pause, _MOST_S)


def next_gap(gap: float, found: int) -> float:
    """Seconds until GitHub is asked again. Bells without a delivery are somebody's game."""
    return _LEAST_S if found else min(2 * gap, _MOST_S)


def _why(error: Exception) -> str:
    """Without addresses, which httpx puts into what it says of an answer."""
    if isinstance(error, httpx.HTTPStatusError):
        return f"it answers {error.response.status_code}"
    return f"{type(error).__name__}: {error}"
