"""SQLite without its thread: two threads that take turns cost more than all that the database does.

Nor does it wait for the disk, where tests have to write to one: what outlives a power failure no test can show.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiosqlite
import pytest
from sqlalchemy.util.concurrency import await_, greenlet_spawn

from app.store import engine

_prepare = engine._prepare_sqlite


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
    patch.setattr("app.store.engine._prepare_sqlite", _prepare_hastily)
    patch.setattr("aiosqlite.core.SimpleQueue", _Here)
    patch.setattr("aiosqlite.core._connection_worker_thread", lambda _queue: None)
    patch.setattr("aiosqlite.core.Connection._execute", _execute)
    for module in ("connectors.asyncio", "dialects.sqlite.aiosqlite"):
        patch.setattr(f"sqlalchemy.{module}.await_", _get)
    patch.setattr("sqlalchemy.ext.asyncio.engine.greenlet_spawn", _spawn)
    patch.setattr("sqlalchemy.ext.asyncio.engine._run_to_completion", _run_to_completion)


def _prepare_hastily(connection: Any, record: Any) -> None:
    _prepare(connection, record)
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


async def _execute(connection: aiosqlite.Connection, do: Callable[..., Any], *args: Any, **options: Any) -> Any:
    if not connection._running or connection._connection is None:
        raise ValueError("Connection closed")
    return do(*args, **options)


def _get(work: Awaitable[Any]) -> Any:
    """What is there at once needs no event loop, and no switch to it and back."""
    if asyncio.isfuture(work):
        return await_(work)
    try:
        next(work.__await__())
    except StopIteration as done:
        return done.value
    raise AssertionError("SQLite had to be waited for, though it has no thread here")


async def _spawn(do: Callable[..., Any], *args: Any, _require_await: bool = False, **options: Any) -> Any:
    """Only a connection that others hold is waited for. `_require_await` finds drivers that cannot wait at all."""
    if do.__name__ == "connect":
        return await greenlet_spawn(do, *args, **options)
    return do(*args, **options)


async def _run_to_completion(work: Awaitable[Any]) -> Any:
    """A connection is given back at once, so that nothing can come in between; then who else is due has their turn."""
    try:
        return await work
    finally:
        await asyncio.sleep(0)
