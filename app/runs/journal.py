"""The journal: what each step of a run was, and what came of it. Every write proves that the run is still ours."""

import json
import time
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.policy.values import JsonValue
from app.runs.errors import StepTooLargeError
from app.runs.lease import hold
from app.runs.run import Run
from app.store.tables import runs, steps

Kind = Literal["step", "effect", "child", "wait"]
_VALUE_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Step:
    """`starts` counts how often it was begun; `finished_at` None: it has not come to its end."""

    name: str
    kind: str
    position: int
    starts: int
    started_at: float
    finished_at: float | None
    value: JsonValue


async def begin_step(engine: AsyncEngine, run: Run, name: str, kind: Kind) -> Step:
    """The step as it stands: finished, begun before, or new and begun now."""
    async with engine.begin() as db:
        await hold(db, run)
        found = await _find(db, run.id, name)
        if found is not None and found.finished_at is not None:
            return found
        now = time.time()
        if found is not None:
            mine = (steps.c.run_id == run.id) & (steps.c.name == name)
            await db.execute(update(steps).where(mine).values(starts=found.starts + 1))
            return Step(name, found.kind, found.position, found.starts + 1, found.started_at, None, None)
        count = select(func.count()).where(steps.c.run_id == run.id).scalar_subquery()
        await db.execute(
            insert(steps).values(run_id=run.id, name=name, kind=kind, position=count, starts=1, started_at=now)
        )
        return Step(name, kind, 0, 1, now, None, None)


async def finish_step(engine: AsyncEngine, run: Run, name: str, value: JsonValue) -> None:
    """Record a step's value, and that the run gets on: a crash after this is the first one again."""
    size = len(json.dumps(value))
    if size > _VALUE_BYTES:
        raise StepTooLargeError(f"step {name} of run {run.id} has a value of {size} bytes; {_VALUE_BYTES} fit")
    async with engine.begin() as db:
        await hold(db, run)
        mine = (steps.c.run_id == run.id) & (steps.c.name == name)
        await db.execute(update(steps).where(mine).values(value=value, finished_at=time.time()))
        await db.execute(update(runs).where(runs.c.id == run.id).values(attempts=0))


async def steps_of(db: AsyncConnection, run_id: str) -> list[Step]:
    """A run's steps in the order in which they were begun."""
    query = select(steps).where(steps.c.run_id == run_id).order_by(steps.c.position, steps.c.started_at)
    return [
        Step(row.name, row.kind, row.position, row.starts, row.started_at, row.finished_at, row.value)
        for row in await db.execute(query)
    ]


async def _find(db: AsyncConnection, run_id: str, name: str) -> Step | None:
    query = select(steps).where(steps.c.run_id == run_id, steps.c.name == name)
    row = (await db.execute(query)).one_or_none()
    if row is None:
        return None
    return Step(row.name, row.kind, row.position, row.starts, row.started_at, row.finished_at, row.value)
