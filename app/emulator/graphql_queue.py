"""Into the merge queue and out of it: https://docs.github.com/en/graphql/reference/mutations#enqueuepullrequest."""

from typing import Any

from app.emulator.auth import check
from app.emulator.http import GitHubError
from app.emulator.merge_queue import enqueue, find_entry, remove
from app.emulator.merging import must_be_the_head
from app.emulator.queue_rules import standings
from app.emulator.state import Actor, Entry, Repository, World

Json = dict[str, Any]


async def enqueue_pull(world: World, repository: Repository, actor: Actor, issue: Json, told: Json) -> Json:
    check(repository, actor, "contents", "write")
    async with repository.lock:
        if told.get("expectedHeadOid"):
            must_be_the_head(issue, told["expectedHeadOid"])
        entry = await enqueue(world, repository, actor, issue, jump=bool(told.get("jump")))
        return {"mergeQueueEntry": _render(repository, issue["pull"]["base_ref"], entry)}


async def dequeue_pull(world: World, repository: Repository, actor: Actor, issue: Json, _told: Json) -> Json:
    check(repository, actor, "contents", "write")
    async with repository.lock:
        found = find_entry(repository, issue)
        if found is None:
            raise GitHubError(422, f"Pull request #{issue['number']} is not in the merge queue")
        shown = _render(repository, *found)
        await remove(world, repository, *found, actor, "MANUAL")
        return {"mergeQueueEntry": shown}


def _render(repository: Repository, branch: str, entry: Entry) -> Json:
    """https://docs.github.com/en/graphql/reference/objects#mergequeueentry."""
    states = {"passed": "MERGEABLE", "failed": "UNMERGEABLE", "refused": "UNMERGEABLE", "waiting": "AWAITING_CHECKS"}
    built = standings(repository, branch, [entry])
    group = entry.group
    issue = repository.issues[entry.pull]
    return {
        "id": f"MQE_{entry.id}",
        "position": repository.queues[branch].index(entry) + 1,
        "state": states[built[0]] if built else "QUEUED",
        "enqueuedAt": entry.enqueued_at,
        "enqueuer": {"login": entry.actor.user.login},
        "baseCommit": None if group is None else {"oid": group.base_sha},
        "headCommit": None if group is None else {"oid": group.head_sha},
        "pullRequest": {"id": f"PR_{issue['id']}", "number": entry.pull},
    }


mutations = {"enqueuePullRequest": enqueue_pull, "dequeuePullRequest": dequeue_pull}
