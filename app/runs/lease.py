"""Who may drive a run: one worker at a time, for a time, under a number that only grows."""

import time
from collections.abc import Sequence

from sqlalchemy import Float, Row, Select, TextClause, and_, bindparam, case, exists, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.runs.errors import LeaseLostError, RunEndingError
from app.runs.run import Run, run_of
from app.runs.state import RunState
from app.store.tables import runs


async def claim(engine: AsyncEngine, owner: str, lease_s: float, most: int = 1) -> list[Run]:
    """Take up to `most` runs that are due and come first: by priority, then by how few their installation has.

    Two workers never get the same run; of the runs with one serial key only one is in progress.
    """
    async with engine.begin() as db:
        # Two claims at once could each see the other's serial key as free. SQLite has one writer anyway.
        now = await _read_clock(db, _CLOCK_ALONE)
        first = {row.serial_key: row.id for row in reversed(await _due_first(db, now, most))}
        if not first:
            return []
        taken = {"ids": list(first.values()), "taken_by": owner, "until": now + lease_s}
        return [run_of(row) for row in await db.execute(_TAKE, taken)]


async def renew(engine: AsyncEngine, owner: str, run_ids: Sequence[str], lease_s: float) -> None:
    """Keep the leases of all runs that this process drives; one that is lost is noticed at its next write."""
    if not run_ids:
        return
    async with engine.begin() as db:
        until = await _read_clock(db, _CLOCK) + lease_s
        await db.execute(_KEEP, {"ids": list(run_ids), "taken_by": owner, "until": until})


async def hold(db: AsyncConnection, run: Run, *, gets_on: bool = False) -> None:
    """Make sure, in the caller's transaction, that `run` is still ours and is to go on.

    It writes, so that on both databases it waits for, and excludes, a claim that is going on. `gets_on`: a step has
    come to its end, so that crashes are counted from nought again.
    Raises `LeaseLostError` when it is not ours, `RunEndingError` when it was told to end since it was claimed.
    """
    asked = _GETS_ON if gets_on else _STILL_OURS
    row = (await db.execute(asked, {"run": run.id, "held": run.fence})).one_or_none()
    if row is None:
        raise LeaseLostError(f"run {run.id} is no longer ours under fence {run.fence}")
    if row.ending is not None and run.ending is None:
        raise RunEndingError(row.ending, row.reason or "")


async def _read_clock(db: AsyncConnection, asked: TextClause) -> float:
    """Of the server, which all share: a machine whose clock is ahead would take runs whose workers live."""
    if db.dialect.name != "postgresql":
        return time.time()
    return float((await db.execute(asked)).scalar_one())


async def _due_first(db: AsyncConnection, now: float, most: int) -> Sequence[Row[tuple[str, str]]]:
    return (await db.execute(_DUE_FIRST, {"now": now, "most": most})).all()


def _ask_due_first() -> Select[tuple[str, str]]:
    """The first `most` runs that are due `now`, by id and serial key, best first."""
    now = bindparam("now", type_=Float)
    other, busy = runs.alias("other"), runs.alias("busy")
    due = or_(
        and_(runs.c.state.in_((RunState.QUEUED, RunState.WAITING)), runs.c.wake_at <= now),
        and_(runs.c.state == RunState.RUNNING, runs.c.lease_until < now),
    )
    alone = ~exists(
        select(other.c.id).where(
            other.c.serial_key == runs.c.serial_key,
            other.c.id != runs.c.id,
            or_(
                other.c.state == RunState.RUNNING,
                and_(other.c.state == RunState.WAITING, other.c.created_at < runs.c.created_at),
            ),
        )
    )
    # Counted once for all installations: a count for each due run made claiming quadratic.
    shares = (
        select(busy.c.installation_id, func.count().label("running"))
        .where(busy.c.state == RunState.RUNNING)
        .group_by(busy.c.installation_id)
        .subquery("shares")
    )
    # The second of an installation counts the first as in progress, so that a batch is shared fairly too.
    mine = func.row_number().over(partition_by=runs.c.installation_id, order_by=(runs.c.priority, runs.c.created_at))
    order = (runs.c.priority, func.coalesce(shares.c.running, 0) + mine, runs.c.created_at)
    joined = runs.outerjoin(shares, shares.c.installation_id == runs.c.installation_id)
    return (
        select(runs.c.id, runs.c.serial_key)
        .select_from(joined)
        .where(due, alone)
        .order_by(*order)
        .limit(bindparam("most"))
    )


_DUE_FIRST = _ask_due_first()
"""Put together once: that takes longer than the database takes to answer it."""

_CLOCK = text("SELECT extract(epoch FROM clock_timestamp())")
_CLOCK_ALONE = text("SELECT extract(epoch FROM clock_timestamp()) FROM pg_advisory_xact_lock(7318351)")
"""Told to one transaction after the other."""

_IDS = runs.c.id.in_(bindparam("ids", expanding=True))
_TAKE = (
    update(runs)
    .where(_IDS)
    .values(
        state=RunState.RUNNING,
        lease_owner=bindparam("taken_by"),
        lease_until=bindparam("until"),
        fence=runs.c.fence + 1,
        # A lease that ran out means that its worker died: the count falls to nought when a step is finished.
        attempts=runs.c.attempts + 1,
        waits_for=None,
        dedupe_key=case((runs.c.dedupe_until == "started", None), else_=runs.c.dedupe_key),
    )
    .returning(runs)
)
_KEEP = (
    update(runs)
    .where(_IDS, runs.c.lease_owner == bindparam("taken_by"), runs.c.state == RunState.RUNNING)
    .values(lease_until=bindparam("until"))
)

_STILL_OURS = (
    update(runs)
    .where(runs.c.id == bindparam("run"), runs.c.fence == bindparam("held"), runs.c.state == RunState.RUNNING)
    .values(fence=runs.c.fence)
    .returning(runs.c.ending, runs.c.reason)
)
_GETS_ON = _STILL_OURS.values(attempts=0, trouble_at=None)
