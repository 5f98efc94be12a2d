"""Every write to GitHub, each with the way to find it again. A marker, an external id or a name is the natural key."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from app.forge.api import GitHub
from app.forge.cut import cut
from app.forge.errors import NotFoundError, RefusedError
from app.policy.values import Json, Sha


@dataclass(frozen=True)
class Effect:
    """`find` gives the receipt of what was done already, or None.

    `first` does the same without a look before, for the first try of all; `do` may be called whatever came before.
    """

    do: Callable[[], Awaitable[Json]]
    find: Callable[[], Awaitable[Json | None]]
    first: Callable[[], Awaitable[Json]] | None = None


def reaction(gh: GitHub, number: int, content: str) -> Effect:
    """GitHub gives the same reaction back when it is there already."""

    async def do() -> Json:
        answer = await gh.post(f"issues/{number}/reactions", {"content": content})
        return {"id": answer["id"]}

    async def find() -> Json | None:
        async for item in gh.pages(f"issues/{number}/reactions", content=content):
            if is_ours(gh, item) and item["content"] == content:
                return {"id": item["id"]}
        return None

    return Effect(do, find)


def comment(gh: GitHub, number: int, key: str, body: str) -> Effect:
    """A comment that is written once for its key."""
    marker = marker_of(gh, number, key)

    async def find() -> Json | None:
        async for item in gh.pages(f"issues/{number}/comments"):
            if is_ours(gh, item) and marker in item["body"]:
                return {"id": item["id"]}
        return None

    async def do() -> Json:
        found = await find()
        if found is not None:
            return found
        answer = await gh.post(f"issues/{number}/comments", {"body": f"{marker}\n{cut(body)}"})
        return {"id": answer["id"]}

    return Effect(do, find)


def edit_comment(gh: GitHub, number: int, comment_id: int, key: str, body: str) -> Effect:
    """Idempotent: the same text again changes nothing. A comment that somebody deleted stays deleted."""
    text = f"{marker_of(gh, number, key)}\n{cut(body)}"

    async def do() -> Json:
        with suppress(NotFoundError):
            await gh.patch(f"issues/comments/{comment_id}", {"body": text})
        return {"id": comment_id}

    async def find() -> Json | None:
        try:
            found = await gh.get(f"issues/comments/{comment_id}")
        except NotFoundError:
            return {"id": comment_id}
        return {"id": comment_id} if found["body"] == text else None

    return Effect(do, find)


def pull_request(gh: GitHub, head_ref: str, base_ref: str, title: str, body: str, *, draft: bool = True) -> Effect:
    """A pull request, a draft or not; one head and base have at most one that is open."""

    async def find() -> Json | None:
        head = f"{gh.repo.owner}:{head_ref}"
        async for item in gh.pages("pulls", state="open", head=head, base=base_ref):
            return {"number": item["number"], "node_id": item["node_id"]}
        return None

    async def do() -> Json:
        wanted = {"head": head_ref, "base": base_ref, "title": title, "body": cut(body), "draft": draft}
        try:
            answer = await gh.post("pulls", wanted)
        except RefusedError:
            found = await find()
            if found is None:
                raise
            return found
        return {"number": answer["number"], "node_id": answer["node_id"]}

    return Effect(do, find)


def add_to_pull(gh: GitHub, number: int, section: str) -> Effect:
    """Put a section at the end of a pull request's description, whatever people made of the rest."""

    async def find() -> Json | None:
        pull = await gh.get(f"pulls/{number}")
        return {"number": number} if section in (pull["body"] or "").replace("\r\n", "\n") else None

    async def do() -> Json:
        if await find() is None:
            body = (await gh.get(f"pulls/{number}"))["body"] or ""
            await gh.patch(f"pulls/{number}", {"body": cut(f"{body}\n\n{section}")})
        return {"number": number}

    return Effect(do, find)


