"""Runs about findings: what became of them once a pull request is closed, and their repair on demand."""

import hashlib
from collections.abc import Collection

from app.policy.request import RunRequest
from app.policy.values import Json, Repo, Sha

_REPAIR, _SETTLE = 90, 110
"""Priorities: behind a repair a person waits, and a record can be made at any time."""


def settle_request(repo: Repo, number: int, cause: Json) -> RunRequest:
    """Find out what became of each finding on a pull request that is closed; asked for again, it is settled anew."""
    key = f"settle:{repo.id}:{number}"
    return RunRequest(
        workflow="settle",
        repo=repo,
        number=number,
        dedupe_key=key,
        dedupe_until="started",
        serial_key=key,
        priority=_SETTLE,
        cause=cause,
    )


def mend_request(repo: Repo, number: int, head: Sha, issue: int, *, sender: str, permission: str) -> RunRequest:
    """One more round of repair of an own pull request at `head`, for whoever pressed the button.

    Never beside the work on its issue, with which it shares the branch.
    """
    return RunRequest(
        workflow="mend",
        repo=repo,
        number=number,
        dedupe_key=f"mend:{repo.id}:{number}:{head}",
        dedupe_until="finished",
        serial_key=f"issue:{repo.id}:{issue}",
        head_sha=head,
        priority=_REPAIR,
        cause={"issue": issue, "sender": sender, "permission": permission},
    )


def remedy_request(
    repo: Repo, number: int, head: Sha, perspectives: Collection[str], *, sender: str, permission: str
) -> RunRequest:
    """A repair of a person's pull request that they may take: of what these perspectives refuse at `head`."""
    asked = sorted(perspectives)
    told = hashlib.sha256(" ".join(asked).encode()).hexdigest()[:16]
    return RunRequest(
        workflow="remedy",
        repo=repo,
        number=number,
        dedupe_key=f"remedy:{repo.id}:{number}:{head}:{told}",
        dedupe_until="finished",
        serial_key=f"remedy:{repo.id}:{number}",
        head_sha=head,
        priority=_REPAIR,
        cause={"perspectives": list(asked), "sender": sender, "permission": permission},
    )
