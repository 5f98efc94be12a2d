"""Which repository a name means: names change, and rows are kept by id."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.tables import runs


async def find_repo_id(db: AsyncConnection, full_name: str) -> int | None:
    """The repository that had this name when something was run for it last; case does not count."""
    owner, _, name = full_name.casefold().partition("/")
    mine = (func.lower(runs.c.owner) == owner) & (func.lower(runs.c.name) == name)
    query = select(runs.c.repo_id).where(mine).order_by(runs.c.created_at.desc()).limit(1)
    found = await db.scalar(query)
    return None if found is None else int(found)
