"""What people say in a pull request beside its conversation: on lines, in threads, and in the words of a review.

https://docs.github.com/en/rest/pulls/comments, https://docs.github.com/en/rest/pulls/reviews
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.forge.api import GitHub
from app.forge.effects import Effect
from app.forge.errors import NotFoundError
from app.forge.read import CommentFacts, read_comment
from app.policy.values import Json
from app.policy.work_requests import digest_of


@dataclass(frozen=True)
class Place:
    """Where a thread stands. `thread`: the id of its first comment, which is the only one that can be answered."""

    thread: int
    path: str
    line: int | None
    hunk: str


@dataclass(frozen=True)
class Heard:
    """A comment as it stands now, or None if it is gone. `place` None: it is in the conversation, not on a line.

    `review`: of the words of a review, its state as GitHub writes it (`CHANGES_REQUESTED`); its id is the comment's.
    """

    comment: CommentFacts | None
    place: Place | None = None
    review: str = ""


async def hear_comment(gh: GitHub, comment_id: int, *, on_lines: bool) -> Heard:
    """Read it again: what an event said of it may have been changed since, or taken back."""
    try:
        if not on_lines:
            return Heard(await read_comment(gh, comment_id))
        item = await gh.get(f"pulls/comments/{comment_id}")
    except NotFoundError:
        return Heard(None)
    return Heard(_facts(item), _place(item))


async def hear_review(gh: GitHub, number: int, review: int, digest: str) -> Heard:
    """The words of a review. Of those that are not the submitted ones, which `digest` tells, the time is unknown."""
    try:
        item = await gh.get(f"pulls/{number}/reviews/{review}")
    except NotFoundError:
        return Heard(None)
    body, at = item["body"] or "", item["submitted_at"]
    facts = _facts({**item, "created_at": at, "updated_at": at if digest_of(body) == digest else ""})
    return Heard(facts, review=str(item["state"]))


async def read_thread(gh: GitHub, number: int, place: Place) -> list[CommentFacts]:
    """All comments of a thread, oldest first."""
    items = gh.pages(f"pulls/{number}/comments")
    return [_facts(item) async for item in items if _place(item).thread == place.thread]


async def read_recent_line_comments(gh: GitHub, since: str) -> list[tuple[int, CommentFacts]]:
    """Those on all pull requests since a time (ISO 8601), each with its pull request's number.

    https://docs.github.com/en/rest/pulls/comments#list-review-comments-in-a-repository
    """
    items = gh.pages("pulls/comments", since=since)
    return [(int(item["pull_request_url"].rsplit("/", 1)[1]), _facts(item)) async for item in items]


def comment_reaction(gh: GitHub, comment_id: int, content: str, *, on_lines: bool) -> Effect:
    """GitHub gives the same reaction back when it is there already; a comment that is gone gets none.

    https://docs.github.com/en/rest/reactions/reactions
    """
    place = f"{'pulls' if on_lines else 'issues'}/comments/{comment_id}/reactions"

    async def do() -> Json:
        try:
            return {"id": (await gh.post(place, {"content": content}))["id"]}
        except NotFoundError:
            return {"id": 0}

    async def find() -> Json | None:
        return None

    return Effect(do, find)


def _place(item: Mapping[str, Any]) -> Place:
    line = item.get("line") or item.get("original_line")
    return Place(int(item.get("in_reply_to_id") or item["id"]), item["path"], line, item.get("diff_hunk") or "")


def _facts(item: Mapping[str, Any]) -> CommentFacts:
    user: Mapping[str, Any] = item["user"] or {}
    return CommentFacts(
        id=item["id"],
        author=user.get("login", ""),
        author_type=user.get("type", ""),
        body=item["body"] or "",
        created_at=item["created_at"],
        updated_at=item["updated_at"],
    )
