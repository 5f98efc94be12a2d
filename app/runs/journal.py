"""The journal: what each step of a run was, and what came of it. Every write proves that the run is still ours."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import Insert, Row, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql.dml import ReturningInsert

from app.policy.values import JsonValue
from app.runs.closing import Closing
from app.runs.errors import StepTooLargeError
from app.runs.lease import hold
from app.runs.run import Run
from app.store.dialect import insert_for
from app.store.tables import steps
from app.store.work import work_at_once

Kind = Literal["step", "effect"]
_VALUE_BYTES = 1024 * 1024
_KEY = ("run_id", "name")
_NEXT_POSITION = select(func.count()).where(steps.c.run_id == bindparam("of_run")).scalar_subquery()


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


@dataclass(frozen=True)
class End:
    """What a step whose beginning was not recorded ended with. `position` None: after those that are there."""

    name: str
    value: JsonValue
    started_at: float
    finished_at: float
    position: int | None


async def begin_step(engine: AsyncEngine, run: Run, name: str, kind: Kind, *, position: int | None = None) -> Step:
    """The step as it stands: finished, begun before, or new and begun now.

    `position`: how many steps there are; who does not know has them counted, which takes the longer the more there are.
    """

    async def begin(db: AsyncConnection) -> Step:
        await hold(db, run)
        now = time.time()
        values = {"run_id": run.id, "name": name, "kind": kind, "starts": 1, "started_at": now, **_place(run, position)}
        row = (await db.execute(_begun(db.dialect.name, position is None), values)).one_or_none()
        if row is None:
            mine = (steps.c.run_id == run.id) & (steps.c.name == name)
            row = (await db.execute(select(steps).where(mine))).one()
        return _step_of(row)

    return await work_at_once(engine, begin)


async def finish_step(
    engine: AsyncEngine,
    run: Run,
    name: str,
    value: JsonValue,
    *,
    started_at: float | None = None,
    position: int | None = None,
    close: Closing | None = None,
    earlier: Sequence[End] = (),
) -> None:
    """Record a step's value, and that the run gets on: a crash after this is the first one again.

    `started_at` (seconds since 1970) and `position` are for a step whose beginning was not recorded. `close`: what is
    to be written together with it; `earlier`: the ends of steps that were put off until now.
    """
    end = end_of(run, name, value, started_at=started_at, position=position)

    async def finish(db: AsyncConnection) -> None:
        await write_ends(db, run, [*earlier, end])
        if close is not None:
            await close.write(db)

    await work_at_once(engine, finish)


def end_of(run: Run, name: str, value: JsonValue, *, started_at: float | None, position: int | None) -> End:
    """What is to be written of a step that has come to its end now. Raises `StepTooLargeError`."""
    size = len(json.dumps(value))
    if size > _VALUE_BYTES:
        raise StepTooLargeError(f"step {name} of run {run.id} has a value of {size} bytes; {_VALUE_BYTES} fit")
    now = time.time()
    return End(name, value, started_at or now, now, position)


async def write_ends(db: AsyncConnection, run: Run, ends: Sequence[End]) -> None:
    """Record, in the caller's transaction, how steps have ended. That they are there already does no harm."""
    if not ends:
        return
    await hold(db, run, gets_on=True)
    for end in ends:
        row = {"run_id": run.id, "name": end.name, "kind": "step", "starts": 1, "started_at": end.started_at}
        row |= {"value": end.value, "finished_at": end.finished_at}
        await db.execute(_finished(db.dialect.name, end.position is None), {**row, **_place(run, end.position)})


async def steps_of(db: AsyncConnection, run_id: str) -> list[Step]:
    """A run's steps in the order in which they were begun."""
    query = select(steps).where(steps.c.run_id == run_id).order_by(steps.c.position, steps.c.started_at)
    return [_step_of(row) for row in await db.execute(query)]


def _place(run: Run, position: int | None) -> dict[str, str | int]:
    return {"of_run": run.id} if position is None else {"at_position": position}


@cache
def _begun(dialect: str, counts: bool) -> ReturningInsert[Any]:
    """Put together once, as the next one: that takes longer than the database takes."""
    again = {"starts": steps.c.starts + 1}
    row = insert_for(dialect, steps).values(position=_NEXT_POSITION if counts else bindparam("at_position"))
    known = row.on_conflict_do_update(index_elements=_KEY, set_=again, where=steps.c.finished_at.is_(None))
    return known.returning(steps)


@cache
def _finished(dialect: str, counts: bool) -> Insert:
    row = insert_for(dialect, steps).values(position=_NEXT_POSITION if counts else bindparam("at_position"))
    end = {"value": row.excluded.value, "finished_at": row.excluded.finished_at}
    return row.on_conflict_do_update(index_elements=_KEY, set_=end)


def _step_of(row: Row[Any]) -> Step:
    return Step(row.name, row.kind, row.position, row.starts, row.started_at, row.finished_at, row.value)
