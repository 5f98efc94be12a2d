"""One drive of one run: call the workflow from the top and write down how it ended, or that it sleeps."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Generic, TypeVar

import structlog
from sqlalchemy import ColumnElement, Update, bindparam, case, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.runs.engine import Context
from app.runs.errors import THEN, LeaseLostError, RunEndingError, Suspended
from app.runs.lease import hold
from app.runs.run import Run
from app.runs.state import RunState
from app.store import audit
from app.store.faults import describe, will_pass
from app.store.tables import runs, steps

S = TypeVar("S")
WorkflowFunction = Callable[[Context, S], Awaitable[None]]
CleanupFunction = Callable[[Context, S, str], Awaitable[None]]

MAX_CRASHES = 5
"""Drives in a row that ended without finishing a single step; then a person has to look.

Counted for the run and not for each step: of steps that go on side by side, a crash does not say whose fault it was,
but the ones without fault come to their end and the count starts anew, until the faulty one is alone.
"""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 2.0, 300.0
_TROUBLE_S = 6 * 3600.0
"""How long an outside that does not answer is waited for before the run fails."""

# Every run is ended by these; to put them together takes longer than the database takes.
_MINE = runs.c.id == bindparam("of_run")
_ENDED = (
    update(runs)
    .where(_MINE)
    .values(
        state=bindparam("ended_as"),
        reason=bindparam("told"),
        finished_at=bindparam("now"),
        lease_owner=None,
        lease_until=None,
    )
)
_FREED = update(runs).where(_MINE).values(dedupe_key=None)
_FREED_UNLESS_KEPT = _FREED.where(runs.c.dedupe_until != "forever")
_WOKEN = update(runs).where(runs.c.waits_for == bindparam("awaited")).values(wake_at=bindparam("now"))
_AT_REST = (
    update(steps)
    .where(steps.c.run_id == bindparam("of_run"), steps.c.finished_at.is_(None), steps.c.kind != "effect")
    .values(starts=0)
)
"""An effect's intent stays: what was begun before the sleep is looked for after it."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Workflows(Generic[S]):
    """Functions by workflow name. A clean-up settles what a run left half done when it does not end by itself."""

    run: Mapping[str, WorkflowFunction[S]]
    clean_up: Mapping[str, CleanupFunction[S]]


async def drive(engine: AsyncEngine, run: Run, workflows: Workflows[S], services: S) -> None:
    """Drive a claimed run until it ends, sleeps, or is not ours any more. Only cancellation gets out."""
    with structlog.contextvars.bound_contextvars(run=run.id, workflow=run.workflow):
        try:
            await _drive(engine, run, workflows, services)
        except LeaseLostError:
            log.info("another worker has the run")


async def _drive(engine: AsyncEngine, run: Run, workflows: Workflows[S], services: S) -> None:
    try:
        if run.ending is None:
            run = await _go_on(engine, run, workflows, services)
        if run.ending is not None:
            await _clean_up(engine, run, workflows, services)
    except BaseException as error:
        root = _root(error)
        if isinstance(root, Suspended):
            await _sleep(engine, run, root)
        else:
            raise root from error


async def _go_on(engine: AsyncEngine, run: Run, workflows: Workflows[S], services: S) -> Run:
    """Call the workflow. Returns the run with `ending` set when it is to be cleaned up, else as it was."""
    try:
        if run.attempts > MAX_CRASHES:
            return await _set_ending(engine, run, RunState.FAILED, await _stuck_at(engine, run))
        ctx = Context(engine, run)
        try:
            await workflows.run[run.workflow](ctx, services)
        finally:
            await ctx.catch_up()
        await _end(engine, run, RunState.SUCCEEDED, None)
    except BaseException as error:
        root = _root(error)
        if isinstance(root, LeaseLostError) or not isinstance(root, Exception):
            raise root from error
        if isinstance(root, RunEndingError):
            return await _keep_ending(engine, run, root)
        retry_at = getattr(root, "retry_at", None)
        if retry_at is not None:
            raise Suspended("retry", float(retry_at)) from root
        if (getattr(root, "unknown", False) or will_pass(root)) and not _has_given_up(run):
            # GitHub or the database did not answer; tried again with growing pauses, for hours, before the run fails.
            log.warning("the outside did not answer; trying again", error=str(root))
            raise _troubled(run, root) from root
        log.warning("the run failed", error=str(root), kind=type(root).__name__, exc_info=root)
        return await _set_ending(engine, run, RunState.FAILED, _reason_of(root))
    return run


