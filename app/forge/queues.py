"""Merge queues, as GitHub shows them: which groups there are, and whether a pull request waits in one."""

from dataclasses import dataclass
from datetime import datetime

from app.forge.api import GitHub
from app.policy.queue_refs import QUEUE_REFS, QueueRef, parse_queue_ref
from app.policy.values import Sha

_ADDED, _REMOVED = "added_to_merge_queue", "removed_from_merge_queue"


@dataclass(frozen=True)
class InQueue:
    """What happened last between a pull request and a queue, in seconds since 1970. Both None: nothing ever did."""

    added_at: float | None = None
    removed_at: float | None = None


async def read_queue_refs(gh: GitHub) -> list[tuple[QueueRef, Sha]]:
    """The groups of the repository's merge queues with the commits they are at, at most a hundred.

    https://docs.github.com/en/rest/git/refs#list-matching-references speaks of no pages.
    """
    items = await gh.get(f"git/matching-refs/{QUEUE_REFS}", per_page=100)
    named = [(parse_queue_ref(item["ref"]), Sha(item["object"]["sha"])) for item in items]
    return [(ref, sha) for ref, sha in named if ref is not None]


async def read_in_queue(gh: GitHub, number: int) -> InQueue:
    """By the newest event, as REST shows no queue: https://docs.github.com/en/rest/issues/events."""
    newest = InQueue()
    async for event in gh.pages(f"issues/{number}/events"):
        if event["event"] in {_ADDED, _REMOVED}:
            at = datetime.fromisoformat(event["created_at"]).timestamp()
            newest = InQueue(added_at=at) if event["event"] == _ADDED else InQueue(removed_at=at)
    return newest
