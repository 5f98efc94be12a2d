"""What was let into environments, and what was not. Names of environments know no case."""

from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.values import Sha
from app.store.dialect import insert_into
from app.store.tables import deployments

Answer = Literal["approved", "rejected"]


@dataclass(frozen=True)
class StoredDeployment:
    """`workflow_run` and `attempt` are GitHub's and asked; `run_id` is our run, which answered.

    `state` is what GitHub told last of how it went: for people to see, never to decide by.
    """

    repo_id: int
    workflow_run: int
    attempt: int
    environment: str
    sha: Sha
    decided: Answer
    reason: str
    state: str
    run_id: str
    at: float


async def record_answer(db: AsyncConnection, deployment: StoredDeployment) -> bool:
    """False when this request was answered before; what was said then stays."""
    row = {**asdict(deployment), "environment": deployment.environment.casefold()}
    statement = insert_into(db, deployments).values(row).on_conflict_do_nothing().returning(deployments.c.at)
    return (await db.execute(statement)).one_or_none() is not None


async def was_answered(db: AsyncConnection, repo_id: int, workflow_run: int, attempt: int, environment: str) -> bool:
    asked = (deployments.c.repo_id == repo_id) & (deployments.c.workflow_run == workflow_run)
    asked &= (deployments.c.attempt == attempt) & (deployments.c.environment == environment.casefold())
    return (await db.execute(select(deployments.c.at).where(asked))).one_or_none() is not None


async def let_in(db: AsyncConnection, repo_id: int, environment: str, limit: int = 100) -> list[Sha]:
    """Commits that were let into an environment, newest first."""
    query = (
        select(deployments.c.sha)
        .where(
            deployments.c.repo_id == repo_id,
            deployments.c.environment == environment.casefold(),
            deployments.c.decided == "approved",
        )
        .order_by(deployments.c.at.desc())
        .limit(limit)
    )
    return [Sha(row.sha) for row in await db.execute(query)]


async def note_state(db: AsyncConnection, repo_id: int, environment: str, sha: Sha, state: str) -> None:
    """What GitHub told of a deployment of this commit there."""
    mine = (deployments.c.repo_id == repo_id) & (deployments.c.environment == environment.casefold())
    mine &= (deployments.c.sha == sha) & (deployments.c.decided == "approved")
    await db.execute(update(deployments).where(mine).values(state=state[:20]))
