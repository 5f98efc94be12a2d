"""One change of a repository at a time, whichever event loop asks for it."""

import asyncio
import threading

_LOOK_AGAIN_S = 0.002


class Turns:
    """For `async with`. One world answers over HTTP, in a thread of its own, and also who asks it within a process.

    A lock of asyncio's belongs to the first loop that had to wait for it, and refuses all others.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()

    async def __aenter__(self) -> None:
        while not self._lock.acquire(blocking=False):  # noqa: ASYNC110 - no event reaches two loops
            await asyncio.sleep(_LOOK_AGAIN_S)

    async def __aexit__(self, *exc: object) -> None:
        self._lock.release()
