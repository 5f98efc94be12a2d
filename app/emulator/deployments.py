"""Deployments and what became of them: https://docs.github.com/en/rest/deployments."""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.auth import repository_of
from app.emulator.commits import sha_of
from app.emulator.events import tell
from app.emulator.http import GitHubError, body_of, listed
from app.emulator.render import api_of, render_user
from app.emulator.state import Repository, User, World, now

Json = dict[str, Any]
State = Literal["error", "failure", "inactive", "in_progress", "queued", "pending", "success"]


class NewDeployment(TypedDict):
    """Its defaults would merge and ask for statuses; the emulator has those switched off only."""

    ref: str
    environment: NotRequired[str]
    task: NotRequired[str]
    auto_merge: bool
    required_contexts: list[str]
    description: NotRequired[str | None]


class NewStatus(TypedDict):
    state: State
    description: NotRequired[Annotated[str, Field(max_length=140)]]


async def create_deployment(request: Request) -> Response:
    """Merging the default branch in, which `auto_merge` asks for, is not played."""
    world, repository, actor = repository_of(request, "deployments", "write")
    body = await body_of(request, NewDeployment)
    if body["auto_merge"] or body["required_contexts"]:
        raise GitHubError(409, "Conflict merging the default branch into the ref.")
    sha, environment = await sha_of(repository, body["ref"]), body.get("environment", "production")
    deployment = begin(world, repository, actor.user, (body["ref"], sha), environment)
    deployment.update(task=body.get("task", "deploy"), description=body.get("description"))
    return JSONResponse(render_deployment(world, repository, deployment), 201)


async def list_deployments(request: Request) -> Response:
    """Newest first."""
    world, repository, _ = repository_of(request, "deployments", "read")
    wanted = {key: request.query_params.get(key) for key in ("sha", "ref", "task", "environment")}
    found = [
        each
        for each in reversed(repository.deployments.values())
        if all(value in {None, each[key]} for key, value in wanted.items())
    ]
    return listed(request, [render_deployment(world, repository, each) for each in found])


async def get_deployment(request: Request) -> Response:
    world, repository, _ = repository_of(request, "deployments", "read")
    return JSONResponse(render_deployment(world, repository, _find(repository, request)))


async def create_status(request: Request) -> Response:
    world, repository, actor = repository_of(request, "deployments", "write")
    deployment, body = _find(repository, request), await body_of(request, NewStatus)
    status = set_state(world, repository, actor.user, deployment, body["state"], body.get("description", ""))
    return JSONResponse(_render_status(world, repository, deployment, status), 201)


async def list_statuses(request: Request) -> Response:
    """Newest first."""
    world, repository, _ = repository_of(request, "deployments", "read")
    deployment = _find(repository, request)
    found = [_render_status(world, repository, deployment, each) for each in reversed(deployment["statuses"])]
    return listed(request, found)


def begin(world: World, repository: Repository, user: User, what: tuple[str, str], environment: str) -> Json:
    """A new deployment; `what` is the ref that was named and the commit that it stood for."""
    deployment: Json = {"id": world.next_id(), "ref": what[0], "sha": what[1], "environment": environment}
    deployment |= {"task": "deploy", "description": None, "creator": user, "statuses": []}
    deployment |= {"created_at": (at := now()), "updated_at": at}
    repository.deployments[deployment["id"]] = deployment
    return deployment


def set_state(
    world: World, repository: Repository, user: User, deployment: Json, state: State, description: str = ""
) -> Json:
    """A new status. One that went well puts the environment's older ones out of use.

    https://docs.github.com/en/rest/deployments/deployments#inactive-deployments
    """
    if state == "success":
        for other in repository.deployments.values():
            same = other is not deployment and other["environment"] == deployment["environment"]
            if same and other["statuses"] and other["statuses"][-1]["state"] == "success":
                _add(world, other, user, "inactive", "")
    status = _add(world, deployment, user, state, description)
    shown = render_deployment(world, repository, deployment)
    told = {"deployment": shown, "deployment_status": _render_status(world, repository, deployment, status)}
    tell(world, repository, "deployment_status", "created", user, told)
    return status


def _add(world: World, deployment: Json, user: User, state: State, description: str) -> Json:
    status: Json = {"id": world.next_id(), "state": state, "description": description, "creator": user}
    status["created_at"] = status["updated_at"] = deployment["updated_at"] = now()
    deployment["statuses"].append(status)
    return status


def _find(repository: Repository, request: Request) -> Json:
    if request.path_params["id"] not in repository.deployments:
        raise GitHubError(404, "Not Found")
    found: Json = repository.deployments[request.path_params["id"]]
    return found


def render_deployment(world: World, repository: Repository, deployment: Json) -> Json:
    url = f"{api_of(world, repository)}/deployments/{deployment['id']}"
    kept = ("id", "sha", "ref", "task", "environment", "description", "created_at", "updated_at")
    return {
        **{key: deployment[key] for key in kept},
        "node_id": f"DE_{deployment['id']}",
        "url": url,
        "original_environment": deployment["environment"],
        "payload": {},
        "creator": render_user(world, deployment["creator"]),
        "statuses_url": f"{url}/statuses",
        "repository_url": api_of(world, repository),
        "transient_environment": False,
        "production_environment": deployment["environment"] == "production",
    }


def _render_status(world: World, repository: Repository, deployment: Json, status: Json) -> Json:
    url = f"{api_of(world, repository)}/deployments/{deployment['id']}"
    return {
        **{key: status[key] for key in ("id", "state", "description", "created_at", "updated_at")},
        "node_id": f"DES_{status['id']}",
        "url": f"{url}/statuses/{status['id']}",
        "creator": render_user(world, status["creator"]),
        "environment": deployment["environment"],
        **dict.fromkeys(("target_url", "log_url", "environment_url"), ""),
        "deployment_url": url,
        "repository_url": api_of(world, repository),
    }


_D = "/api/v3/repos/{owner}/{repo}/deployments"
routes = [
    Route(_D, create_deployment, methods=["POST"]),
    Route(_D, list_deployments, methods=["GET"]),
    Route(f"{_D}/{{id:int}}", get_deployment, methods=["GET"]),
    Route(f"{_D}/{{id:int}}/statuses", create_status, methods=["POST"]),
    Route(f"{_D}/{{id:int}}/statuses", list_statuses, methods=["GET"]),
]