def rewrite_pull(gh: GitHub, number: int, old: str, new: str, since: str) -> Effect:
    """Put `new` in the place of `old`, with which a pull request's description begins; what was added to it stays.

    Where people changed that, nothing of theirs is lost: `since` goes to its end instead.
    """
    was, now = cut(old), cut(new)

    async def read() -> str:
        return str((await gh.get(f"pulls/{number}"))["body"] or "").replace("\r\n", "\n")

    async def find() -> Json | None:
        body = await read()
        return {"number": number} if body.startswith(now) or since in body else None

    async def do() -> Json:
        body = await read()
        if not body.startswith(now) and since not in body:
            text = f"{now}{body[len(was) :]}" if was and body.startswith(was) else f"{body}\n\n{since}"
            await gh.patch(f"pulls/{number}", {"body": cut(text)})
        return {"number": number}

    return Effect(do, find)


def review(
    gh: GitHub, number: int, head_sha: Sha, key: str, body: str, comments: Sequence[Mapping[str, Any]]
) -> Effect:
    """One review with inline comments; a comment outside the diff would have the whole review refused.

    Nothing else may write one with its `key`: the first try does not look for it.
    """
    marker = marker_of(gh, number, key)

    async def find() -> Json | None:
        async for item in gh.pages(f"pulls/{number}/reviews"):
            if is_ours(gh, item) and marker in (item["body"] or ""):
                return {"id": item["id"]}
        return None

    async def first() -> Json:
        wanted = {
            "commit_id": head_sha,
            "event": "COMMENT",
            "body": f"{marker}\n{cut(body)}",
            "comments": list(comments),
        }
        answer = await gh.post(f"pulls/{number}/reviews", wanted)
        return {"id": answer["id"]}

    async def do() -> Json:
        return await find() or await first()

    return Effect(do, find, first)


def ready_for_review(gh: GitHub, number: int, node_id: str) -> Effect:
    """End a draft, which only GraphQL can: https://docs.github.com/en/graphql/reference/mutations."""

    async def find() -> Json | None:
        pull = await gh.get(f"pulls/{number}")
        return None if pull["draft"] else {"number": number}

    async def do() -> Json:
        if await find() is not None:
            return {"number": number}  # GitHub refuses to end a draft that is none
        await gh.graphql(
            "mutation markPullRequestReadyForReview($id: ID!) {"
            " markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft } } }",
            id=node_id,
        )
        return {"number": number}

    return Effect(do, find)


def close_pull(gh: GitHub, number: int) -> Effect:
    """Close a pull request; one that is closed or merged stays as it is."""

    async def find() -> Json | None:
        pull = await gh.get(f"pulls/{number}")
        return {"number": number} if pull["state"] == "closed" else None

    async def do() -> Json:
        if await find() is None:
            await gh.patch(f"pulls/{number}", {"state": "closed"})
        return {"number": number}

    return Effect(do, find)


def delete_branch(gh: GitHub, ref: str) -> Effect:
    """Take back a branch that nothing came of, or that was merged. Doing it again does no harm.

    That it is gone is looked for all the same: of a deletion whose answers never come nobody would know the end.
    https://docs.github.com/en/rest/git/refs#get-a-reference
    """

    async def do() -> Json:
        try:
            await gh.delete(f"git/refs/heads/{ref}")
        except (NotFoundError, RefusedError):
            return {"deleted": False}
        return {"deleted": True}

    async def find() -> Json | None:
        try:
            await gh.get(f"git/ref/heads/{ref}")
        except NotFoundError:
            return {"deleted": True}
        return None

    return Effect(do, find)


def marker_of(gh: GitHub, number: int, key: str) -> str:
    """Hidden in the text; its seal keeps others from planting one."""
    told = f"{gh.repo.id}/{number}/{key}".encode()
    seal = hmac.new(gh.forge.marker_key, told, hashlib.sha256).hexdigest()[:16]
    return f"<!-- quorum:{key}:{seal} -->"


def is_ours(gh: GitHub, item: Mapping[str, Any]) -> bool:
    return bool(item["user"]) and item["user"]["login"] == gh.forge.login
