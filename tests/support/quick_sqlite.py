"""SQLite without its thread: two threads that take turns cost more than all that the database does."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest


class _Here:
    """Stands where aiosqlite has a queue to its thread; what is put in is done at once."""

    def put_nowait(self, wanted: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        future, do = wanted
        try:
            value = do()
        except Exception as error:
            if future is None:
                raise
            future.set_exception(error)
        else:
            if future is not None:
                future.set_result(value)


def without_threads(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("aiosqlite.core.SimpleQueue", _Here)
    patch.setattr("aiosqlite.core._connection_worker_thread", lambda _queue: None)
