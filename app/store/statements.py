"""What people said that counts for the gate: overrides, vetoes, dismissals, reviews. All of it is audited."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.values import Json, Sha
from app.store import audit
from app.store.dialect import insert_into
from app.store.tables import statements

NO_ADVICE = "no_advice"
"""The kind of statement that wants no more advice of the perspective `target` on a pull request."""
NOT_WANTED = "not_wanted"
"""The kind that does not want the advice whose key is `target`. It says nothing of what blocks."""
_OF_PULL = (
    select(statements)
    .where(statements.c.repo_id == bindparam("of_repo"), statements.c.pull == bindparam("of_pull"))
    .order_by(statements.c.at, statements.c.id)
)


@dataclass(frozen=True)
class Statement:
    """`id` is that of the comment or review, so that it is kept once. `permission` is that of then.

    `kind`: override, veto, dismissal, no_advice, not_wanted, approved, changes_requested. `withdrawn`: taken back, or
    dismissed as a review. `removed`: the comment is gone or was edited since; what it said stays.
    """

    id: str
    repo_id: int
    pull: int
    kind: str
    target: str
    login: str
    permission: str
    reason: str
    head_sha: Sha
    fingerprint: str
    at: float
    withdrawn: bool = False
    removed: bool = False


async def keep(db: AsyncConnection, subject: str, said: Statement) -> bool:
    """Store a statement and put it on the audit log; False if it is there already.

    Of which diff it was can become known later, when its commit is looked at for the first time.
    """
    kept = await db.execute(insert_into(db, statements).values(asdict(said)).on_conflict_do_nothing())
    if not kept.rowcount and said.fingerprint:
        unknown = (statements.c.id == said.id) & (statements.c.fingerprint == "")
        await db.execute(update(statements).where(unknown).values(fingerprint=said.fingerprint))
    if kept.rowcount:
        detail: Json = {
            "statement": said.id,
            "target": said.target,
            "permission": said.permission,
            "reason": said.reason,
            "head": said.head_sha,
            "fingerprint": said.fingerprint,
        }
        await audit.append(db, said.login, f"gate {said.kind}", subject, detail)
    return bool(kept.rowcount)


async def withdraw(db: AsyncConnection, subject: str, ids: Sequence[str], by: str) -> int:
    """Mark statements as taken back; returns how many stood until now."""
    standing = (statements.c.id.in_(ids)) & ~statements.c.withdrawn
    rows = (await db.execute(select(statements.c.id, statements.c.kind).where(standing))).all()
    for row in rows:
        await db.execute(update(statements).where(statements.c.id == row.id).values(withdrawn=True))
        await audit.append(db, by, f"gate {row.kind} withdrawn", subject, {"statement": row.id})
    return len(rows)


async def mark_removed(db: AsyncConnection, subject: str, statement_id: str, by: str) -> None:
    """The comment was deleted or edited: that is on record, and changes nothing else."""
    there = (statements.c.id == statement_id) & ~statements.c.removed
    marked = await db.execute(update(statements).where(there).values(removed=True))
    if marked.rowcount:
        await audit.append(db, by, "gate statement's comment removed", subject, {"statement": statement_id})


async def statements_of(db: AsyncConnection, repo_id: int, pull: int) -> list[Statement]:
    """Everything that was said on a pull request, oldest first; withdrawn statements too."""
    rows = await db.execute(_OF_PULL, {"of_repo": repo_id, "of_pull": pull})
    return [Statement(**{**row, "head_sha": Sha(row["head_sha"])}) for row in rows.mappings()]
