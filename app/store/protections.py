"""What branches that required the gate demanded when they were looked at last, and which issue says that it is gone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.protection import Protection
from app.policy.values import Json
from app.store.dialect import insert_into
from app.store.tables import locks, protections


@dataclass(frozen=True)
class Watched:
    """`noticed_at` None: nothing is amiss. `issue` None: nobody was told yet. `lost`: what was told, in words."""

    branch: str
    seen: Protection
    noticed_at: float | None = None
    issue: int | None = None
    lost: tuple[str, ...] = ()


async def claim_look(db: AsyncConnection, repo_id: int, now: float, every_s: float) -> bool:
    """Whether it is time to look at a repository again; of several that ask at once one is told so."""
    row = {"name": f"protection:{repo_id}", "owner": "guard", "until": now + every_s}
    statement = insert_into(db, locks).values(row)
    statement = statement.on_conflict_do_update(
        index_elements=[locks.c.name], set_={"until": row["until"]}, where=locks.c.until <= now
    )
    return (await db.execute(statement.returning(locks.c.name))).one_or_none() is not None


async def watched(db: AsyncConnection, repo_id: int) -> dict[str, Watched]:
    """The repository's branches that required the gate once, by name."""
    query = select(protections).where(protections.c.repo_id == repo_id).order_by(protections.c.branch)
    rows = await db.execute(query)
    found = [Watched(row.branch, _protection(row.seen), row.noticed_at, row.issue, tuple(row.lost)) for row in rows]
    return {each.branch: each for each in found}


async def remember(db: AsyncConnection, repo_id: int, branch: str, seen: Protection) -> None:
    """From now on this is what is compared with, and nothing is amiss."""
    values: Json = {"seen": _json(seen), "noticed_at": None, "issue": None, "lost": []}
    statement = insert_into(db, protections).values(repo_id=repo_id, branch=branch, **values)
    key = [protections.c.repo_id, protections.c.branch]
    await db.execute(statement.on_conflict_do_update(index_elements=key, set_=values))


async def notice(db: AsyncConnection, repo_id: int, branch: str, now: float, lost: Sequence[str]) -> bool:
    """That something is amiss; False when somebody has noticed it already."""
    query = update(protections).where(_row(repo_id, branch), protections.c.noticed_at.is_(None))
    return (await db.execute(query.values(noticed_at=now, lost=list(lost)))).rowcount == 1


async def told_in(db: AsyncConnection, repo_id: int, branch: str, issue: int) -> None:
    await db.execute(update(protections).where(_row(repo_id, branch)).values(issue=issue))


async def lose(db: AsyncConnection, repo_id: int, branch: str, lost: Sequence[str]) -> None:
    """All that was told by now."""
    await db.execute(update(protections).where(_row(repo_id, branch)).values(lost=list(lost)))


async def forget(db: AsyncConnection, repo_id: int, branch: str) -> None:
    """The branch is not meant to require the gate any more."""
    await db.execute(delete(protections).where(_row(repo_id, branch)))


def _row(repo_id: int, branch: str) -> ColumnElement[bool]:
    return and_(protections.c.repo_id == repo_id, protections.c.branch == branch)


def _json(seen: Protection) -> Json:
    """Faults are worked out anew each time."""
    plain = asdict(replace(seen, faults=()))
    return {key: list(each) if isinstance(each, tuple) else each for key, each in plain.items()}


def _protection(held: Mapping[str, object]) -> Protection:
    values = {key: tuple(each) if isinstance(each, list) else each for key, each in held.items()}
    return Protection(**values)  # type: ignore[arg-type]
