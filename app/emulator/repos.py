"""Repositories, their branches and who may do what: https://docs.github.com/en/rest/repos."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.emulator import git
from app.emulator.auth import repository_of, role_of
from app.emulator.commits import read_commit, render_commit
from app.emulator.http import GitHubError, listed
from app.emulator.render import api_of, page_of, render_full_repository, render_user
from app.emulator.rules import demands_on
from app.emulator.state import Repository, World

Json = dict[str, Any]


async def get_repository(request: Request) -> Response:
    world, repository, _ = repository_of(request, "metadata", "read")
    return JSONResponse(render_full_repository(world, repository))


async def get_permission(request: Request) -> Response:
    """`permission` knows four words only; `role_name` says what it really is."""
    world, repository, _ = repository_of(request, "metadata", "read")
    user = world.users.get(request.path_params["login"])
    if user is None:
        raise GitHubError(404, "Not Found")
    role = role_of(repository, user)
    coarse = {"triage": "read", "maintain": "write"}.get(role, role)
    shown = {**render_user(world, user), "role_name": role, "permissions": _allowed(role)}
    return JSONResponse({"permission": coarse, "role_name": role, "user": shown})


def _allowed(role: str) -> dict[str, bool]:
    order = ("none", "read", "triage", "write", "maintain", "admin")
    names = {"pull": "read", "triage": "triage", "push": "write", "maintain": "maintain", "admin": "admin"}
    return {name: order.index(role) >= order.index(least) for name, least in names.items()}


async def list_branches(request: Request) -> Response:
    world, repository, _ = repository_of(request, "contents", "read")
    found = await git.refs(repository.path)
    return listed(request, [_render(world, repository, ref, sha) for ref, sha in found.items()])


def _render(world: World, repository: Repository, ref: str, sha: str) -> Json:
    name = ref.removeprefix("refs/heads/")
    commit = {"sha": sha, "url": f"{api_of(world, repository)}/commits/{sha}"}
    return {"name": name, "commit": commit, "protected": any(demands_on(repository, name))}


async def get_branch(request: Request) -> Response:
    world, repository, _ = repository_of(request, "contents", "read")
    name = request.path_params["branch"]
    sha = await git.rev(repository.path, f"refs/heads/{name}")
    if sha is None and name in repository.renamed_branches:
        moved = f"{world.base_url}/api/v3/repositories/{repository.id}/branches/{repository.renamed_branches[name]}"
        return JSONResponse({"message": "Moved Permanently", "url": moved}, 301, {"location": moved})
    if sha is None:
        raise GitHubError(404, "Branch not found")
    return JSONResponse(await render_branch(world, repository, name, sha))


async def render_branch(world: World, repository: Repository, name: str, sha: str) -> Json:
    """A branch as it is shown alone."""
    shown = _render(world, repository, f"refs/heads/{name}", sha)
    url = f"{api_of(world, repository)}/branches/{name}"
    links = {"self": url, "html": f"{page_of(world, repository)}/tree/{name}"}
    commit = render_commit(world, repository, await read_commit(repository, sha))
    protection = {"enabled": name in repository.protection, "required_status_checks": _required(repository, name)}
    more = {"commit": commit, "_links": links, "protection": protection, "protection_url": f"{url}/protection"}
    return {**shown, **more}


def _required(repository: Repository, branch: str) -> Json:
    """What all who may read are shown of classic protection. -1, that anybody may set a check, is shown as null."""
    held = repository.protection.get(branch) or {"required_status_checks": None, "enforce_admins": False}
    checks = (held["required_status_checks"] or {"checks": []})["checks"]
    level = "everyone" if held["enforce_admins"] else "non_admins"
    return {
        "enforcement_level": level if checks else "off",
        "checks": [{**each, "app_id": None if each["app_id"] == -1 else each["app_id"]} for each in checks],
        "contexts": [each["context"] for each in checks],
    }


_R = "/api/v3/repos/{owner}/{repo}"
routes = [
    Route(_R, get_repository, methods=["GET"]),
    Route(f"{_R}/collaborators/{{login}}/permission", get_permission, methods=["GET"]),
    Route(f"{_R}/branches", list_branches, methods=["GET"]),
    Route(f"{_R}/branches/{{branch:path}}", get_branch, methods=["GET"]),
]
