"""What routing asks the engine for: one run of one workflow on one subject."""

from dataclasses import dataclass, field
from typing import Literal

from app.policy.values import Json, Repo, Sha

Workflow = Literal[
    "solve",
    "review",
    "recheck",
    "group",
    "converse",
    "land",
    "deploy",
    "settle",
    "mend",
    "tend",
    "amend",
    "watch",
    "part",
    "remedy",
]

DedupeUntil = Literal["started", "finished", "forever"]
"""How long a dedupe key keeps a second request away: until the first run starts (a recheck reads its facts
afresh when it starts), until it has finished (one solve an issue at a time), or for ever (one review a head)."""


@dataclass(frozen=True)
class RunRequest:
    """`serial_key`: of the runs that share it only one is driven at a time. `cause`: small JSON, where to look.

    `number` 0: it is about no issue or pull request but the repository.
    """

    workflow: Workflow
    repo: Repo
    number: int
    dedupe_key: str
    dedupe_until: DedupeUntil
    serial_key: str
    head_sha: Sha | None = None
    priority: int = 100
    cause: Json = field(default_factory=dict)
