"""Runs about what landed on a branch, and about what may be deployed."""

import hashlib
from dataclasses import replace

from app.policy.request import RunRequest
from app.policy.values import Json, Repo, Sha

_DEPLOY, _LAND = 15, 30
"""Priorities: behind a deployment a person waits, and a record can be made later."""


def land_request(repo: Repo, branch: str, cause: Json, *, number: int = 0, before: Sha | None = None) -> RunRequest:
    """Bring the record of what landed up to the branch's newest commit. `before`: where a push says that it began."""
    key = f"land:{repo.id}:{_short(branch)}"
    return RunRequest(
        workflow="land",
        repo=repo,
        number=number,
        dedupe_key=key,
        dedupe_until="started",
        serial_key=key,
        priority=_LAND,
        cause={**cause, "branch": branch, "before": before},
    )


def deploy_request(repo: Repo, run_id: int, environment: str, cause: Json, sha: Sha | None = None) -> RunRequest:
    """Answer a workflow run that waits for an environment. `sha`: what the event says is to be deployed."""
    key = f"deploy:{repo.id}:{run_id}:{_short(environment.casefold())}"
    request = RunRequest(
        workflow="deploy",
        repo=repo,
        number=0,
        dedupe_key=key,
        dedupe_until="finished",
        serial_key=key,
        priority=_DEPLOY,
        cause={**cause, "workflow_run": run_id, "environment": environment},
    )
    return request if sha is None else replace(request, head_sha=sha)


def deployments_of(repo_id: int) -> str:
    """What runs wait for that can go on once something was deployed."""
    return f"deployments:{repo_id}"


def _short(name: str) -> str:
    """Names of branches and environments are longer than a key may be."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:24]
