"""Runs that events, sweeps, people and other runs ask for: work on issues, reviews, decisions, talk. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from app.policy.queue_refs import QueueRef
from app.policy.request import RunRequest
from app.policy.values import Json, Repo, Sha

LABEL = "quorum"

_CONVERSE, _GROUP, _RECHECK, _REVIEW, _SOLVE = 10, 15, 20, 50, 100
"""Priorities: people who wait for an answer come first, then queues, which have a time limit."""


def sweep_requests(repo: Repo, issues: Iterable[int], pulls: Iterable[tuple[int, Sha]]) -> list[RunRequest]:
    """What events would have asked for, worked out from labelled issues and open pull requests with their heads."""
    cause: Json = {"event": "sweep"}
    requests = [solve_run(repo, number, cause) for number in issues]
    for number, head in pulls:
        requests += [review_run(repo, number, head, cause), recheck_run(repo, number, cause)]
    return requests


def review_request(
    repo: Repo, number: int, head: Sha, *, cause: str = "", event: str = "asked", sender: str = "", only: str = ""
) -> RunRequest:
    """A run's own wish for a review. With a `cause` it is apart from the first of its head.

    `event`: `asked` starts afresh, as the `sender` wishes; `missing` asks only those who have not spoken of this diff.
    `only`: the one perspective that starts afresh.
    """
    more = {key: value for key, value in (("sender", sender), ("only", only)) if value}
    told: Json = {"event": event if cause else "run", "cause": cause, **more}
    return review_run(repo, number, head, told, again=cause)


def recheck_request(repo: Repo, number: int, *, cause: str = "") -> RunRequest:
    """A run's own wish for a decision. With a `cause` it is made once for that cause, whatever else is queued."""
    request = recheck_run(repo, number, {"event": "run", "cause": cause})
    if not cause:
        return request
    return replace(request, dedupe_key=f"{request.dedupe_key}:{cause}", dedupe_until="forever")


def group_request(repo: Repo, ref: QueueRef, head: Sha, cause: Json, *, again: str = "") -> RunRequest:
    """A merge group's check; once for each group, whoever told of it. `again` sets another look apart."""
    key = f"group:{repo.id}:{head}"
    return RunRequest(
        workflow="group",
        repo=repo,
        number=ref.number,
        dedupe_key=f"{key}:{again}" if again else key,
        dedupe_until="forever",
        serial_key=key,
        head_sha=head,
        priority=_GROUP,
        cause={**cause, "head_ref": ref.name},
    )


def solve_request(repo: Repo, number: int, *, asker: str, cause: str, priority: int = _SOLVE) -> RunRequest:
    """A person's wish to have the work on an issue begin again, said in words; the label that it has stays."""
    return replace(solve_run(repo, number, {"event": "asked", "cause": cause, "asker": asker}), priority=priority)


def converse_request(repo: Repo, number: int, comment_id: int, *, on_lines: bool = False) -> RunRequest:
    """For a comment that speaks to us and whose webhook may never have come."""
    cause: Json = {"event": "sweep", "comment_id": comment_id}
    return converse_run(repo, number, comment_key(comment_id, on_lines), {**cause, **ON_LINES} if on_lines else cause)


def solve_run(repo: Repo, number: int, cause: Json) -> RunRequest:
    """Work on an issue; one at a time."""
    return RunRequest(
        workflow="solve",
        repo=repo,
        number=number,
        dedupe_key=f"solve:{repo.id}:{number}",
        dedupe_until="finished",
        serial_key=f"issue:{repo.id}:{number}",
        priority=_SOLVE,
        cause=cause,
    )


def review_run(repo: Repo, number: int, head: Sha | None, cause: Json, *, again: str = "") -> RunRequest:
    """A review of a head. `again`, a delivery's id, sets it apart from its head's first; a delivery adds one."""
    key = f"review:{repo.id}:{number}:{head or 'unknown'}"
    return RunRequest(
        workflow="review",
        repo=repo,
        number=number,
        dedupe_key=f"{key}:{again}" if again else key,
        dedupe_until="forever" if head else "finished",
        serial_key=f"review:{repo.id}:{number}",
        head_sha=head,
        priority=_REVIEW,
        cause=cause,
    )


def recheck_run(repo: Repo, number: int, cause: Json, *, small: bool = False) -> RunRequest:
    """A decision of the gate. A small look is a run of its own: it must not stand in the way of a whole one."""
    key = f"recheck:{repo.id}:{number}"
    return RunRequest(
        workflow="recheck",
        repo=repo,
        number=number,
        dedupe_key=f"{key}:small" if small else key,
        dedupe_until="started",
        serial_key=key,
        priority=_RECHECK,
        cause={**cause, "look": "small"} if small else cause,
    )


def converse_run(repo: Repo, number: int, key: str, cause: Json) -> RunRequest:
    """An answer to what somebody said or pressed; `key` tells which, and it is answered once."""
    return RunRequest(
        workflow="converse",
        repo=repo,
        number=number,
        dedupe_key=f"converse:{repo.id}:{key}",
        dedupe_until="forever",
        serial_key=f"converse:{repo.id}:{number}",
        priority=_CONVERSE,
        cause=cause,
    )


def digest_of(said: str) -> str:
    """Of the words of a review, as they were submitted: GitHub does not tell whether they were edited since."""
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


ON_LINES: Json = {"on_lines": True}


def comment_key(comment_id: int, on_lines: bool) -> str:
    """Comments on lines of a pull request are numbered apart from the others."""
    return f"line-{comment_id}" if on_lines else str(comment_id)
