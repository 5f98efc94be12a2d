"""Reviews of pull requests: https://docs.github.com/en/rest/pulls/reviews."""

from typing import Any, Literal, NotRequired

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.auth import repository_of
from app.emulator.events import tell
from app.emulator.http import GitHubError, body_of, listed
from app.emulator.pulls import find_pull
from app.emulator.render_pulls import render_listed_pull, render_review
from app.emulator.review_comments import NewComment, add_comment, locate, tell_comment
from app.emulator.state import Actor, Repository, World, now

Json = dict[str, Any]
Event = Literal["APPROVE", "REQUEST_CHANGES", "COMMENT"]
_STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}
_OF_ONES_OWN = {"APPROVE": "Can not approve your own pull request"}
_OF_ONES_OWN |= {"REQUEST_CHANGES": "Can not request changes on your own pull request"}


class NewReview(TypedDict, total=False):
    event: Event
    body: str | None
    commit_id: str | None
    comments: list[NewComment]


class Submission(TypedDict):
    event: Event
    body: NotRequired[str | None]


class Dismissal(TypedDict):
    message: str


async def list_reviews(request: Request) -> Response:
    """Pending reviews only their authors see."""
    world, repository, actor = repository_of(request, "pull_requests", "read")
    number = find_pull(repository, request)["number"]
    found = [
        review
        for review in repository.reviews.values()
        if review["pull"] == number and (review["state"] != "PENDING" or review["user"] == actor.user)
    ]
    return listed(request, [render_review(world, repository, review) for review in found])


async def get_review(request: Request) -> Response:
    world, repository, _ = repository_of(request, "pull_requests", "read")
    return JSONResponse(render_review(world, repository, _find(repository, request)))


async def create_review(request: Request) -> Response:
    """One comment outside the diff's hunks has the whole review refused. Without an event it is pending."""
    world, repository, actor = repository_of(request, "pull_requests", "write")
    issue, body = find_pull(repository, request), await body_of(request, NewReview)
    comments, event = body.get("comments", []), body.get("event")
    _must_say_something(issue, actor, event, body.get("body"), comments)
    places = await locate(repository, issue["pull"], comments)
    if places is None:
        raise GitHubError(422, "Unprocessable Entity", ["Line could not be resolved"])
    review = new_review(world, repository, actor, issue, body.get("body") or "", body.get("commit_id"))
    told = [add_comment(world, repository, review, each, at) for each, at in zip(comments, places, strict=True)]
    if event:
        submit(world, repository, actor, review, event)
        for comment in told:
            tell_comment(world, repository, actor, comment)
    return JSONResponse(render_review(world, repository, review))


def new_review(
    world: World, repository: Repository, actor: Actor, issue: Json, body: str, commit_id: str | None
) -> Json:
    review: Json = {"id": world.next_id(), "pull": issue["number"], "user": actor.user, "actor": actor, "body": body}
    review |= {"state": "PENDING", "commit_id": commit_id or issue["pull"]["head_sha"], "submitted_at": now()}
    repository.reviews[review["id"]] = review
    return review


def _must_say_something(
    issue: Json, actor: Actor, event: str | None, body: str | None, comments: list[NewComment]
) -> None:
    if event in _OF_ONES_OWN and issue["user"] == actor.user:
        raise GitHubError(422, "Unprocessable Entity", [_OF_ONES_OWN[event]])
    if event == "REQUEST_CHANGES" and not body:
        raise GitHubError(422, "Unprocessable Entity", ["Body can't be blank"])
    if event == "COMMENT" and not body and not comments:
        raise GitHubError(422, "Unprocessable Entity", ["Body can't be blank"])


async def submit_review(request: Request) -> Response:
    world, repository, actor = repository_of(request, "pull_requests", "write")
    review, body = _find(repository, request), await body_of(request, Submission)
    if review["state"] != "PENDING" or review["user"] != actor.user:
        raise GitHubError(422, "Unprocessable Entity", ["Can not submit a review that is not pending"])
    comments = [each for each in repository.review_comments.values() if each["review"] is review]
    review["body"] = body.get("body") or review["body"]
    shown: Any = comments
    _must_say_something(find_pull(repository, request), actor, body["event"], review["body"], shown)
    submit(world, repository, actor, review, body["event"])
    for comment in comments:
        tell_comment(world, repository, actor, comment)
    return JSONResponse(render_review(world, repository, review))


async def dismiss_review(request: Request) -> Response:
    world, repository, actor = repository_of(request, "pull_requests", "write")
    review = _find(repository, request)
    await body_of(request, Dismissal)
    if review["state"] not in {"APPROVED", "CHANGES_REQUESTED"}:
        raise GitHubError(422, "Unprocessable Entity", ["Can not dismiss a commented pull request review"])
    review["state"] = "DISMISSED"
    _tell(world, repository, actor, review, "dismissed")
    return JSONResponse(render_review(world, repository, review))


def submit(world: World, repository: Repository, actor: Actor, review: Json, event: str) -> None:
    review.update(state=_STATES[event], submitted_at=now())
    _tell(world, repository, actor, review, "submitted")


def _tell(world: World, repository: Repository, actor: Actor, review: Json, action: str) -> None:
    """Payloads write states in lower case, answers in upper case."""
    shown = {"submitted_at": None, **render_review(world, repository, review), "state": review["state"].lower()}
    pull = render_listed_pull(world, repository, repository.issues[review["pull"]])
    tell(world, repository, "pull_request_review", action, actor.user, {"review": shown, "pull_request": pull})


def _find(repository: Repository, request: Request) -> Json:
    number = find_pull(repository, request)["number"]
    review = repository.reviews.get(request.path_params["review"])
    if review is None or review["pull"] != number:
        raise GitHubError(404, "Not Found")
    return review


_P = "/api/v3/repos/{owner}/{repo}/pulls/{number:int}/reviews"
routes = [
    Route(_P, list_reviews, methods=["GET"]),
    Route(_P, create_review, methods=["POST"]),
    Route(f"{_P}/{{review:int}}", get_review, methods=["GET"]),
    Route(f"{_P}/{{review:int}}/events", submit_review, methods=["POST"]),
    Route(f"{_P}/{{review:int}}/dismissals", dismiss_review, methods=["PUT"]),
]
