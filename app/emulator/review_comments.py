"""Comments on lines of a pull request's diff: https://docs.github.com/en/rest/pulls/comments.

A suggestion is a fenced block named `suggestion` in the body; it replaces exactly the lines of its comment.
"""

from collections.abc import Sequence
from typing import Any, Literal, NotRequired

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator import diffs
from app.emulator.auth import repository_of
from app.emulator.diffs import Place
from app.emulator.events import tell
from app.emulator.http import GitHubError, listed
from app.emulator.pulls import find_pull
from app.emulator.render_pulls import render_listed_pull, render_review_comment
from app.emulator.state import Actor, Repository, World, now

Json = dict[str, Any]
Side = Literal["LEFT", "RIGHT"]


class NewComment(TypedDict):
    path: str
    body: str
    line: int
    side: NotRequired[Side]
    start_line: NotRequired[int | None]
    start_side: NotRequired[Side | None]


async def locate(repository: Repository, pull: Json, comments: Sequence[NewComment]) -> list[Place] | None:
    """Where each comment stands; None when one of its lines is not inside the diff's hunks."""
    known = await diffs.places(repository, pull["base_sha"], pull["head_sha"]) if comments else {}
    found = []
    for comment in comments:
        path, side, last = comment["path"], comment.get("side", "RIGHT"), comment["line"]
        start = comment.get("start_line") or last
        first = (path, comment.get("start_side") or side, start)
        end = known.get((path, side, last))
        one_side = [(path, side, line) for line in range(start, last + 1)] if first[1] == side else [first]
        if end is None or start > last or any(each not in known for each in one_side):
            return None
        found.append(end)
    return found


def add_comment(
    world: World, repository: Repository, review: Json, comment: NewComment, at: Place, *, reply_to: int | None = None
) -> Json:
    kept: Json = {"side": "RIGHT", **comment, "id": world.next_id(), "review": review, "created_at": now()}
    kept |= {"diff_hunk": at.hunk, "position": at.position, "in_reply_to": reply_to}
    if kept.get("start_line"):
        kept["start_side"] = kept.get("start_side") or kept["side"]
    repository.review_comments[kept["id"]] = kept
    return kept


def tell_comment(world: World, repository: Repository, actor: Actor, comment: Json) -> None:
    shown = render_review_comment(world, repository, comment)
    pull = render_listed_pull(world, repository, repository.issues[comment["review"]["pull"]])
    tell(
        world,
        repository,
        "pull_request_review_comment",
        "created",
        actor.user,
        {"comment": shown, "pull_request": pull},
    )


async def list_comments(request: Request) -> Response:
    """Of one review or of all; those of pending reviews nobody sees."""
    world, repository, _ = repository_of(request, "pull_requests", "read")
    number, review = find_pull(repository, request)["number"], request.path_params.get("review")
    found = [
        render_review_comment(world, repository, comment)
        for comment in repository.review_comments.values()
        if comment["review"]["pull"] == number
        and review in {None, comment["review"]["id"]}
        and comment["review"]["state"] != "PENDING"
    ]
    return listed(request, found)


async def list_all_comments(request: Request) -> Response:
    """Of every pull request: https://docs.github.com/en/rest/pulls/comments#list-review-comments-in-a-repository."""
    world, repository, _ = repository_of(request, "pull_requests", "read")
    since = request.query_params.get("since", "")
    found = [
        render_review_comment(world, repository, comment)
        for comment in repository.review_comments.values()
        if comment["created_at"] >= since and comment["review"]["state"] != "PENDING"
    ]
    return listed(request, found)


async def get_comment(request: Request) -> Response:
    world, repository, _ = repository_of(request, "pull_requests", "read")
    comment = find_review_comment(repository, request.path_params["id"])
    return JSONResponse(render_review_comment(world, repository, comment))


def find_review_comment(repository: Repository, identity: int) -> Json:
    comment = repository.review_comments.get(identity)
    if comment is None:
        raise GitHubError(404, "Not Found")
    return comment


_P = "/api/v3/repos/{owner}/{repo}/pulls"
routes = [
    Route(f"{_P}/comments", list_all_comments, methods=["GET"]),
    Route(f"{_P}/comments/{{id:int}}", get_comment, methods=["GET"]),
    Route(f"{_P}/{{number:int}}/comments", list_comments, methods=["GET"]),
    Route(f"{_P}/{{number:int}}/reviews/{{review:int}}/comments", list_comments, methods=["GET"]),
]