def _reason_of(error: Exception) -> str:
    told = describe(error) or type(error).__name__
    if isinstance(error, SQLAlchemyError):
        return f"{told}.{THEN}Whoever runs Quorum should look in the worker's log for it; then ask for it again."
    if not getattr(error, "unknown", False):
        return told
    return (
        f"There was no good answer for {_TROUBLE_S / 3600:.0f} hours; the last one: {told}{THEN}Look whether the App's "
        "installation is suspended and at https://www.githubstatus.com, then ask for it again."
    )


async def _clean_up(engine: AsyncEngine, run: Run, workflows: Workflows[S], services: S) -> None:
    """Let the workflow settle what it left; a clean-up that keeps failing does not keep the run from ending."""
    reason = run.reason or ""
    clean_up = workflows.clean_up.get(run.workflow)
    if clean_up is not None and run.attempts <= MAX_CRASHES:
        try:
            await clean_up(Context(engine, run), services, reason)
        except BaseException as error:
            root = _root(error)
            if isinstance(root, LeaseLostError) or not isinstance(root, Exception):
                raise root from error
            retry_at = getattr(root, "retry_at", None)
            if retry_at is not None:
                raise Suspended("retry", float(retry_at)) from root
            if not _has_given_up(run):
                log.warning("the clean-up failed; trying again", error=str(root), exc_info=root)
                raise _troubled(run, root) from root
            log.exception("the clean-up failed for good", error=str(root))
    await _end(engine, run, RunState(run.ending or RunState.FAILED), reason)


def _troubled(run: Run, error: Exception) -> Suspended:
    """Try again after a pause that grows with how long the trouble lasts."""
    lasted_s = 0.0 if run.trouble_at is None else time.time() - run.trouble_at
    return Suspended(
        "retry", time.time() + min(max(_FIRST_PAUSE_S, lasted_s / 2), _LONGEST_PAUSE_S), trouble=describe(error)
    )


def _has_given_up(run: Run) -> bool:
    return run.trouble_at is not None and time.time() - run.trouble_at > _TROUBLE_S


async def _stuck_at(engine: AsyncEngine, run: Run) -> str:
    open_steps = select(steps.c.name).where(steps.c.run_id == run.id, steps.c.finished_at.is_(None))
    async with engine.connect() as db:
        names = [row.name for row in await db.execute(open_steps)]
    where = f" at {', '.join(names)}" if names else ""
    return (
        f"It was begun {MAX_CRASHES} times and broke off each time{where}.{THEN}Whoever runs Quorum should look in the "
        f"worker's log for run {run.id} and whether the machine ran out of memory or disk; then ask for it again."
    )


async def _keep_ending(engine: AsyncEngine, run: Run, told: RunEndingError) -> Run:
    """Recorded where the workflow found out by itself, too: a clean-up that is cut off must not become work again."""
    async with engine.begin() as db:
        await _hold_whatever_it_ends_as(db, run)
        mine = (runs.c.id == run.id) & runs.c.ending.is_(None)
        await db.execute(update(runs).where(mine).values(ending=told.ending, reason=told.reason))
    return replace(run, ending=told.ending, reason=told.reason)


async def _set_ending(engine: AsyncEngine, run: Run, ending: RunState, reason: str) -> Run:
    async with engine.begin() as db:
        await hold(db, run)
        mine = runs.c.id == run.id
        values = {"ending": ending, "reason": reason, "attempts": 0, "trouble_at": None}
        await db.execute(update(runs).where(mine).values(values))
    return replace(run, ending=ending, reason=reason, attempts=0, trouble_at=None)


