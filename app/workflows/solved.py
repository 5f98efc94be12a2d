"""Which issue a pull request of ours is for, and what is going on for an issue. The journal tells, no text does."""

import time

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.forge.read import PullFacts
from app.policy.config import Policy
from app.policy.part_requests import PARTS
from app.policy.values import Repo
from app.runs.run import Run, run_of
from app.runs.state import RunState
from app.store.tables import runs, steps
from app.store.tended import find_origin
from app.wiring import Services
from app.workflows import waiting
from app.workflows.wishes import autonomy_within

_OPEN = (RunState.QUEUED, RunState.RUNNING, RunState.WAITING)


def _is_work_on(repo: Repo, issue: int) -> ColumnElement[bool]:
    """Also on the parts of a large issue, each of which has a key of its own so that they go on side by side."""
    key = work_key(repo, issue)
    part = (runs.c.workflow == "part") & (runs.c.repo_id == repo.id) & (runs.c.number == issue)
    return or_(runs.c.serial_key == key, runs.c.serial_key.startswith(f"{key}{PARTS}", autoescape=True), part)


def work_key(repo: Repo, issue: int) -> str:
    """The serial key that all work on an issue shares, that on its pull request included (`policy.work_requests`)."""
    return f"issue:{repo.id}:{issue}"


async def find_work(db: AsyncConnection, repo: Repo, issue: int) -> list[Run]:
    """What goes on for an issue: runs that have not ended, the oldest first."""
    query = select(runs).where(_is_work_on(repo, issue), runs.c.state.in_(_OPEN))
    return [run_of(row) for row in await db.execute(query.order_by(runs.c.created_at))]


async def issue_of_pull(db: AsyncConnection, services: Services, repo: Repo, pull: PullFacts) -> int | None:
    """For which issue a pull request was made, if it is ours: from a branch of this repository that our work pushed.

    Whoever opens one from a branch of ours under their own name gets no hold of the work by it.
    """
    if pull.author != services.forge.login or not pull.from_here:
        return None
    origin = await find_origin(db, repo.id, pull.head_ref)
    return None if origin is None else origin.issue


async def pulls_of_issue(db: AsyncConnection, repo: Repo, issue: int) -> list[int]:
    """Pull requests that were opened for an issue, whatever became of them."""
    query = (
        select(steps.c.value)
        .join(runs, steps.c.run_id == runs.c.id)
        .where(runs.c.repo_id == repo.id, runs.c.number == issue, runs.c.workflow == "solve")
        .where(steps.c.name == "pull-request", steps.c.finished_at.is_not(None))
    )
    return sorted({int(value["number"]) for value in await db.scalars(query)})


async def within_wishes(services: Services, repo: Repo, pull: PullFacts, policy: Policy) -> Policy:
    """The policy that a pull request is judged by: with less autonomy where somebody wished so for its issue."""
    async with services.database.connect() as db:
        issue = await issue_of_pull(db, services, repo, pull)
        autonomy = policy.autonomy if issue is None else await autonomy_within(db, repo.id, issue, policy)
    return policy if autonomy == policy.autonomy else policy.model_copy(update={"autonomy": autonomy})


async def tell_work(db: AsyncConnection, repo: Repo, issue: int) -> int:
    """Wake what sleeps for people on an issue, on its pull request too. Returns how many were awake or woken."""
    numbers = dict.fromkeys([issue, *(run.number for run in await find_work(db, repo, issue))])
    return sum([await waiting.tell(db, repo.id, number) for number in numbers])


async def set_priority(db: AsyncConnection, repo: Repo, issue: int, priority: int) -> int:
    """Of what is going on; it counts when runs are claimed, that is at its next turn. Returns how many runs it is."""
    mine = _is_work_on(repo, issue) & runs.c.state.in_(_OPEN)
    return (await db.execute(update(runs).where(mine).values(priority=priority))).rowcount


async def cancel_work(db: AsyncConnection, repo: Repo, issue: int, reason: str) -> int:
    """Tell all work on an issue to end: each run sees it at its next step and cleans up. Returns how many."""
    mine = _is_work_on(repo, issue) & runs.c.state.in_(_OPEN) & runs.c.ending.is_(None)
    values = {"ending": RunState.CANCELLED, "reason": reason, "wake_at": time.time(), "waits_for": None}
    return (await db.execute(update(runs).where(mine).values(values))).rowcount


async def count_cancelled(db: AsyncConnection, repo: Repo, reason: str) -> int:
    """How many runs were told to end for this very reason, which names the comment that asked for it."""
    query = select(func.count()).where(runs.c.repo_id == repo.id, runs.c.reason == reason)
    return int((await db.execute(query)).scalar_one())
