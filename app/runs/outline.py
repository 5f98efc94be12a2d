"""A run's journal as people look at it: names and times of its steps, and the few values that are shown."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.values import JsonValue
from app.store.tables import steps

_NEWEST_CALLS = 20
"""Tool calls among which the last tree is looked for: those that only read leave none."""


@dataclass(frozen=True)
class StepLine:
    """`finished_at` None: it has not come to its end. Times in seconds since 1970."""

    name: str
    kind: str
    started_at: float
    finished_at: float | None


async def outline_of(db: AsyncConnection, run_id: str) -> list[StepLine]:
    """In the order in which they were begun. Without values, which can be large: this is asked again and again."""
    columns = (steps.c.name, steps.c.kind, steps.c.started_at, steps.c.finished_at)
    query = select(*columns).where(steps.c.run_id == run_id).order_by(steps.c.position, steps.c.started_at)
    return [StepLine(row.name, row.kind, row.started_at, row.finished_at) for row in await db.execute(query)]


async def values_of(db: AsyncConnection, run_id: str, *names: str) -> dict[str, JsonValue]:
    """What these steps came to, of those that have ended."""
    ended = (steps.c.run_id == run_id) & steps.c.name.in_(names) & steps.c.finished_at.is_not(None)
    return {row.name: row.value for row in await db.execute(select(steps.c.name, steps.c.value).where(ended))}


async def newest_tree(db: AsyncConnection, run_id: str) -> str | None:
    """The tree that the last tool call left, None before the first one."""
    calls = (steps.c.run_id == run_id) & steps.c.name.like("%.tool-%") & steps.c.finished_at.is_not(None)
    changing = or_(*(steps.c.name.like(f"%.{tool}") for tool in ("bash", "edit", "submit")))
    query = select(steps.c.value).where(calls, changing).order_by(steps.c.position.desc()).limit(_NEWEST_CALLS)
    for value in (await db.execute(query)).scalars():
        if isinstance(value, dict) and isinstance(value.get("tree"), str):
            return str(value["tree"])
    return None