async def _end(engine: AsyncEngine, run: Run, state: RunState, reason: str | None) -> None:
    """State, audit row and the wake-up of whoever waits commit together."""
    now = time.time()
    async with engine.begin() as db:
        await hold(db, run)
        await db.execute(_ENDED, {"of_run": run.id, "ended_as": state, "told": reason, "now": now})
        # A run that was superseded has not done what its key stands for.
        await db.execute(_FREED if state is RunState.SUPERSEDED else _FREED_UNLESS_KEPT, {"of_run": run.id})
        await db.execute(_WOKEN, {"awaited": f"run:{run.id}", "now": now})
        subject = run.repo.subject(run.number)
        await audit.append(db, "quorum", f"{run.workflow} {state}", subject, {"run": run.id, "reason": reason})
    log.info("the run ended", state=state, reason=reason)


async def _sleep(engine: AsyncEngine, run: Run, suspended: Suspended) -> None:
    """Give the worker back. The step that sleeps was not cut off, so its start does not count as a crash."""
    async with engine.begin() as db:
        await _hold_whatever_it_ends_as(db, run)
        values: dict[str, Any] = {
            "state": RunState.WAITING,
            "lease_owner": None,
            "lease_until": None,
            "waits_for": suspended.waits_for,
            "wake_at": _unless_told(suspended),
            "attempts": 0,
        }
        if suspended.trouble:
            # A run that is to end keeps the reason for that: it is what its clean-up says on GitHub.
            reason = case((runs.c.ending.is_(None), suspended.trouble[:2000]), else_=runs.c.reason)
            values |= {"trouble_at": func.coalesce(runs.c.trouble_at, time.time()), "reason": reason}
        await db.execute(update(runs).where(runs.c.id == run.id).values(values))
        await db.execute(_AT_REST, {"of_run": run.id})
        awaited = {"of_run": run.id, "child": suspended.waits_for.removeprefix("run:"), "now": time.time()}
        await db.execute(_awake(ending=run.ending is not None), awaited)


@cache
def _awake(*, ending: bool) -> Update:
    """What is put to sleep is woken at once where it was told to end, which it may know, or where its child has ended.

    A child may have ended since it was looked at.
    """
    child = runs.alias("ended")
    over = child.select().where(child.c.id == bindparam("child"), child.c.finished_at.is_not(None)).exists()
    told = over if ending else runs.c.ending.is_not(None) | over
    return update(runs).where(_MINE, told).values(wake_at=bindparam("now"))


def _unless_told(suspended: Suspended) -> ColumnElement[float] | float | None:
    """When to wake it: at once if somebody spoke to it between its look and this moment."""
    if suspended.looked_at is None:
        return suspended.wake_at
    return case((runs.c.wake_at > suspended.looked_at, time.time()), else_=suspended.wake_at)


async def release(engine: AsyncEngine, run: Run) -> None:
    """Put a run back so that another worker can take it at once."""
    async with engine.begin() as db:
        mine = (runs.c.id == run.id) & (runs.c.fence == run.fence) & (runs.c.state == RunState.RUNNING)
        values = {"state": RunState.QUEUED, "lease_owner": None, "lease_until": None, "wake_at": time.time()}
        await db.execute(update(runs).where(mine).values({**values, "attempts": 0}))


async def _hold_whatever_it_ends_as(db: AsyncConnection, run: Run) -> None:
    await hold(db, replace(run, ending=run.ending or "any"))


def _root(error: BaseException) -> BaseException:
    """The one exception that matters of a task group's: a lost lease and a suspension come before failures."""
    if not isinstance(error, BaseExceptionGroup):
        return error
    roots = [_root(each) for each in error.exceptions]
    for kind in (LeaseLostError, RunEndingError, Suspended):
        for root in roots:
            if isinstance(root, kind):
                return root
    return roots[0]
