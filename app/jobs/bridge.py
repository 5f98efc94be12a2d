"""The only place where sync meets async: one loop in one thread for a worker process."""

import asyncio
import os
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

import structlog

T = TypeVar("T")
_STALL_S = 60.0
_BEAT_S = 2.0
_EXIT_CODE = 70  # sysexits.h: internal software error

log = structlog.get_logger()


class Bridge:
    """Runs coroutines for Celery's threads. A loop that stalls ends the process: crashing is the tested path."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._beat = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="loop", daemon=True)
        self._watch = threading.Thread(target=self._watchdog, name="watchdog", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self.submit(self._keep_beating())
        self._watch.start()

    def submit(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    async def _keep_beating(self) -> None:
        while True:
            self._beat = time.monotonic()
            await asyncio.sleep(_BEAT_S)

    def _watchdog(self) -> None:
        while True:
            time.sleep(_BEAT_S)
            if time.monotonic() - self._beat > _STALL_S:
                log.critical("the worker's loop has stalled; the process ends, its runs go on elsewhere")
                os._exit(_EXIT_CODE)
