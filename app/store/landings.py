"""What landed on branches: stretches of history, each with what the gate had said of it.

A branch's record begins with a baseline, a stretch without a commit: where it stood when Quorum came.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, RowMapping, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.values import Sha
from app.store.dialect import insert_into
from app.store.tables import landings


@dataclass(frozen=True)
class Landing:
    """From `before_sha` to `after_sha`. `pull` None: pushed without one; `head_sha` is then `after_sha`.

    `reason` is why it counts as approved or not. `policy_sha`: the commit of the base branch whose policy the approval
    was given under. `approved_at` and `at` in seconds since 1970.
    """

    repo_id: int
    branch: str
    before_sha: Sha
    after_sha: Sha
    pull: int | None
    head_sha: Sha
    fingerprint: str
    approved: bool
    reason: str
    security: bool
    policy_hash: str
    policy_sha: Sha | None
    approved_at: float | None
    at: float

    @property
    def is_baseline(self) -> bool:
        return self.before_sha == self.after_sha


async def record_landing(db: AsyncConnection, landing: Landing) -> bool:
    """False when something that ends there is on record already, which then stays as it is."""
    statement = insert_into(db, landings).values(asdict(landing)).on_conflict_do_nothing().returning(landings.c.id)
    return (await db.execute(statement)).one_or_none() is not None


async def forget_landing(db: AsyncConnection, landing: Landing) -> bool:
    """Take a stray one off the record, to be told anew. False when that was done meanwhile."""
    mine = _ends_at(landing.repo_id, [landing.branch], landing.after_sha)
    gone = delete(landings).where(mine, landings.c.pull.is_(None), landings.c.approved.is_(False))
    return (await db.execute(gone)).rowcount == 1


async def position(db: AsyncConnection, repo_id: int, branch: str) -> Sha | None:
    """How far a branch's record goes; None if there is none."""
    query = (
        select(landings.c.after_sha)
        .where(landings.c.repo_id == repo_id, landings.c.branch == branch)
        .order_by(landings.c.id.desc())
        .limit(1)
    )
    found: Sha | None = (await db.execute(query)).scalar_one_or_none()
    return found


async def landing_at(db: AsyncConnection, repo_id: int, branches: Sequence[str], after_sha: Sha) -> Landing | None:
    """What ends at a commit, on the first of these branches that knows of it."""
    query = select(landings).where(_ends_at(repo_id, branches, after_sha))
    found = {row["branch"]: _landing(row) for row in (await db.execute(query)).mappings()}
    return next((found[branch] for branch in branches if branch in found), None)


async def strays_since(db: AsyncConnection, repo_id: int, branch: str, at: float) -> list[Landing]:
    """What was pushed without a pull request, as far as was known then, oldest first."""
    query = select(landings).where(
        landings.c.repo_id == repo_id,
        landings.c.branch == branch,
        landings.c.pull.is_(None),
        landings.c.approved.is_(False),
        landings.c.before_sha != landings.c.after_sha,
        landings.c.at >= at,
    )
    return [_landing(row) for row in (await db.execute(query.order_by(landings.c.id))).mappings()]


async def baselines(db: AsyncConnection, repo_id: int, branches: Sequence[str]) -> list[Sha]:
    query = select(landings.c.after_sha).where(
        landings.c.repo_id == repo_id,
        landings.c.branch.in_(branches),
        landings.c.before_sha == landings.c.after_sha,
    )
    return [Sha(row.after_sha) for row in await db.execute(query)]


async def is_recorded(db: AsyncConnection, repo_id: int) -> bool:
    """Whether anything is on record of a repository."""
    query = select(landings.c.id).where(landings.c.repo_id == repo_id).limit(1)
    return (await db.execute(query)).one_or_none() is not None


def _ends_at(repo_id: int, branches: Sequence[str], sha: Sha) -> ColumnElement[bool]:
    return (landings.c.repo_id == repo_id) & landings.c.branch.in_(branches) & (landings.c.after_sha == sha)


def _landing(row: RowMapping) -> Landing:
    return Landing(**{key: value for key, value in row.items() if key != "id"})
