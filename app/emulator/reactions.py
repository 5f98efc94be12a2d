"""Reactions to issues, pull requests and comments: https://docs.github.com/en/rest/reactions/reactions."""

from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.auth import check, repository_of
from app.emulator.comments import find_comment
from app.emulator.http import GitHubError, body_of, listed
from app.emulator.issues import find_issue
from app.emulator.render import render_user
from app.emulator.review_comments import find_review_comment
from app.emulator.state import Repository, now

Json = dict[str, Any]


class NewReaction(TypedDict):
    content: Literal["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"]


async def list_reactions(request: Request) -> Response:
    _, repository, _ = repository_of(request, "pull_requests" if "/pulls/" in request.url.path else "issues", "read")
    on, content = _on(repository, request), request.query_params.get("content")
    found = [each["shown"] for each in repository.reactions if each["on"] == on]
    return listed(request, [each for each in found if content in {None, each["content"]}])


async def create_reaction(request: Request) -> Response:
    """The same reaction by the same account is given back with 200."""
    world, repository, actor = repository_of(request, "metadata", "read")
    on, content = _on(repository, request), (await body_of(request, NewReaction))["content"]
    number = _number(repository, on)
    check(repository, actor, "pull_requests" if repository.issues[number]["pull"] else "issues", "write")
    for each in repository.reactions:
        if (each["on"], each["user"], each["shown"]["content"]) == (on, actor.user.login, content):
            return JSONResponse(each["shown"])
    identity = world.next_id()
    shown = {"id": identity, "node_id": f"REA_{identity}", "content": content, "created_at": now()}
    shown["user"] = render_user(world, actor.user)
    repository.reactions.append({"on": on, "issue": number, "user": actor.user.login, "shown": shown})
    return JSONResponse(shown, 201)


async def delete_reaction(request: Request) -> Response:
    _, repository, actor = repository_of(request, "metadata", "read")
    on, identity = _on(repository, request), request.path_params["reaction"]
    for each in repository.reactions:
        if (each["on"], each["shown"]["id"], each["user"]) == (on, identity, actor.user.login):
            repository.reactions.remove(each)
            return Response(status_code=204)
    raise GitHubError(404, "Not Found")


def _number(repository: Repository, on: tuple[str, int]) -> int:
    """Of the issue or pull request."""
    if on[0] == "review_comment":
        return int(repository.review_comments[on[1]]["review"]["pull"])
    return on[1] if on[0] == "issue" else int(repository.comments[on[1]]["issue"])


def _on(repository: Repository, request: Request) -> tuple[str, int]:
    """What is reacted to: an issue by its number or a comment by its id."""
    if "/pulls/" in request.url.path:
        return "review_comment", int(find_review_comment(repository, request.path_params["id"])["id"])
    if "number" in request.path_params:
        return "issue", int(find_issue(repository, request.path_params["number"])["number"])
    return "comment", int(find_comment(repository, request.path_params["id"])["id"])


_R = "/api/v3/repos/{owner}/{repo}"
_PLACES = (
    f"{_R}/issues/{{number:int}}/reactions",
    f"{_R}/issues/comments/{{id:int}}/reactions",
    f"{_R}/pulls/comments/{{id:int}}/reactions",
)
routes = [
    route
    for place in _PLACES
    for route in (
        Route(place, list_reactions, methods=["GET"]),
        Route(place, create_reaction, methods=["POST"]),
        Route(f"{place}/{{reaction:int}}", delete_reaction, methods=["DELETE"]),
    )
]
