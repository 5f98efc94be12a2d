"""What earlier runs of one workflow did to the same issue or pull request."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.runs.run import Run
from app.store.tables import runs, steps


async def done_before(db: AsyncConnection, run: Run, prefix: str) -> set[str]:
    """Of steps that came to their end in other runs, the names that begin with `prefix`, without it."""
    mine = (runs.c.repo_id == run.repo.id) & (runs.c.number == run.number) & (runs.c.workflow == run.workflow)
    query = (
        select(steps.c.name)
        .join(runs, runs.c.id == steps.c.run_id)
        .where(mine, runs.c.id != run.id, steps.c.finished_at.is_not(None))
        .where(steps.c.name.startswith(prefix, autoescape=True))
    )
    return {row.name.removeprefix(prefix) for row in await db.execute(query)}
