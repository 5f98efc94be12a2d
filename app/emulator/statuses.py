"""Commit statuses: https://docs.github.com/en/rest/commits/statuses."""

from typing import Annotated, Any, NotRequired

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator import git
from app.emulator.auth import repository_of
from app.emulator.commits import read_commit, render_commit, sha_of
from app.emulator.events import tell
from app.emulator.http import GitHubError, body_of, counted, invalid, listed
from app.emulator.render import api_of, render_repository
from app.emulator.render_checks import render_status
from app.emulator.state import Actor, Repository, World, now

Json = dict[str, Any]
_STATES = frozenset({"error", "failure", "pending", "success"})
_SHA_CHARS = 40


class NewStatus(TypedDict):
    state: str
    context: NotRequired[str]
    target_url: NotRequired[str | None]
    description: NotRequired[Annotated[str, Field(max_length=140)] | None]


async def create_status(request: Request) -> Response:
    world, repository, actor = repository_of(request, "statuses", "write")
    body, sha = await body_of(request, NewStatus), request.path_params["sha"]
    if body["state"] not in _STATES:
        raise invalid("Status", "state", "custom", "state is not included in the list")
    if len(sha) != _SHA_CHARS or await git.rev(repository.path, sha) is None:
        raise GitHubError(422, f"No commit found for SHA: {sha}")
    status: Json = {"id": world.next_id(), "sha": sha, "state": body["state"], "user": actor.user}
    status |= {"context": body.get("context") or "default", "created_at": (at := now()), "updated_at": at}
    status |= {key: body.get(key) for key in ("target_url", "description")}
    status["app_id"] = None if actor.app is None else actor.app.id
    repository.statuses.append(status)
    await _tell(world, repository, actor, status)
    return JSONResponse(render_status(world, repository, status), 201)


async def list_statuses(request: Request) -> Response:
    """Newest first; each context as often as it was set."""
    world, repository, _ = repository_of(request, "statuses", "read")
    sha = await sha_of(repository, request.path_params["ref"])
    found = [each for each in reversed(repository.statuses) if each["sha"] == sha]
    return listed(request, [render_status(world, repository, each) for each in found])


async def combined_status(request: Request) -> Response:
    """The newest of each context, and one state for them all; check runs are not looked at."""
    world, repository, _ = repository_of(request, "statuses", "read")
    sha = await sha_of(repository, request.path_params["ref"])
    newest = {each["context"]: each for each in repository.statuses if each["sha"] == sha}.values()
    url = f"{api_of(world, repository)}/commits/{sha}"
    whole: Json = {"state": _combine({each["state"] for each in newest}), "sha": sha, "url": f"{url}/status"}
    whole |= {"commit_url": url, "repository": render_repository(world, repository)}
    return counted(request, "statuses", [render_status(world, repository, each) for each in newest], **whole)


def _combine(states: set[str]) -> str:
    if states & {"error", "failure"}:
        return "failure"
    return "pending" if not states or "pending" in states else "success"


async def _tell(world: World, repository: Repository, actor: Actor, status: Json) -> None:
    commit = render_commit(world, repository, await read_commit(repository, status["sha"]))
    at = {"sha": status["sha"], "url": commit["url"]}
    heads = await git.refs(repository.path)
    branches = [ref.removeprefix("refs/heads/") for ref, sha in heads.items() if sha == status["sha"]]
    kept = ("id", "state", "context", "description", "target_url", "created_at", "updated_at", "avatar_url")
    shown = render_status(world, repository, status)
    payload = {
        **{key: shown[key] for key in kept},
        "sha": status["sha"],
        "name": repository.full_name,
        "commit": commit,
        "branches": [{"name": branch, "commit": at, "protected": False} for branch in branches],
    }
    tell(world, repository, "status", "", actor.user, payload)


_R = "/api/v3/repos/{owner}/{repo}"
routes = [
    Route(f"{_R}/statuses/{{sha}}", create_status, methods=["POST"]),
    Route(f"{_R}/commits/{{ref:path}}/statuses", list_statuses, methods=["GET"]),
    Route(f"{_R}/commits/{{ref:path}}/status", combined_status, methods=["GET"]),
]
