"""What the gate decided about pull requests, by head."""

from dataclasses import asdict, dataclass

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.decision import Status
from app.policy.values import Json, Sha
from app.store.tables import decisions


@dataclass(frozen=True)
class StoredDecision:
    """`security`: whether that perspective had approved. `tree`: the rules with their reasons."""

    id: int
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


async def save_decision(db: AsyncConnection, decision: StoredDecision) -> None:
    """Its `id` is given by the database."""
    row = {key: value for key, value in asdict(decision).items() if key != "id"}
    await db.execute(insert(decisions).values(row))


async def decisions_of_head(db: AsyncConnection, repo_id: int, head_sha: Sha) -> list[StoredDecision]:
    """Oldest first; the newest of a pull request counts."""
    query = (
        select(decisions)
        .where(decisions.c.repo_id == repo_id, decisions.c.head_sha == head_sha)
        .order_by(decisions.c.id)
    )
    return [StoredDecision(**row) for row in (await db.execute(query)).mappings()]
