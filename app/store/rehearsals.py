"""A copy of what is on record of one pull request, to be written to and thrown away: looking must leave no trace."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import ColumnElement, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from app.policy.values import Repo
from app.store.engine import open_database
from app.store.tables import (
    defaults,
    examinations,
    findings,
    heads,
    labels,
    looks,
    metadata,
    runs,
    statements,
    verdicts,
)
from app.store.work import work

_OF_PULLS = (examinations, findings, heads, labels, looks, statements, verdicts)


@asynccontextmanager
async def rehearsal(engine: AsyncEngine, repo: Repo, pull: int) -> AsyncIterator[AsyncEngine]:
    """Another database, with the rows about the pull request, its runs, and its owner's own policy."""
    with tempfile.TemporaryDirectory(prefix="quorum-") as folder:
        copy = open_database(f"sqlite+aiosqlite:///{Path(folder) / 'rehearsal.db'}")
        try:
            await _copy(engine, copy, repo, pull)
            yield copy
        finally:
            await copy.dispose()


async def _copy(engine: AsyncEngine, copy: AsyncEngine, repo: Repo, pull: int) -> None:
    which: dict[Table, ColumnElement[bool]] = {
        **{table: (table.c.repo_id == repo.id) & (table.c.pull == pull) for table in _OF_PULLS},
        runs: (runs.c.repo_id == repo.id) & (runs.c.number == pull),
        defaults: defaults.c.owner == repo.owner,
    }
    async with engine.connect() as db:
        rows = {table: (await db.execute(select(table).where(mine))).mappings().all() for table, mine in which.items()}
    async with work(copy) as db:
        await db.run_sync(metadata.create_all)
        for table, found in rows.items():
            if found:
                await db.execute(insert(table), [dict(row) for row in found])
