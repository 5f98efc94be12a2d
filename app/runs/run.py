"""A run as it was when it was claimed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from app.policy.values import Json, Repo, Sha


@dataclass(frozen=True)
class Run:
    """`fence` grows with every claim; a write under an older one is refused. `ending`: what it shall end as, if set.

    `trouble_at`: since when the outside has not answered, in seconds since 1970.
    """

    id: str
    workflow: str
    repo: Repo
    number: int
    head_sha: Sha | None
    state: str
    ending: str | None
    reason: str | None
    cause: Json
    attempts: int
    trouble_at: float | None
    fence: int
    created_at: float
    priority: int


def run_of(row: Row[Any]) -> Run:
    return Run(
        id=row.id,
        workflow=row.workflow,
        repo=Repo(row.installation_id, row.repo_id, row.owner, row.name),
        number=row.number,
        head_sha=None if row.head_sha is None else Sha(row.head_sha),
        state=row.state,
        ending=row.ending,
        reason=row.reason,
        cause=row.cause,
        attempts=row.attempts,
        trouble_at=row.trouble_at,
        fence=row.fence,
        created_at=row.created_at,
        priority=row.priority,
    )
