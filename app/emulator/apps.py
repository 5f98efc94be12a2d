"""Apps, their installations and tokens: https://docs.github.com/en/rest/apps."""

from datetime import UTC, datetime
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.auth import LEVELS, actor_of, app_of, must_not_be_suspended, reachable
from app.emulator.http import GitHubError, body_of, counted, listed, world_of
from app.emulator.render import render_app, render_installation, render_repository
from app.emulator.state import Installation, World

Json = dict[str, Any]


class Narrowing(TypedDict, total=False):
    repositories: list[str]
    repository_ids: list[int]
    permissions: dict[str, Literal["read", "write", "admin"]]


async def get_app(request: Request) -> Response:
    world, app = app_of(request)
    return JSONResponse(render_app(world, app))


async def list_installations(request: Request) -> Response:
    world, app = app_of(request)
    found = [each for each in world.installations.values() if each.app is app]
    return listed(request, [render_installation(world, each) for each in found])


async def get_installation(request: Request) -> Response:
    world, installation = find_installation(request)
    return JSONResponse(render_installation(world, installation))


async def create_token(request: Request) -> Response:
    """A token for fewer repositories and fewer permissions, never for more."""
    world, installation = find_installation(request)
    must_not_be_suspended(installation)
    granted, body = installation.permissions, await body_of(request, Narrowing)
    named = {name.lower() for name in body.get("repositories", [])}
    found = [each for each in installation.repository_ids if world.repositories[each].name.lower() in named]
    ids = [*body.get("repository_ids", []), *found]
    if not set(ids) <= set(installation.repository_ids) or len(found) < len(named):
        raise GitHubError(422, "There is at least one repository that does not exist or is not accessible")
    permissions = {**(body.get("permissions") or granted)}
    if any(LEVELS[level] > LEVELS.get(granted.get(name, ""), 0) for name, level in permissions.items()):
        raise GitHubError(422, "The permissions requested are not granted to this installation.")
    text, token = world.mint(installation, permissions, ids or list(installation.repository_ids))
    expires = datetime.fromtimestamp(token.expires_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    shown: Json = {"token": text, "expires_at": expires, "permissions": permissions, "repository_selection": "selected"}
    if ids:
        shown["repositories"] = [render_repository(world, world.repositories[each]) for each in ids]
    return JSONResponse(shown, 201)


async def list_repositories(request: Request) -> Response:
    world, actor = world_of(request), actor_of(request)
    if actor.installation is None:
        raise GitHubError(403, "Resource not accessible by personal access token")
    found = [render_repository(world, world.repositories[each]) for each in reachable(actor)]
    return counted(request, "repositories", found, repository_selection="selected")


def find_installation(request: Request) -> tuple[World, Installation]:
    world, app = app_of(request)
    installation = world.installations.get(request.path_params["id"])
    if installation is None or installation.app is not app:
        raise GitHubError(404, "Not Found")
    return world, installation


routes = [
    Route("/api/v3/app", get_app, methods=["GET"]),
    Route("/api/v3/app/installations", list_installations, methods=["GET"]),
    Route("/api/v3/app/installations/{id:int}", get_installation, methods=["GET"]),
    Route("/api/v3/app/installations/{id:int}/access_tokens", create_token, methods=["POST"]),
    Route("/api/v3/installation/repositories", list_repositories, methods=["GET"]),
]
