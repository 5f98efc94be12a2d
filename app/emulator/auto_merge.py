"""Auto-merge: a pull request is merged by itself once it has all that its base branch demands.

https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/automatically-merging-a-pull-request
"""

from typing import Any

from app.emulator.auth import may_write
from app.emulator.http import GitHubError
from app.emulator.issue_events import record, tell_of
from app.emulator.merge_queue import enqueue
from app.emulator.merging import Merge, merge, must_be_allowed, must_be_mergeable
from app.emulator.queue_rules import NOBODY, queue_of
from app.emulator.rules import demands_on
from app.emulator.state import Actor, Repository, World

Json = dict[str, Any]


async def enable(world: World, repository: Repository, actor: Actor, issue: Json, wish: Merge) -> None:
    """To be called with the repository's lock held. Raises `GitHubError`."""
    await _must_have_to_wait(repository, issue)
    pull = issue["pull"]
    seen = {"base_ref": pull["base_ref"], "head_sha": pull["head_sha"]}
    pull["auto_merge"] = {"actor": actor, "wish": wish, **seen}
    record(world, repository, issue, "auto_merge_enabled", actor.user)
    tell_of(world, repository, issue, "auto_merge_enabled", actor.user)


def disable(world: World, repository: Repository, actor: Actor, issue: Json, reason: str) -> None:
    issue["pull"]["auto_merge"] = None
    record(world, repository, issue, "auto_merge_disabled", actor.user)
    tell_of(world, repository, issue, "auto_merge_disabled", actor.user, reason=reason)


def waiting(repository: Repository) -> list[Json]:
    """The pull requests that are to be merged by themselves."""
    found = (issue for issue in repository.issues.values() if issue["pull"] and issue["pull"].get("auto_merge"))
    return [issue for issue in found if not issue["pull"]["merged"]]


async def settle(world: World, repository: Repository, actor: Actor) -> None:
    """Merge what is due, or put it into its base's queue. `actor`: whose doing this follows. With the lock held."""
    for issue in waiting(repository):
        reason = _why_no_more(repository, issue, actor)
        if reason is not None:
            disable(world, repository, actor, issue, reason)
        elif await _is_due(repository, issue):
            await _merge(world, repository, issue)


async def _must_have_to_wait(repository: Repository, issue: Json) -> None:
    """GitHub takes only what could not be merged at once, except into a queue. Raises `GitHubError` in its words."""
    branch, queued = issue["pull"]["base_ref"], queue_of(repository, issue["pull"]["base_ref"]) is not None
    if issue["state"] != "open":
        raise GitHubError(422, "Can't enable auto-merge for this pull request")
    if not repository.allow_auto_merge:
        raise GitHubError(422, "Pull request Auto merge is not allowed for this repository")
    if not any(demands_on(repository, branch)):
        raise GitHubError(422, "Pull request Protected branch rules not configured for this branch")
    if issue["pull"]["draft"]:
        raise GitHubError(422, "Pull request Pull request is a draft")
    if not queued and await _is_due(repository, issue):
        raise GitHubError(422, "Pull request Pull request is in clean status")


def _why_no_more(repository: Repository, issue: Json, actor: Actor) -> str | None:
    """Why auto-merge ends without a merge. A head that somebody with write access pushed is taken note of."""
    pull = issue["pull"]
    auto = pull["auto_merge"]
    if issue["state"] != "open":
        return "Pull request was closed"
    if pull["draft"]:
        return "Pull request was converted to draft"
    if pull["base_ref"] != auto["base_ref"]:
        return "Base branch was modified"
    if pull["head_sha"] != auto["head_sha"] and not may_write(repository, actor):
        return "Head branch was pushed to by a user without write access"
    auto["head_sha"] = pull["head_sha"]
    return None


async def _is_due(repository: Repository, issue: Json) -> bool:
    """Whether it has all that is demanded; nobody's right to bypass is used."""
    queued = queue_of(repository, issue["pull"]["base_ref"]) is not None
    try:
        base = await must_be_allowed(repository, NOBODY, issue, queued=queued)
        await must_be_mergeable(repository, issue, base)
    except GitHubError:
        return False
    return True


async def _merge(world: World, repository: Repository, issue: Json) -> None:
    """Who enabled it merges. What waits in a queue is not waiting to be put there any more."""
    pull = issue["pull"]
    auto = pull["auto_merge"]
    if queue_of(repository, pull["base_ref"]) is None:
        await merge(world, repository, auto["actor"], issue, auto["wish"])
    else:
        pull["auto_merge"] = None
        await enqueue(world, repository, auto["actor"], issue)
