"""Threads of comments on a pull request's lines, which only GraphQL shows and resolves."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.forge.api import GitHub
from app.forge.effects import Effect
from app.forge.errors import NotFoundError, RefusedError
from app.policy.values import Json, Sha

_MOST_PAGES = 20
_NOT_WANTED = re.compile(r"\W*(?:won'?t ?fix|will not fix|not a bug|by design|works as intended)\b", re.IGNORECASE)
"""How an answer in a thread begins that refuses what it is about. Only a few plain phrases: nobody guesses."""
_THREADS = """
query threadsOf($id: ID!, $after: String) { node(id: $id) { ... on PullRequest {
  reviewThreads(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes {
    id isResolved resolvedBy { login } path originalLine
    comments(first: 5) { nodes { fullDatabaseId body author { __typename login } originalCommit { oid }
      reactions(first: 20, content: THUMBS_DOWN) { nodes { user { login } } } } }
  } } } } }
"""
_IS_RESOLVED = "query isResolved($id: ID!) { node(id: $id) { ... on PullRequestReviewThread { isResolved } } }"
_RESOLVE = """
mutation resolveReviewThread($id: ID!) { resolveReviewThread(input: {threadId: $id}) { thread { isResolved } } }
"""


@dataclass(frozen=True)
class Thread:
    """What we said on a line of `head`, which was the pull request's, and what became of it.

    `resolved_by`: a login, "" where GitHub names nobody; None: the thread is open, or it was us. `refused_by`: who put
    a thumbs-down to it, or answered it with "won't fix". `comment`: the REST id of what it begins with.
    """

    id: str
    path: str
    line: int
    head: Sha
    body: str
    resolved: bool
    resolved_by: str | None
    refused_by: tuple[str, ...]
    comment: int = 0


async def read_threads(gh: GitHub, node_id: str) -> list[Thread]:
    """Those that this App began on a pull request, oldest first: a hundred a request, and two thousand at most.

    The pull request is named by its node id, which outlives a renamed repository. One whose commit GitHub no longer
    shows is left out. https://docs.github.com/en/graphql/reference/objects#pullrequestreviewthread
    """
    found: list[Thread] = []
    after: str | None = None
    for _ in range(_MOST_PAGES):
        answer = await gh.graphql(_THREADS, id=node_id, after=after)
        page = answer["node"]["reviewThreads"]
        found += [thread for each in page["nodes"] if (thread := _ours(gh, each)) is not None]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    return found


def resolve_thread(gh: GitHub, thread_id: str) -> Effect:
    """Resolve a thread; the same again changes nothing. `gh` asks with `permissions.RESOLVE`.

    What was deleted, or may not be resolved by us here, stays as it is: no review fails for that.
    https://docs.github.com/en/graphql/reference/mutations#resolvereviewthread
    """

    async def find() -> Json | None:
        try:
            answer = await gh.graphql(_IS_RESOLVED, id=thread_id)
        except NotFoundError:
            return {"resolved": False}
        return {"resolved": True} if answer["node"]["isResolved"] else None

    async def do() -> Json:
        try:
            await gh.graphql(_RESOLVE, id=thread_id)
        except (NotFoundError, RefusedError):
            return {"resolved": False}
        return {"resolved": True}

    return Effect(do, find)


def _ours(gh: GitHub, node: Mapping[str, Any]) -> Thread | None:
    """GraphQL names an App without `[bot]`, so that only the kind of its account tells it from a person's."""
    (first, *answers) = node["comments"]["nodes"] or [None]
    if first is None or first["author"] != {"__typename": "Bot", "login": gh.forge.slug}:
        return None
    if first["originalCommit"] is None or node["originalLine"] is None:
        return None
    resolver = (node["resolvedBy"] or {"login": ""})["login"]
    by_us = resolver.removesuffix("[bot]") == gh.forge.slug
    return Thread(
        id=node["id"],
        path=node["path"],
        line=node["originalLine"],
        head=Sha(first["originalCommit"]["oid"]),
        body=first["body"],
        resolved=node["isResolved"],
        resolved_by=None if by_us or not node["isResolved"] else resolver,
        refused_by=tuple(dict.fromkeys(_refused_by(first, answers))),
        comment=int(first["fullDatabaseId"] or 0),
    )


def _refused_by(first: Mapping[str, Any], answers: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Logins; what an App answers is nobody's word."""
    yield from (each["user"]["login"] for each in first["reactions"]["nodes"] if each["user"])
    for each in answers:
        if (each["author"] or {}).get("__typename") == "User" and _NOT_WANTED.match(
            each["body"].replace("\u2019", "'")
        ):
            yield each["author"]["login"]
