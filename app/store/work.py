"""One unit of work: what is written inside commits together or not at all."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.store.sqlite import SqliteConnection

T = TypeVar("T")
Do = Callable[[AsyncConnection], Awaitable[T]]


@asynccontextmanager
async def work(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that commits at the end and rolls back on any exception."""
    async with engine.begin() as connection:
        yield connection


async def work_at_once(engine: AsyncEngine, do: Do[T]) -> T:
    """As `work`, for what awaits nothing but the database: one turn of the thread of SQLite, not one for a statement.

    There `do` runs on that thread, so that it must not read what others change on the event loop meanwhile.
    """

    async def whole(db: AsyncConnection) -> T:
        async with db.begin():
            return await do(db)

    return await _in_one_turn(engine, whole)


async def look_at_once(engine: AsyncEngine, do: Do[T]) -> T:
    """The same for what only reads."""

    async def whole(db: AsyncConnection) -> T:
        try:
            return await do(db)
        finally:
            await db.rollback()

    return await _in_one_turn(engine, whole)


async def _in_one_turn(engine: AsyncEngine, do: Callable[[AsyncConnection], Coroutine[Any, Any, T]]) -> T:
    async with engine.connect() as db:
        driver: Any = db.sync_connection and db.sync_connection.connection.driver_connection
        return await (driver.carry_out(do(db)) if isinstance(driver, SqliteConnection) else do(db))
