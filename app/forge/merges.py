"""Merging a pull request, at once or by its base's merge queue, with the way to find out whether it was done."""

from app.forge.api import GitHub
from app.forge.effects import Effect
from app.forge.queues import read_in_queue
from app.policy.values import Json, Sha


def merge(gh: GitHub, number: int, head_sha: Sha, method: str) -> Effect:
    """Merge a pull request at this head and at no other: https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request."""

    async def find() -> Json | None:
        pull = await gh.get(f"pulls/{number}")
        return {"merged": pull["merge_commit_sha"]} if pull["merged"] and pull["head"]["sha"] == head_sha else None

    async def do() -> Json:
        found = await find()
        if found is not None:
            return found
        answer = await gh.put(f"pulls/{number}/merge", {"sha": head_sha, "merge_method": method})
        return {"merged": answer["sha"]}

    return Effect(do, find)


def enqueue(gh: GitHub, number: int, node_id: str, head_sha: Sha) -> Effect:
    """Put a pull request into its base's merge queue, at this head and at no other.

    https://docs.github.com/en/graphql/reference/mutations#enqueuepullrequest
    """

    async def find() -> Json | None:
        """GitHub takes it out of the queue when its head moves, so that what is in there is the head it has."""
        pull = await gh.get(f"pulls/{number}")
        if pull["head"]["sha"] != head_sha:
            return None
        waits = pull["merged"] or (await read_in_queue(gh, number)).added_at is not None
        return {"queued": head_sha} if waits else None

    async def do() -> Json:
        found = await find()
        if found is not None:
            return found
        await gh.graphql(
            "mutation enqueuePullRequest($id: ID!, $head: GitObjectID!) {"
            " enqueuePullRequest(input: {pullRequestId: $id, expectedHeadOid: $head}) { mergeQueueEntry { id } } }",
            id=node_id,
            head=head_sha,
        )
        return {"queued": head_sha}

    return Effect(do, find)
