"""Merge groups: the commits on which a merge queue wants checks, each on a branch that only the queue may write.

https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group
"""

from typing import Any, Literal

from app.emulator import git
from app.emulator.commits import read_commit, render_simple
from app.emulator.events import tell
from app.emulator.merging import METHODS, merge_commit
from app.emulator.pushes import NOTHING, after_push
from app.emulator.queue_rules import Parameters
from app.emulator.state import Actor, Entry, Group, Repository, User, World

Json = dict[str, Any]
QUEUE = Actor(User("github-merge-queue[bot]", 118_344_674, "Bot"))
"""Who moves the branches and throws entries out."""


async def build(world: World, repository: Repository, branch: str, entry: Entry, queue: Parameters, onto: str) -> Group:
    """A group of all entries before this one, whose commit is `onto`, and this one. Raises `GitHubError` at conflicts.

    The commit's time is its own: a group that is built again is another commit, whose checks begin anew.
    """
    issue, date = repository.issues[entry.pull], f"@{world.moment()} +0000"
    env = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    head = await merge_commit(repository, issue, {"merge_method": METHODS[queue["merge_method"]]}, onto, env)
    group = entry.group = Group(f"refs/heads/gh-readonly-queue/{branch}/pr-{entry.pull}-{onto}", onto, head)
    await git.run_git(repository.path, "update-ref", group.ref, head)
    await after_push(world, repository, QUEUE, group.ref, NOTHING, head)
    await _tell(world, repository, branch, group, "checks_requested")
    return group


async def destroy(
    world: World,
    repository: Repository,
    branch: str,
    entry: Entry,
    reason: Literal["merged", "invalidated", "dequeued"],
) -> None:
    """Take an entry's group away, if it has one."""
    group, entry.group = entry.group, None
    if group is None:
        return
    await git.run_git(repository.path, "update-ref", "-d", group.ref, group.head_sha)
    await after_push(world, repository, QUEUE, group.ref, group.head_sha, NOTHING)
    await _tell(world, repository, branch, group, "destroyed", reason=reason)


async def _tell(world: World, repository: Repository, branch: str, group: Group, action: str, **more: Any) -> None:
    shown = {"head_sha": group.head_sha, "head_ref": group.ref, "base_sha": group.base_sha}
    shown |= {"base_ref": f"refs/heads/{branch}"}
    commit = render_simple(await read_commit(repository, group.head_sha))
    payload: Json = {"merge_group": {**shown, "head_commit": commit}, **more}
    tell(world, repository, "merge_group", action, QUEUE.user, payload)
