"""Comments on issues and pull requests: https://docs.github.com/en/rest/issues/comments."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.auth import check, repository_of
from app.emulator.events import tell
from app.emulator.http import GitHubError, body_of, invalid, listed
from app.emulator.issues import BODY_CHARS, find_issue
from app.emulator.render_issues import render_comment, render_issue
from app.emulator.state import Actor, Repository, World, now

Json = dict[str, Any]


class Text(TypedDict):
    body: str


async def list_comments(request: Request) -> Response:
    """Of one issue or of all."""
    world, repository, _ = repository_of(request, "issues", "read")
    number, since = request.path_params.get("number"), request.query_params.get("since", "")
    if number is not None:
        find_issue(repository, number)
    found = [
        render_comment(world, repository, comment)
        for comment in repository.comments.values()
        if number in {None, comment["issue"]} and comment["updated_at"] >= since
    ]
    return listed(request, found)


async def create_comment(request: Request) -> Response:
    world, repository, actor = repository_of(request, "metadata", "read")
    issue, text = find_issue(repository, request.path_params["number"]), await _text(request)
    check(repository, actor, "pull_requests" if issue["pull"] else "issues", "write")
    comment: Json = {"id": world.next_id(), "issue": issue["number"], "body": text, "user": actor.user}
    comment |= {"created_at": (at := now()), "updated_at": at}
    repository.comments[comment["id"]] = comment
    _tell(world, repository, actor, comment, "created")
    return JSONResponse(render_comment(world, repository, comment), 201)


async def get_comment(request: Request) -> Response:
    world, repository, _ = repository_of(request, "issues", "read")
    return JSONResponse(render_comment(world, repository, find_comment(repository, request.path_params["id"])))


async def update_comment(request: Request) -> Response:
    world, repository, actor = repository_of(request, "metadata", "read")
    comment = _own(repository, actor, request)
    was, text = comment["body"], await _text(request)
    comment.update(body=text, updated_at=now())
    _tell(world, repository, actor, comment, "edited", changes={"body": {"from": was}})
    return JSONResponse(render_comment(world, repository, comment))


async def delete_comment(request: Request) -> Response:
    world, repository, actor = repository_of(request, "metadata", "read")
    comment = _own(repository, actor, request)
    _tell(world, repository, actor, comment, "deleted")
    del repository.comments[comment["id"]]
    return Response(status_code=204)


def find_comment(repository: Repository, identity: int) -> Json:
    if identity not in repository.comments:
        raise GitHubError(404, "Not Found")
    return repository.comments[identity]


def _own(repository: Repository, actor: Actor, request: Request) -> Json:
    """Other people's comments only administrators may touch."""
    comment = find_comment(repository, request.path_params["id"])
    if comment["user"] != actor.user:
        check(repository, actor, "administration", "admin")
    return comment


async def _text(request: Request) -> str:
    text = (await body_of(request, Text))["body"]
    if not text.strip():
        raise invalid("IssueComment", "body", "missing_field")
    if len(text) > BODY_CHARS:
        raise invalid("IssueComment", "body", "custom", f"body is too long (maximum is {BODY_CHARS} characters)")
    return text


def _tell(world: World, repository: Repository, actor: Actor, comment: Json, action: str, **more: Any) -> None:
    issue = render_issue(world, repository, repository.issues[comment["issue"]])
    payload = {"issue": issue, "comment": render_comment(world, repository, comment), **more}
    tell(world, repository, "issue_comment", action, actor.user, payload)


_R = "/api/v3/repos/{owner}/{repo}"
routes = [
    Route(f"{_R}/issues/comments", list_comments, methods=["GET"]),
    Route(f"{_R}/issues/comments/{{id:int}}", get_comment, methods=["GET"]),
    Route(f"{_R}/issues/comments/{{id:int}}", update_comment, methods=["PATCH"]),
    Route(f"{_R}/issues/comments/{{id:int}}", delete_comment, methods=["DELETE"]),
    Route(f"{_R}/issues/{{number:int}}/comments", list_comments, methods=["GET"]),
    Route(f"{_R}/issues/{{number:int}}/comments", create_comment, methods=["POST"]),
]
