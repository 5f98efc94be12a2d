"""The newest runs, a line each."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from app.cli.tree import plain
from app.runs.errors import THEN
from app.runs.run import Run, run_of
from app.store.tables import runs, usage

_REASON_CHARS = 160


@dataclass(frozen=True)
class Row:
    """`cost` in micro-dollars."""

    run: Run
    cost: int


async def read_list(database: AsyncEngine, limit: int) -> list[Row]:
    """Newest first."""
    newest = select(runs.c.id).order_by(runs.c.created_at.desc()).limit(limit)
    costs = select(usage.c.run_id, func.sum(usage.c.cost).label("cost")).where(usage.c.run_id.in_(newest))
    summed = costs.group_by(usage.c.run_id).subquery()
    query = (
        select(runs, func.coalesce(summed.c.cost, 0).label("cost"))
        .select_from(runs.outerjoin(summed, summed.c.run_id == runs.c.id))
        .order_by(runs.c.created_at.desc())
        .limit(limit)
    )
    async with database.connect() as db:
        return [Row(run_of(row), int(row.cost)) for row in await db.execute(query)]


def render_row(row: Row) -> str:
    """Of the reason, what happened; `runs show` tells what to do."""
    run = row.run
    subject = plain(run.repo.subject(run.number))
    reason = plain((run.reason or "").partition(THEN)[0])
    reason = reason if len(reason) <= _REASON_CHARS else f"{reason[: _REASON_CHARS - 3]}..."
    return f"{run.id}  {run.workflow:9} {run.state:10} {subject:30} ${row.cost / 1e6:8.4f}  {reason}".rstrip()
