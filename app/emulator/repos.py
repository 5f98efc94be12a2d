"""Apps and their installations, repositories, commits, refs and who may do what."""

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.emulator import git
from app.emulator.http import GitHubError, actor_of, body_of, listed, repository_of, world_of
from app.emulator.pulls import after_push
from app.emulator.render import render_app, render_repository, render_user
from app.emulator.state import App, World

Json = dict[str, Any]
_LEVELS = {"read": 1, "write": 2, "admin": 3}


def app_of(request: Request) -> tuple[World, App]:
    world, actor = world_of(request), actor_of(request)
    if actor.app is None or actor.installation is not None:
        raise GitHubError(401, "A JSON web token could not be decoded")
    return world, actor.app


async def get_app(request: Request) -> Response:
    world, app = app_of(request)
    return JSONResponse(render_app(world, app))


async def list_installations(request: Request) -> Response:
    world, app = app_of(request)
    found = [each for each in world.installations.values() if each.app is app]
    return listed(request, [{"id": each.id, "app_id": app.id, "suspended_at": None} for each in found])


async def create_token(request: Request) -> Response:
    """A token for fewer repositories and fewer permissions, never for more."""
    world, app = app_of(request)
    installation = world.installations.get(request.path_params["id"])
    if installation is None or installation.app is not app:
        raise GitHubError(404, "Not Found")
    body = await body_of(request)
    ids = body.get("repository_ids") or installation.repository_ids
    permissions = body.get("permissions") or app.permissions
    if not set(ids) <= set(installation.repository_ids):
        raise GitHubError(422, "There is at least one repository that does not exist or is not accessible")
    if any(_LEVELS[level] > _LEVELS.get(app.permissions.get(name, ""), 0) for name, level in permissions.items()):
        raise GitHubError(422, "The permissions requested are not granted to this installation.")
    text, token = world.mint(installation, permissions, list(ids))
    expires = datetime.fromtimestamp(token.expires_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    shown = {"token": text, "expires_at": expires, "permissions": permissions, "repository_selection": "selected"}
    return JSONResponse(shown, 201)


async def list_installation_repositories(request: Request) -> Response:
    world, actor = world_of(request), actor_of(request)
    found = [render_repository(world, world.repositories[each]) for each in actor.repository_ids]
    return JSONResponse({"total_count": len(found), "repositories": found})


async def get_repository(request: Request) -> Response:
    world, repository, _ = repository_of(request, "metadata", "read")
    return JSONResponse(render_repository(world, repository))


async def get_permission(request: Request) -> Response:
    world, repository, _ = repository_of(request, "metadata", "read")
    user = world.users.get(request.path_params["login"])
    if user is None:
        raise GitHubError(404, "Not Found")
    role = repository.permissions.get(user.login, "read")
    coarse = {"triage": "read", "maintain": "write"}.get(role, role)
    return JSONResponse({"permission": coarse, "role_name": role, "user": render_user(world, user)})


async def get_commit(request: Request) -> Response:
    world, repository, _ = repository_of(request, "contents", "read")
    sha = await git.rev(repository.path, request.path_params["ref"])
    if sha is None:
        raise GitHubError(422, f"No commit found for SHA: {request.path_params['ref']}")
    form = "%an%x00%ae%x00%aI%x00%T%x00%P%x00%B"
    told = await git.run_git(repository.path, "log", "-1", f"--format={form}", sha)
    name, email, date, tree, parents, message = told.split("\0", 5)
    person = {"name": name, "email": email, "date": date}
    commit = {"message": message.strip("\n"), "author": person, "committer": person, "tree": {"sha": tree}}
    url = f"{world.base_url}/api/v3/repos/{repository.full_name}/commits/{sha}"
    return JSONResponse(
        {"sha": sha, "url": url, "commit": commit, "parents": [{"sha": each} for each in parents.split()]}
    )


async def delete_ref(request: Request) -> Response:
    world, repository, actor = repository_of(request, "contents", "write")
    ref = f"refs/heads/{request.path_params['branch']}"
    before = await git.rev(repository.path, ref)
    if before is None:
        raise GitHubError(422, "Reference does not exist")
    await git.run_git(repository.path, "update-ref", "-d", ref)
    await after_push(world, repository, actor.user, ref, before, "0" * 40)
    return Response(status_code=204)


async def list_branches(request: Request) -> Response:
    _, repository, _ = repository_of(request, "contents", "read")
    found = await git.refs(repository.path)
    return listed(
        request, [{"name": ref[11:], "commit": {"sha": sha}, "protected": False} for ref, sha in found.items()]
    )


_R = "/api/v3/repos/{owner}/{repo}"
routes = [
    Route("/api/v3/app", get_app, methods=["GET"]),
    Route("/api/v3/app/installations", list_installations, methods=["GET"]),
    Route("/api/v3/app/installations/{id:int}/access_tokens", create_token, methods=["POST"]),
    Route("/api/v3/installation/repositories", list_installation_repositories, methods=["GET"]),
    Route(_R, get_repository, methods=["GET"]),
    Route(f"{_R}/", get_repository, methods=["GET"]),
    Route(f"{_R}/collaborators/{{login}}/permission", get_permission, methods=["GET"]),
    Route(f"{_R}/branches", list_branches, methods=["GET"]),
    Route(f"{_R}/commits/{{ref}}", get_commit, methods=["GET"]),
    Route(f"{_R}/git/refs/heads/{{branch:path}}", delete_ref, methods=["DELETE"]),
]
