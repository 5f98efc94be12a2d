"""The merge queue: pull requests wait in line, are tried on top of each other, and land once their checks pass.

https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/merging-a-pull-request-with-a-merge-queue
"""

from typing import Any

from app.emulator import git
from app.emulator.http import GitHubError
from app.emulator.issue_events import record, tell_of
from app.emulator.merge_groups import QUEUE, build, destroy
from app.emulator.merging import mark_merged, must_be_allowed, must_be_mergeable
from app.emulator.pushes import after_push
from app.emulator.queue_rules import NOBODY, Parameters, first_out, how_many_land, queue_of, standings, why_out
from app.emulator.state import Actor, Entry, Repository, World, now

Json = dict[str, Any]


async def enqueue(world: World, repository: Repository, actor: Actor, issue: Json, *, jump: bool = False) -> Entry:
    """At the end of the line, or at its head. To be called with the repository's lock held. Raises `GitHubError`."""
    branch, number = issue["pull"]["base_ref"], issue["number"]
    entries = repository.queues.setdefault(branch, [])
    if queue_of(repository, branch) is None:
        raise GitHubError(422, f"The branch {branch} has no merge queue")
    if find_entry(repository, issue) is not None:
        raise GitHubError(422, f"Pull request #{number} is already in the merge queue")
    base = await must_be_allowed(repository, NOBODY, issue, queued=True)
    await must_be_mergeable(repository, issue, base)
    entry = Entry(world.next_id(), number, issue["pull"]["head_sha"], actor, now())
    entries.insert(0 if jump else len(entries), entry)
    record(world, repository, issue, "added_to_merge_queue", actor.user)
    tell_of(world, repository, issue, "enqueued", actor.user)
    return entry


async def remove(world: World, repository: Repository, branch: str, entry: Entry, actor: Actor, reason: str) -> None:
    """Throw an entry out; what was built on it is found to be invalid when the queue is settled."""
    repository.queues[branch].remove(entry)
    issue = repository.issues[entry.pull]
    record(world, repository, issue, "removed_from_merge_queue", actor.user)
    tell_of(world, repository, issue, "dequeued", actor.user, reason=reason)
    await destroy(world, repository, branch, entry, "dequeued")


def find_entry(repository: Repository, issue: Json) -> tuple[str, Entry] | None:
    """The base branch in whose line a pull request waits, and its place holder."""
    lines = repository.queues.items()
    found = ((branch, entry) for branch, line in lines for entry in line if entry.pull == issue["number"])
    return next(found, None)


async def settle(world: World, repository: Repository, actor: Actor) -> None:
    """Bring every line to where it may go by itself. `actor`: whose doing it follows. With the lock held."""
    for branch in list(repository.queues):
        while await _step(world, repository, branch, actor):
            pass


async def _step(world: World, repository: Repository, branch: str, actor: Actor) -> bool:
    """Whether anything left the line, so that there may be more to do."""
    entries = repository.queues[branch]
    for entry in entries:
        reason = why_out(repository, branch, entry)
        if reason is not None:
            await remove(world, repository, branch, entry, actor, reason)
            return True
    queue, tip = queue_of(repository, branch), await git.rev(repository.path, f"refs/heads/{branch}")
    if not entries or queue is None or tip is None:
        return False
    await _invalidate(world, repository, branch, tip)
    unmergeable = await _build(world, repository, branch, queue, tip)
    if unmergeable is not None:
        await remove(world, repository, branch, unmergeable, QUEUE, "MERGE_CONFLICT")
        return True
    found = standings(repository, branch, entries)
    out = first_out(queue, found)
    if out is not None:
        reason = "CI_FAILURE" if found[out] == "failed" else "BRANCH_PROTECTIONS"
        await remove(world, repository, branch, entries[out], QUEUE, reason)
        return True
    return await _land(world, repository, branch, tip, how_many_land(queue, found))


async def _invalidate(world: World, repository: Repository, branch: str, tip: str) -> None:
    """Take away the groups that do not stand on what they should stand on any more."""
    onto: str | None = tip
    for entry in repository.queues[branch]:
        if entry.group is not None and entry.group.base_sha != onto:
            await destroy(world, repository, branch, entry, "invalidated")
        onto = None if entry.group is None else entry.group.head_sha


async def _build(world: World, repository: Repository, branch: str, queue: Parameters, tip: str) -> Entry | None:
    """Build the groups that are missing, as many as may be; returns an entry that has conflicts with those before."""
    onto = tip
    for entry in repository.queues[branch][: queue["max_entries_to_build"] or None]:
        try:
            group = entry.group or await build(world, repository, branch, entry, queue, onto)
        except GitHubError:
            return entry
        onto = group.head_sha
    return None


async def _land(world: World, repository: Repository, branch: str, tip: str, count: int) -> bool:
    """Move the base branch to the last of so many groups: one push, and every pull request is merged."""
    landing, repository.queues[branch][:count] = repository.queues[branch][:count], []
    heads = {entry.id: entry.group.head_sha for entry in landing if entry.group is not None}
    if not heads:
        return False
    head, ref = heads[landing[-1].id], f"refs/heads/{branch}"
    await git.run_git(repository.path, "update-ref", ref, head, tip)
    for entry in landing:
        issue = repository.issues[entry.pull]
        tell_of(world, repository, issue, "dequeued", QUEUE.user, reason="MERGE")
        mark_merged(world, repository, entry.actor, issue, heads[entry.id])
    await after_push(world, repository, QUEUE, ref, tip, head, kind="merge_queue_merge")
    for entry in landing:
        await destroy(world, repository, branch, entry, "merged")
    return True
