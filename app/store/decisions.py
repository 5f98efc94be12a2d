"""What the gate decided, and by which facts: one row for each decision that differs from the one before it."""

from dataclasses import asdict, dataclass
from typing import Any

import uuid6
from pydantic import TypeAdapter
from sqlalchemy import Select, bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.decision import Node, Status
from app.policy.values import Json, Sha
from app.store import audit
from app.store.tables import decisions

_NODE = TypeAdapter(Node)
_ALL = select(decisions).where(decisions.c.repo_id == bindparam("of_repo")).order_by(decisions.c.at, decisions.c.id)
_OF_HEAD = _ALL.where(decisions.c.head_sha == bindparam("which"))
_OF_PULL = _ALL.where(decisions.c.pull == bindparam("which"))


@dataclass(frozen=True)
class StoredDecision:
    """`tree` holds every rule with its status and reason. `security`: the security perspective approved this diff."""

    id: str
    repo_id: int
    pull: int
    head_sha: Sha
    base_ref: str
    base_sha: Sha
    fingerprint: str
    policy_hash: str
    status: Status
    title: str
    tree: Json
    security: bool
    at: float

    @property
    def node(self) -> Node:
        return _NODE.validate_python(self.tree)


async def keep_decision(db: AsyncConnection, subject: str, made: StoredDecision) -> None:
    """Store a decision, with an entry on the audit log, unless the newest of this head says the same."""
    before = [each for each in await decisions_of_head(db, made.repo_id, made.head_sha) if each.pull == made.pull]
    if before and _told(before[-1]) == _told(made):
        return
    await db.execute(insert(decisions), asdict(made))
    detail: Json = {
        "decision": made.id,
        "status": made.status,
        "title": made.title,
        "head": made.head_sha,
        "base": f"{made.base_ref} {made.base_sha}",
        "fingerprint": made.fingerprint,
        "policy": made.policy_hash,
    }
    await audit.append(db, "quorum", "gate decided", subject, detail)


async def decisions_of_head(db: AsyncConnection, repo_id: int, head_sha: Sha) -> list[StoredDecision]:
    """Every decision on a head, oldest first."""
    return await _read(db, _OF_HEAD, repo_id, head_sha)


async def decisions_of_pull(db: AsyncConnection, repo_id: int, pull: int) -> list[StoredDecision]:
    """Every decision on a pull request, on whichever head, oldest first."""
    return await _read(db, _OF_PULL, repo_id, pull)


def new_id() -> str:
    return str(uuid6.uuid7())


async def _read(
    db: AsyncConnection, query: Select[tuple[Any, ...]], repo_id: int, which: str | int
) -> list[StoredDecision]:
    rows = (await db.execute(query, {"of_repo": repo_id, "which": which})).mappings()
    return [
        StoredDecision(**{**row, "head_sha": Sha(row["head_sha"]), "base_sha": Sha(row["base_sha"])}) for row in rows
    ]


def _told(made: StoredDecision) -> tuple[object, ...]:
    return (made.base_ref, made.fingerprint, made.policy_hash, made.status, made.title, made.tree)
