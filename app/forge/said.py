"""What people said in reviews of a pull request, and how they are answered there.

https://docs.github.com/en/rest/pulls/reviews, https://docs.github.com/en/rest/pulls/comments
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.forge.api import GitHub

_HUNK_CHARS = 2_000


@dataclass(frozen=True)
class ReviewFacts:
    """`state` as GitHub writes it: APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED, PENDING."""

    id: int
    author: str
    author_type: str
    state: str
    body: str
    author_id: int = 0


@dataclass(frozen=True)
class Remark:
    """A comment of a review on a line. `root`: the first of its thread, which is answered; `before`: what was said in
    the thread until then, by whom. `begun_by`: the type of account that began it.
    """

    id: int
    review: int
    root: int
    path: str
    line: int | None
    hunk: str
    body: str
    begun_by: str
    before: tuple[tuple[str, str], ...] = ()


async def read_reviews(gh: GitHub, number: int) -> list[ReviewFacts]:
    """All that were submitted, oldest first."""
    return [_review(item) async for item in gh.pages(f"pulls/{number}/reviews")]


async def read_review(gh: GitHub, number: int, review: int) -> ReviewFacts:
    return _review(await gh.get(f"pulls/{number}/reviews/{review}"))


async def read_remarks(gh: GitHub, number: int) -> list[Remark]:
    """Every comment on a line, oldest first. Of a thread whose beginning was deleted each is a beginning."""
    items = [item async for item in gh.pages(f"pulls/{number}/comments")]
    return [_remark(item, items) for item in items]


def _review(item: Mapping[str, Any]) -> ReviewFacts:
    user = item["user"] or {}
    login, kind = str(user.get("login", "")), str(user.get("type", ""))
    return ReviewFacts(int(item["id"]), login, kind, str(item["state"]), item["body"] or "", int(user.get("id") or 0))


def _remark(item: Mapping[str, Any], items: list[Mapping[str, Any]]) -> Remark:
    known = {each["id"]: each for each in items}
    root = item.get("in_reply_to_id") or item["id"]
    first = known.get(root, item)
    thread = [each for each in items if root in {each["id"], each.get("in_reply_to_id")}]
    return Remark(
        id=int(item["id"]),
        review=int(item["pull_request_review_id"] or 0),
        root=int(root),
        path=str(item["path"]),
        line=item.get("line") or item.get("original_line"),
        hunk=str(item["diff_hunk"])[-_HUNK_CHARS:],
        body=item["body"] or "",
        begun_by=str((first["user"] or {}).get("type", "")),
        before=tuple(
            (str((each["user"] or {}).get("login", "")), each["body"] or "")
            for each in thread
            if each["id"] < item["id"]
        ),
    )
