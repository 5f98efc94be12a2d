"""One drive of one run: call the workflow from the top and write down how it ended, or that it sleeps."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import structlog
from sqlalchemy import case, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.runs.engine import Context
from app.runs.errors import LeaseLostError, RunEndingError, Suspended
from app.runs.lease import hold
from app.runs.run import Run
from app.runs.state import RunState
from app.store import audit
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
        await workflows.run[run.workflow](Context(engine, run), services)
        await _end(engine, run, RunState.SUCCEEDED, None)
    except BaseException as error:
        root = _root(error)
        if isinstance(root, LeaseLostError) or not isinstance(root, Exception):
            raise root from error
        if isinstance(root, RunEndingError):
            return replace(run, ending=root.ending, reason=root.reason)
        retry_at = getattr(root, "retry_at", None)
        if retry_at is not None:
            raise Suspended("retry", float(retry_at)) from root
        if getattr(root, "unknown", False) and not _has_given_up(run):
            # GitHub did not answer; it is asked again with growing pauses, for hours, before the run fails.
            log.info("the outside did not answer; trying again", error=str(root))
            raise _troubled(run, root) from root
        log.warning("the run failed", error=str(root), kind=type(root).__name__, exc_info=root)
        return await _set_ending(engine, run, RunState.FAILED, str(root) or type(root).__name__)
    return run


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
        "retry", time.time() + min(max(_FIRST_PAUSE_S, lasted_s / 2), _LONGEST_PAUSE_S), trouble=str(error)
    )


def _has_given_up(run: Run) -> bool:
    return run.trouble_at is not None and time.time() - run.trouble_at > _TROUBLE_S


async def _stuck_at(engine: AsyncEngine, run: Run) -> str:
    open_steps = select(steps.c.name).where(steps.c.run_id == run.id, steps.c.finished_at.is_(None))
    async with engine.connect() as db:
        names = [row.name for row in await db.execute(open_steps)]
    where = f" at {', '.join(names)}" if names else ""
    return f"It was begun {MAX_CRASHES} times and broke off each time{where}; a person must look."


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
        values = {"state": state, "reason": reason, "finished_at": now, "lease_owner": None, "lease_until": None}
        await db.execute(update(runs).where(runs.c.id == run.id).values(values))
        # A run that was superseded has not done what its key stands for.
        free = (runs.c.dedupe_until != "forever") if state is not RunState.SUPERSEDED else true()
        await db.execute(update(runs).where(runs.c.id == run.id, free).values(dedupe_key=None))
        await db.execute(update(runs).where(runs.c.waits_for == f"run:{run.id}").values(wake_at=now))
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
            "wake_at": suspended.wake_at,
            "attempts": 0,
        }
        if suspended.trouble:
            # A run that is to end keeps the reason for that: it is what its clean-up says on GitHub.
            reason = case((runs.c.ending.is_(None), suspended.trouble[:2000]), else_=runs.c.reason)
            values |= {"trouble_at": func.coalesce(runs.c.trouble_at, time.time()), "reason": reason}
        await db.execute(update(runs).where(runs.c.id == run.id).values(values))
        open_steps = (steps.c.run_id == run.id) & steps.c.finished_at.is_(None)
        # An effect's intent stays: what was begun before the sleep is looked for after it.
        await db.execute(update(steps).where(open_steps, steps.c.kind != "effect").values(starts=0))
        ended = runs.alias("ended")
        # A child may have ended since it was looked at.
        over = ended.select().where(
            ended.c.id == suspended.waits_for.removeprefix("run:"), ended.c.finished_at.is_not(None)
        )
        told = (runs.c.id == run.id) & ((runs.c.ending.is_not(None) & (run.ending is None)) | over.exists())
        await db.execute(update(runs).where(told).values(wake_at=time.time()))


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
