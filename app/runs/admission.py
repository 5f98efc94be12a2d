"""How runs come to be, and how they are told to end."""

import time
from typing import Any

import uuid6
from sqlalchemy import ColumnElement, case, func, insert, or_, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.request import RunRequest
from app.policy.values import Sha
from app.runs.run import Run, run_of
from app.runs.state import RunState
from app.store import audit
from app.store.tables import runs

VERSION = 1
"""The version of the workflows' journals; a change that old journals cannot replay raises it."""
_OPEN = (RunState.QUEUED, RunState.RUNNING, RunState.WAITING)


async def request_run(db: AsyncConnection, request: RunRequest) -> str | None:
    """Queue a run and return its id; None when its dedupe key is held by another."""
    run_id, now = str(uuid6.uuid7()), time.time()
    row = {
        "id": run_id,
        "workflow": request.workflow,
        "version": VERSION,
        "installation_id": request.repo.installation_id,
        "repo_id": request.repo.id,
        "owner": request.repo.owner,
        "name": request.repo.name,
        "number": request.number,
        "head_sha": request.head_sha,
        "state": RunState.QUEUED,
        "dedupe_key": request.dedupe_key,
        "dedupe_until": request.dedupe_until,
        "key": request.dedupe_key,
        "serial_key": request.serial_key,
        "priority": request.priority,
        "cause": request.cause,
        "attempts": 0,
        "fence": 0,
        "wake_at": now,
        "created_at": now,
    }
    try:
        async with db.begin_nested():
            await db.execute(insert(runs), row)
    except IntegrityError:
        return None
    subject = request.repo.subject(request.number)
    await audit.append(db, "quorum", f"{request.workflow} requested", subject, {"run": run_id, "cause": request.cause})
    return run_id


async def find_by_key(db: AsyncConnection, key: str) -> Run | None:
    """The newest run that was requested under this dedupe key."""
    query = select(runs).where(runs.c.key == key).order_by(runs.c.created_at.desc()).limit(1)
    row = (await db.execute(query)).one_or_none()
    return None if row is None else run_of(row)


async def find_run(db: AsyncConnection, run_id: str) -> Run | None:
    row = (await db.execute(select(runs).where(runs.c.id == run_id))).one_or_none()
    return None if row is None else run_of(row)


async def newest_run_at(db: AsyncConnection, repo_id: int, number: int, workflow: str) -> float | None:
    """When the newest run of a workflow on this subject was requested, in seconds since 1970."""
    query = select(func.max(runs.c.created_at)).where(_subject(repo_id, number), runs.c.workflow == workflow)
    at: float | None = (await db.execute(query)).scalar_one()
    return at


async def supersede(db: AsyncConnection, repo_id: int, number: int, workflow: str, keep_head: Sha | None) -> int:
    """Tell runs of a workflow to end as their head is no longer the one to look at (None: none is). Returns how many.

    Their keys become free, so that a head that comes back, by a force-push or a reopening, is looked at after all.
    """
    reason = f"the head is {keep_head[:12]} now" if keep_head else "the pull request was closed"
    extra = true() if keep_head is None else or_(runs.c.head_sha.is_(None), runs.c.head_sha != keep_head)
    return await _end(db, RunState.SUPERSEDED, reason, runs.c.workflow == workflow, _subject(repo_id, number), extra)


async def cancel_subject(
    db: AsyncConnection,
    repo_id: int,
    number: int,
    workflows: tuple[str, ...],
    reason: str,
    *,
    before: float | None = None,
) -> int:
    """Tell the runs of these workflows on an issue or pull request to end. Returns how many.

    Their keys become free: who wants the work anew waits for their end, and is not refused because of it.
    `before`: only those that were asked for by then, in seconds since 1970.
    """
    old = true() if before is None else runs.c.created_at <= before
    return await _end(db, RunState.CANCELLED, reason, runs.c.workflow.in_(workflows), _subject(repo_id, number), old)


async def cancel_head(db: AsyncConnection, repo_id: int, head_sha: Sha, workflow: str, reason: str) -> int:
    """Tell the runs of a workflow on this commit to end, whichever pull request they are for. Returns how many."""
    mine = (runs.c.repo_id == repo_id) & (runs.c.head_sha == head_sha)
    return await _end(db, RunState.CANCELLED, reason, runs.c.workflow == workflow, mine)


async def count_ended(db: AsyncConnection, repo_id: int, number: int, reason: str) -> int:
    """How many runs on this subject were told to end for this very reason."""
    query = select(func.count()).where(_subject(repo_id, number), runs.c.reason == reason)
    return int((await db.execute(query)).scalar_one())


async def wake(db: AsyncConnection, waits_for: str) -> int:
    """Let the runs that wait for this look again now. Returns how many."""
    waiting = (runs.c.waits_for == waits_for) & (runs.c.state == RunState.WAITING)
    return (await db.execute(update(runs).where(waiting).values(wake_at=time.time()))).rowcount


async def tell(db: AsyncConnection, repo_id: int, number: int, waits_for: str) -> int:
    """As `wake`, for those that work on this subject; one that is about to sleep does not sleep. Returns how many."""
    mine = _subject(repo_id, number) & runs.c.state.in_((RunState.RUNNING, RunState.WAITING))
    waits = or_(runs.c.waits_for == waits_for, runs.c.waits_for.is_(None))
    return (await db.execute(update(runs).where(mine, waits).values(wake_at=time.time()))).rowcount


def _subject(repo_id: int, number: int) -> ColumnElement[bool]:
    return (runs.c.repo_id == repo_id) & (runs.c.number == number)


async def _end(db: AsyncConnection, ending: RunState, reason: str, *where: ColumnElement[bool]) -> int:
    """The driver sees `ending` at the run's next step, lets its workflow clean up, and ends it."""
    values: dict[str, Any] = {"ending": ending, "reason": reason, "wake_at": time.time(), "waits_for": None}
    if ending is RunState.CANCELLED:
        values["dedupe_key"] = case((runs.c.dedupe_until == "finished", None), else_=runs.c.dedupe_key)
    statement = update(runs).where(runs.c.state.in_(_OPEN), runs.c.ending.is_(None), *where).values(values)
    return (await db.execute(statement)).rowcount
