"""Runs that stay with pull requests of our own: one looks what they need, another does it. Pure."""

from collections.abc import Iterator, Sequence
from typing import Literal

from app.policy.event import Event
from app.policy.own_app import App
from app.policy.request import RunRequest
from app.policy.values import Json, Repo, Sha

OWN_BRANCHES = "quorum/"
"""How the names of our branches begin. A first look only: whose a pull request is, GitHub is asked."""
Need = Literal["checks", "review", "conflict"]
_AMEND, _TEND, _WATCH = 90, 60, 110
"""Priorities: as a repair that somebody pressed a button for; to look comes after reviews; no issue is urgent."""
_ENDED = frozenset(
    {("workflow_run", "completed"), ("check_run", "completed"), ("check_suite", "completed"), ("status", "")}
)
_ROUND = 0


def tend_request(repo: Repo, number: int, cause: Json) -> RunRequest:
    """Look what an own pull request needs. `number` 0: see which pull requests are ours, and look at each."""
    key = f"tend:{repo.id}:{number}"
    return RunRequest(
        workflow="tend",
        repo=repo,
        number=number,
        dedupe_key=key,
        dedupe_until="started",
        serial_key=key,
        priority=_TEND,
        cause=cause,
    )


def watch_request(repo: Repo, cause: Json) -> RunRequest:
    """See which checks fail on the default branch."""
    key = f"watch:{repo.id}"
    return RunRequest(
        workflow="watch",
        repo=repo,
        number=0,
        dedupe_key=key,
        dedupe_until="started",
        serial_key=key,
        priority=_WATCH,
        cause=cause,
    )


def amend_request(repo: Repo, number: int, issue: int, need: Need, what: str, cause: Json) -> RunRequest:
    """Change an own pull request, once for `what`: a head, or a review. `issue`: whom its branch was made for.

    Never beside the work on that issue, with which it shares the branch.
    """
    return RunRequest(
        workflow="amend",
        repo=repo,
        number=number,
        dedupe_key=f"{amend_key(repo, number, need)}{what}",
        dedupe_until="forever",
        serial_key=f"issue:{repo.id}:{issue}",
        head_sha=Sha(str(cause["head"])) if "head" in cause else None,
        priority=_AMEND,
        cause={**cause, "issue": issue, "need": need},
    )


def wished_by(login: str, permission: str, account: int) -> Json:
    """Who is credited for a change, as a part of its cause."""
    return {"sender": login, "permission": permission, "account": account}


def amend_key(repo: Repo, number: int, need: Need) -> str:
    """How the keys of all that was done to a pull request for one kind of need begin."""
    return f"amend:{repo.id}:{number}:{need}:"


def tending(event: Event, app: App, known: Sequence[int]) -> Iterator[RunRequest]:
    """What an event asks for, beside all else, because a pull request is or may be ours."""
    if event.repo is None:
        return
    cause: Json = {"event": f"{event.name}.{event.action}", "delivery": event.delivery_id}
    if event.name == "push" and known:
        yield tend_request(event.repo, _ROUND, {**cause, "branch": event.branch})
    elif _is_a_check_of_the_default_branch(event, app):
        yield watch_request(event.repo, cause)
    elif _is_a_check_of_ours(event, app):
        for number in dict.fromkeys((*event.pulls, *known)):
            yield tend_request(event.repo, number, cause)
    elif _is_about_our_pull(event, app) and event.number is not None:
        yield tend_request(event.repo, event.number, cause)


def _is_a_check_of_ours(event: Event, app: App) -> bool:
    return _is_a_check(event, app) and any(branch.startswith(OWN_BRANCHES) for branch in event.branches)


def _is_a_check_of_the_default_branch(event: Event, app: App) -> bool:
    return _is_a_check(event, app) and event.default_branch in event.branches


def _is_a_check(event: Event, app: App) -> bool:
    """A workflow tells of its end itself; of check runs of others most Apps hear nothing, and the sweep finds them."""
    return (event.name, event.action or "") in _ENDED and event.check_app_id != app.id


def _is_about_our_pull(event: Event, app: App) -> bool:
    """It is over, or a person has reviewed it."""
    reviewed = (event.name, event.action) == ("pull_request_review", "submitted") and event.sender_type == "User"
    over = (event.name, event.action) == ("pull_request", "closed")
    return (reviewed or over) and event.pull_author == app.login
