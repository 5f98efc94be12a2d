"""Comments on a diff outside a review, and replies: GitHub makes a review of one comment for each."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.auth import repository_of
from app.emulator.diffs import Place
from app.emulator.http import GitHubError, body_of, invalid
from app.emulator.pulls import find_pull
from app.emulator.render_pulls import render_review_comment
from app.emulator.review_comments import NewComment, add_comment, locate, tell_comment
from app.emulator.reviews import new_review, submit
from app.emulator.state import Actor, Repository, World

Json = dict[str, Any]


class SingleComment(NewComment):
    commit_id: str


class Reply(TypedDict):
    body: str


async def create_comment(request: Request) -> Response:
    world, repository, actor = repository_of(request, "pull_requests", "write")
    issue, body = find_pull(repository, request), await body_of(request, SingleComment)
    places = await locate(repository, issue["pull"], [body])
    if places is None:
        message = "pull_request_review_thread.line must be part of the diff"
        raise invalid("PullRequestReviewComment", "pull_request_review_thread.line", "custom", message)
    review = new_review(world, repository, actor, issue, "", body["commit_id"])
    return _finish(world, repository, actor, add_comment(world, repository, review, body, places[0]))


async def reply(request: Request) -> Response:
    """To the first comment of a thread, wherever in the thread one answers."""
    world, repository, actor = repository_of(request, "pull_requests", "write")
    issue, body = find_pull(repository, request), await body_of(request, Reply)
    to = repository.review_comments.get(request.path_params["id"])
    if to is None or to["review"]["pull"] != issue["number"]:
        raise GitHubError(404, "Not Found")
    kept: Any = {name: to.get(name) for name in ("path", "line", "side", "start_line", "start_side")}
    review = new_review(world, repository, actor, issue, "", None)
    place, first = Place(to["position"], to["diff_hunk"]), to["in_reply_to"] or to["id"]
    kept["body"] = body["body"]
    comment = add_comment(world, repository, review, kept, place, reply_to=first)
    return _finish(world, repository, actor, comment)


def _finish(world: World, repository: Repository, actor: Actor, comment: Json) -> Response:
    submit(world, repository, actor, comment["review"], "COMMENT")
    tell_comment(world, repository, actor, comment)
    return JSONResponse(render_review_comment(world, repository, comment), 201)


_P = "/api/v3/repos/{owner}/{repo}/pulls/{number:int}/comments"
routes = [
    Route(_P, create_comment, methods=["POST"]),
    Route(f"{_P}/{{id:int}}/replies", reply, methods=["POST"]),
]
