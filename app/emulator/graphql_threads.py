"""Threads are read and resolved by GraphQL only: https://docs.github.com/en/graphql/reference/objects#pullrequestreviewthread."""

from collections.abc import Mapping
from typing import Any

from app.emulator import threads
from app.emulator.auth import check
from app.emulator.graphql_input import arguments_of
from app.emulator.http import GitHubError
from app.emulator.state import Actor, Repository, User, World

Json = dict[str, Any]
_MOST = 100
_CONTENTS = {"+1": "THUMBS_UP", "-1": "THUMBS_DOWN"}
Query = tuple[str, Mapping[str, Any]]


async def resolve(world: World, repository: Repository, actor: Actor, issue: Json, told: Json) -> Json:
    return _settle(world, repository, actor, issue, told, resolved=True)


async def unresolve(world: World, repository: Repository, actor: Actor, issue: Json, told: Json) -> Json:
    return _settle(world, repository, actor, issue, told, resolved=False)


def _settle(world: World, repository: Repository, actor: Actor, issue: Json, told: Json, *, resolved: bool) -> Json:
    thread = threads.find_thread(repository, str(told.get("threadId")))
    if thread is None:
        raise GitHubError(404, f"Could not resolve to a node with the global id of '{told.get('threadId')}'")
    threads.settle(world, repository, actor, issue, thread, resolved=resolved)
    return {"thread": _render(repository, actor, issue, thread, ("", {}))}


def read_node(repository: Repository, actor: Actor, issue: Json, wanted: str, query: Query) -> Json:
    """`node(id: …)` of a pull request with its threads, or of one thread."""
    check(repository, actor, "pull_requests", "read")
    thread = threads.find_thread(repository, wanted)
    if thread is not None:
        return _render(repository, actor, issue, thread, query)
    shown: Json = {"__typename": "PullRequest", "id": wanted, "number": issue["number"]}
    if arguments_of(*query, "reviewThreads") is not None:
        found = [(threads.thread_id(each), each) for each in threads.threads_of(repository, issue["number"])]
        page = _page(found, "reviewThreads", query)
        page["nodes"] = [_render(repository, actor, issue, each, query) for each in page["nodes"]]
        shown["reviewThreads"] = page
    return shown


def _page(found: list[tuple[str, Json]], name: str, query: Query) -> Json:
    """https://docs.github.com/en/graphql/guides/using-pagination-in-the-graphql-api."""
    told = arguments_of(*query, name) or {}
    first = int(told.get("first") or 0)
    if not first:
        raise GitHubError(
            422, f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
        )
    if first > _MOST:
        told_off = f"exceeds the `first` limit of {_MOST} records."
        raise GitHubError(422, f"Requesting {first} records on the `{name}` connection {told_off}")
    cursors = [cursor for cursor, _ in found]
    after = told.get("after")
    if after is not None and after not in cursors:
        raise GitHubError(422, f"`{after}` does not appear to be a valid cursor.")
    start = 0 if after is None else cursors.index(after) + 1
    shown = found[start : start + first]
    info = {"hasNextPage": start + first < len(found), "endCursor": shown[-1][0] if shown else None}
    return {"totalCount": len(found), "nodes": [each for _, each in shown], "pageInfo": info}


def _render(repository: Repository, actor: Actor, issue: Json, thread: Json, query: Query) -> Json:
    """An App's login has no `[bot]` here, other than in REST: a person may be called the same."""
    by = thread.get("resolved_by")
    shown = {
        "__typename": "PullRequestReviewThread",
        "id": threads.thread_id(thread),
        "isResolved": by is not None,
        "resolvedBy": None if by is None else {"login": login_of(by)},
        "path": thread["path"],
        "diffSide": thread["side"],
        "originalLine": thread["line"],
        "originalStartLine": thread.get("start_line"),
        "viewerCanResolve": by is None and threads.may_resolve(repository, actor, issue),
    }
    if arguments_of(*query, "comments") is not None:
        found = [(f"PRRC_{each['id']}", each) for each in threads.comments_of(repository, thread)]
        page = _page(found, "comments", query)
        shown["comments"] = {**page, "nodes": [_comment(repository, each, query) for each in page["nodes"]]}
    return shown


def _comment(repository: Repository, comment: Json, query: Query) -> Json:
    user: User = comment["review"]["user"]
    shown = {
        "id": f"PRRC_{comment['id']}",
        "fullDatabaseId": str(comment["id"]),
        "body": comment["body"],
        "author": {"__typename": user.type, "login": login_of(user)},
        "originalCommit": {"oid": comment["review"]["commit_id"]},
    }
    told = arguments_of(*query, "reactions")
    if told is not None:
        given = [each for each in repository.reactions if each["on"] == ("review_comment", comment["id"])]
        named = [(each["shown"]["node_id"], _reaction(each)) for each in given]
        wanted = [each for each in named if told.get("content") in {None, each[1]["content"]}]
        shown["reactions"] = _page(wanted, "reactions", query)
    return shown


def _reaction(given: Json) -> Json:
    content = given["shown"]["content"]
    return {"content": _CONTENTS.get(content, content.upper()), "user": {"login": given["user"].removesuffix("[bot]")}}


def login_of(user: User) -> str:
    """As GraphQL has it: an App's without `[bot]`."""
    return user.login.removesuffix("[bot]") if user.type == "Bot" else user.login


mutations = {"resolveReviewThread": resolve, "unresolveReviewThread": unresolve}
