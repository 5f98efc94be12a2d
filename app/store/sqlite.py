"""SQLite's driver with fewer turns of its thread.

Each turn wakes two threads, which takes longer than most statements do. aiosqlite takes one each for a cursor, the
statement, its rows and the cursor's end; here a statement is one turn, its transaction's beginning included, and what
awaits nothing but statements is one as a whole (`SqliteConnection.carry_out`).
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from contextvars import copy_context
from typing import Any, Self, TypeVar, cast

import aiosqlite

T = TypeVar("T")
_ITER_CHUNK = 64


def connect(database: str, **options: Any) -> "SqliteConnection":
    """To be awaited; as `aiosqlite.connect`, for SQLAlchemy's `async_creator_fn`."""
    connection = SqliteConnection(lambda: sqlite3.connect(database, **options), _ITER_CHUNK)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy makes those that it opens itself
    return connection


class SqliteConnection(aiosqlite.Connection):
    """The database must begin no transaction by itself (`isolation_level` is None)."""

    _begins = False
    _in_transaction = False

    def begin_immediate(self) -> None:
        """Take the write lock with the next statement."""
        self._begins = True

    def cursor(self) -> "SqliteCursor":  # type: ignore[override]  # there it waits for the thread
        return SqliteCursor(self)

    async def run(self, cursor: "SqliteCursor", how: str, sql: str, parameters: Sequence[Any]) -> None:
        """Execute a statement to its end. A task that is cancelled meanwhile leaves the transaction open."""
        begins, self._begins = self._begins, False
        self._in_transaction |= begins

        def there() -> None:
            if begins:
                self._conn.execute("BEGIN IMMEDIATE")
            cursor.run_there(self._conn, how, sql, parameters)

        await self._execute(there)

    async def carry_out(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work`, which awaits nothing but this connection's statements, to its end in one turn.

        It runs beside the event loop. Whoever is cancelled meanwhile waits for its end all the same: nobody else may
        be given the connection before. Raises `RuntimeError` where it awaits something else.
        """
        context = copy_context()
        turn = asyncio.ensure_future(self._execute(lambda: context.run(_run_through, work)))
        try:
            return cast("T", await asyncio.shield(turn))
        except asyncio.CancelledError:
            while not turn.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([turn])
            if not turn.cancelled():
                turn.exception()  # nobody wants to know it any more
            raise

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """At once for what is on the thread already."""
        if threading.current_thread() is self._thread:
            return fn(*args, **kwargs)
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]

    async def commit(self) -> None:
        await self._end(super().commit)

    async def rollback(self) -> None:
        await self._end(super().rollback)

    async def _end(self, end: Any) -> None:
        """The thread has nothing to do where no statement was executed since the last end."""
        self._begins = False
        if self._in_transaction:
            await end()
            self._in_transaction = False


class SqliteCursor:
    """What SQLAlchemy asks of a cursor. The rows are there when the statement has been executed."""

    arraysize = 1
    description: Any = None
    rowcount = -1
    lastrowid: int | None = None

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        await self._connection.run(self, "execute", sql, parameters)

    async def executemany(self, sql: str, parameters: Sequence[Any]) -> None:
        await self._connection.run(self, "executemany", sql, parameters)

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        """It was closed when its rows were read."""

    def run_there(self, connection: sqlite3.Connection, how: str, sql: str, parameters: Sequence[Any]) -> None:
        """In the database's thread."""
        cursor = connection.cursor()
        try:
            getattr(cursor, how)(sql, parameters)
            self.description = cursor.description
            self._rows = cursor.fetchall() if cursor.description else []
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()


def _run_through(work: Coroutine[Any, Any, T]) -> T:
    """A coroutine that never has to wait comes to its end at its first go."""
    try:
        work.send(None)
    except StopIteration as end:
        return cast("T", end.value)
    work.close()
    raise RuntimeError("what is to be done in one turn of the database awaits something else")
