"""One unit of work: what is written inside commits together or not at all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


@asynccontextmanager
async def work(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that commits at the end and rolls back on any exception."""
    async with engine.begin() as connection:
        yield connection
