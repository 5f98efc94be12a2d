"""Threads of comments on a diff: what belongs to one, who may end it, and who is told.

https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/commenting-on-a-pull-request#resolving-conversations
A thread is its first comment, which keeps who resolved it.
"""

from collections.abc import Iterator
from typing import Any

from app.emulator.auth import check, may_write
from app.emulator.events import tell
from app.emulator.http import GitHubError
from app.emulator.render_pulls import render_listed_pull, render_review_comment
from app.emulator.state import Actor, Repository, World

Json = dict[str, Any]


def threads_of(repository: Repository, number: int) -> list[Json]:
    """Of a pull request, oldest first; those of pending reviews nobody sees."""
    return [each for each in _threads(repository) if each["review"]["pull"] == number]


def find_thread(repository: Repository, wanted: str) -> Json | None:
    return next((each for each in _threads(repository) if thread_id(each) == wanted), None)


def _threads(repository: Repository) -> Iterator[Json]:
    for comment in repository.review_comments.values():
        if comment["in_reply_to"] is None and comment["review"]["state"] != "PENDING":
            yield comment


def comments_of(repository: Repository, thread: Json) -> list[Json]:
    replies = (each for each in repository.review_comments.values() if each["in_reply_to"] == thread["id"])
    return [thread, *replies]


def thread_id(thread: Json) -> str:
    return f"PRRT_{thread['id']}"


def may_resolve(repository: Repository, actor: Actor, issue: Json) -> bool:
    """Who opened the pull request and who may write; an App needs `contents: write` for it, though no page says so."""
    own = actor.installation is None and issue["user"] == actor.user
    return own or may_write(repository, actor)


def settle(world: World, repository: Repository, actor: Actor, issue: Json, thread: Json, *, resolved: bool) -> None:
    """End a thread, or begin it again. What is so already stays so, and nobody is told."""
    check(repository, actor, "pull_requests", "write")
    if not may_resolve(repository, actor, issue):
        raise GitHubError(403, "Resource not accessible by integration" if actor.installation else "Forbidden")
    if (thread.get("resolved_by") is not None) == resolved:
        return
    thread["resolved_by"] = actor.user if resolved else None
    shown = [render_review_comment(world, repository, each) for each in comments_of(repository, thread)]
    payload = {
        "thread": {"node_id": thread_id(thread), "comments": shown},
        "pull_request": render_listed_pull(world, repository, issue),
    }
    tell(world, repository, "pull_request_review_thread", "resolved" if resolved else "unresolved", actor.user, payload)
