"""What earlier runs of one workflow did to the same issue or pull request."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.values import JsonValue
from app.runs.run import Run
from app.store.tables import runs, steps


async def done_before(db: AsyncConnection, run: Run, prefix: str) -> set[str]:
    """Of steps that came to their end in other runs, the names that begin with `prefix`, without it."""
    query = (
        select(steps.c.name)
        .join(runs, runs.c.id == steps.c.run_id)
        .where(_others(run), steps.c.finished_at.is_not(None))
        .where(steps.c.name.startswith(prefix, autoescape=True))
    )
    return {row.name.removeprefix(prefix) for row in await db.execute(query)}


async def came_of_before(db: AsyncConnection, run: Run, step: str) -> list[JsonValue]:
    """What came of a step in other runs, the newest run first; None where it was begun and did not come to its end."""
    query = (
        select(steps.c.value)
        .join(runs, runs.c.id == steps.c.run_id)
        .where(_others(run), steps.c.name == step)
        .order_by(runs.c.created_at.desc(), runs.c.id.desc())
    )
    return [row.value for row in await db.execute(query)]


def _others(run: Run) -> ColumnElement[bool]:
    mine = (runs.c.repo_id == run.repo.id) & (runs.c.number == run.number) & (runs.c.workflow == run.workflow)
    return mine & (runs.c.id != run.id)
