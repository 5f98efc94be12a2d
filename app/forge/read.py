"""Facts, read from GitHub now. What an event said is only where to look."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.forge.api import GitHub
from app.forge.errors import NotFoundError
from app.policy.conditions import PERMISSIONS
from app.policy.values import Sha

_COMMENT_CHARS, _COMMENTS_BYTES = 20_000, 200_000
"""Of one comment, and of all as JSON. A body has at most 65,536 characters of up to twelve bytes each: with it an
issue fits into a step of a journal, whoever talks below it and however much.
"""


@dataclass(frozen=True)
class CommentFacts:
    id: int
    author: str
    author_type: str
    body: str
    created_at: str
    updated_at: str


@dataclass(frozen=True)
class IssueFacts:
    number: int
    title: str
    body: str
    state: str
    author: str
    labels: tuple[str, ...]
    is_pull: bool
    comments: tuple[CommentFacts, ...]


@dataclass(frozen=True)
class PullFacts:
    """`state` is open, closed or merged. `association`: what the author is to the repository, as GitHub puts it.

    `from_here`: its branch is one of this repository, not of a fork. `comments`: how many its conversation had, None if
    that is not known; one that is written meanwhile makes no other pull request of it. `mergeable` None: GitHub has not
    worked that out yet.
    """

    number: int
    node_id: str
    title: str
    body: str
    state: str
    draft: bool
    author: str
    head_sha: Sha
    head_ref: str
    base_ref: str
    author_type: str = "User"
    association: str = "NONE"
    default_branch: str = ""
    labels: tuple[str, ...] = ()
    from_here: bool = False
    comments: int | None = field(default=None, compare=False)
    mergeable: bool | None = field(default=None, compare=False)


async def read_issue(gh: GitHub, number: int) -> IssueFacts:
    """The issue, and of what was said below it the newest, as far as `newest_that_fit`."""
    issue = await gh.get(f"issues/{number}")
    comments = [_comment(item) async for item in gh.pages(f"issues/{number}/comments")]
    return IssueFacts(
        number=number,
        title=issue["title"],
        body=issue["body"] or "",
        state=issue["state"],
        author=_login(issue["user"]),
        labels=tuple(label["name"].casefold() for label in issue["labels"]),
        is_pull="pull_request" in issue,
        comments=newest_that_fit(comments),
    )


def newest_that_fit(comments: Sequence[CommentFacts]) -> tuple[CommentFacts, ...]:
    """In their order. One that is too large by itself is left out alone: it must not hide what was said before it."""
    kept, room = list[CommentFacts](), _COMMENTS_BYTES
    for comment in reversed(comments):
        short = replace(comment, body=comment.body[:_COMMENT_CHARS])
        size = len(json.dumps(vars(short)))
        if size <= room:
            kept.append(short)
            room -= size
    return tuple(reversed(kept))


async def read_titles_and_bodies(gh: GitHub, numbers: Sequence[int]) -> list[str]:
    """Issues as text; those that are not there are left out."""
    told = []
    for number in numbers:
        try:
            issue = await gh.get(f"issues/{number}")
        except NotFoundError:
            continue
        told.append(f"#{number}: {issue['title']}\n\n{issue['body'] or ''}")
    return told


async def read_label_actor(gh: GitHub, number: int, label: str) -> tuple[str, str, int]:
    """Login, type and id of who set the label last; empty and 0 when nobody did."""
    actor: tuple[str, str, int] = ("", "", 0)
    async for event in gh.pages(f"issues/{number}/events"):
        if _sets(event, label) and event["actor"]:
            actor = (event["actor"]["login"], event["actor"]["type"], event["actor"]["id"])
    return actor


async def read_labelled_at(gh: GitHub, number: int, label: str) -> float:
    """When the label was set last, in seconds since 1970; 0 if nobody did."""
    events = [event async for event in gh.pages(f"issues/{number}/events") if _sets(event, label)]
    return max((datetime.fromisoformat(event["created_at"]).timestamp() for event in events), default=0.0)


async def read_permission(gh: GitHub, login: str) -> str:
    """none, read, triage, write, maintain or admin, as it is now; of an organization's own role what it builds on.

    https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
    """
    try:
        answer = await gh.get(f"collaborators/{login}/permission")
    except NotFoundError:
        return "none"
    role = answer.get("role_name")
    return str(role if role in PERMISSIONS else answer["permission"])


async def read_default_branch(gh: GitHub) -> str:
    return str((await gh.get(""))["default_branch"])


async def read_pull(gh: GitHub, number: int) -> PullFacts:
    pull = await gh.get(f"pulls/{number}")
    return PullFacts(
        number=number,
        node_id=pull["node_id"],
        title=pull["title"],
        body=pull["body"] or "",
        state="merged" if pull["merged"] else pull["state"],
        draft=pull["draft"],
        author=_login(pull["user"]),
        head_sha=Sha(pull["head"]["sha"]),
        head_ref=pull["head"]["ref"],
        base_ref=pull["base"]["ref"],
        author_type=(pull["user"] or {}).get("type", ""),
        association=pull["author_association"],
        default_branch=pull["base"]["repo"]["default_branch"],
        labels=tuple(label["name"] for label in pull["labels"]),
        from_here=(pull["head"]["repo"] or {}).get("id") == pull["base"]["repo"]["id"],
        comments=pull["comments"],
        mergeable=pull.get("mergeable"),
    )


async def read_comment(gh: GitHub, comment_id: int) -> CommentFacts:
    return _comment(await gh.get(f"issues/comments/{comment_id}"))


async def read_open_pulls(gh: GitHub) -> list[tuple[int, Sha]]:
    return [(item["number"], Sha(item["head"]["sha"])) async for item in gh.pages("pulls", state="open")]


async def read_own_pulls(gh: GitHub, base: str | None = None) -> list[int]:
    """Open pull requests that this App opened, from branches here; with `base` those into it."""
    params: dict[str, str | int] = {"state": "open"}
    if base is not None:
        params["base"] = base
    here = gh.repo.id
    return [
        int(item["number"])
        async for item in gh.pages("pulls", **params)
        if _login(item["user"]) == gh.forge.login and (item["head"]["repo"] or {}).get("id") == here
    ]


async def has_open_pull_into(gh: GitHub, branch: str) -> bool:
    async for _ in gh.pages("pulls", state="open", base=branch):
        return True
    return False


async def has_pull(gh: GitHub, branch: str) -> bool:
    """Whether a pull request was ever opened from a branch of this repository."""
    async for _ in gh.pages("pulls", state="all", head=f"{gh.repo.owner}:{branch}"):
        return True
    return False


async def read_labelled_issues(gh: GitHub, label: str) -> list[int]:
    items = gh.pages("issues", state="open", labels=label)
    return [item["number"] async for item in items if "pull_request" not in item]


async def read_recent_comments(gh: GitHub, since: str) -> list[tuple[int, CommentFacts]]:
    """Comments on issues and pull requests since a time (ISO 8601), each with its number."""
    items = gh.pages("issues/comments", since=since)
    return [(int(item["issue_url"].rsplit("/", 1)[1]), _comment(item)) async for item in items]


async def read_comments_of(gh: GitHub, number: int, since: str | None) -> list[CommentFacts]:
    """Comments on an issue or pull request that were written or edited since a time (ISO 8601); None: all."""
    params: dict[str, str | int] = {} if since is None else {"since": since}
    return [_comment(item) async for item in gh.pages(f"issues/{number}/comments", **params)]


def _sets(event: Any, label: str) -> bool:
    return bool(event["event"] == "labeled" and event["label"]["name"].casefold() == label)


def _comment(item: Any) -> CommentFacts:
    return CommentFacts(
        id=item["id"],
        author=_login(item["user"]),
        author_type=(item["user"] or {}).get("type", ""),
        body=item["body"] or "",
        created_at=item["created_at"],
        updated_at=item["updated_at"],
    )


def _login(user: Any) -> str:
    """Empty for an account that is gone."""
    return str(user["login"]) if user else ""
