"""Repositories are renamed, archived, hidden and handed on: https://docs.github.com/en/rest/repos/repos."""

from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator import git
from app.emulator.auth import repository_of
from app.emulator.events import tell
from app.emulator.http import GitHubError, body_of, invalid
from app.emulator.renaming import move_default
from app.emulator.render import render_full_repository, render_repository, render_user
from app.emulator.state import Actor, Repository, User, World

Json = dict[str, Any]


class Change(TypedDict, total=False):
    name: str
    private: bool
    visibility: Literal["public", "private"]
    archived: bool
    default_branch: str
    allow_auto_merge: bool


class Transfer(TypedDict):
    new_owner: str


async def update_repository(request: Request) -> Response:
    world, repository, actor = repository_of(request, "administration", "admin")
    body = await body_of(request, Change)
    if repository.archived and body.get("archived") is not False:
        raise GitHubError(403, "Repository was archived so is read-only.")
    async with repository.lock:
        if "default_branch" in body:
            await _set_default(world, repository, actor, body["default_branch"])
        if body.get("name", repository.name) != repository.name:
            _rename(world, repository, actor, body["name"])
    private = body.get("private", body.get("visibility", "private" if repository.private else "public") == "private")
    _set(world, repository, actor, "private", ("publicized", "privatized"), value=private)
    archived = body.get("archived", repository.archived)
    _set(world, repository, actor, "archived", ("unarchived", "archived"), value=archived)
    repository.allow_auto_merge = body.get("allow_auto_merge", repository.allow_auto_merge)
    return JSONResponse(render_full_repository(world, repository))


async def _set_default(world: World, repository: Repository, actor: Actor, branch: str) -> None:
    if await git.rev(repository.path, f"refs/heads/{branch}") is None:
        text = f"The branch {branch} was not found. Please push that ref first or create it via the Git Data API."
        raise invalid("Repository", "default_branch", "invalid", text)
    if branch != repository.default_branch:
        await move_default(world, repository, actor, branch)


def _rename(world: World, repository: Repository, actor: Actor, name: str) -> None:
    was = repository.name
    _move(world, repository, repository.owner, name)
    changes = {"repository": {"name": {"from": was}}}
    tell(world, repository, "repository", "renamed", actor.user, {"changes": changes})


def _move(world: World, repository: Repository, owner: User, name: str) -> None:
    """The old name leads to the repository until another one takes it. Raises `GitHubError`."""
    taken = world.find(owner.login, name)
    if taken is not None and taken is not repository:
        raise invalid("Repository", "name", "custom", "name already exists on this account")
    repository.former_names.add(repository.full_name.lower())
    repository.owner, repository.name = owner, name


def _set(
    world: World,
    repository: Repository,
    actor: Actor,
    what: Literal["private", "archived"],
    told: tuple[str, str],
    *,
    value: bool,
) -> None:
    """`told`: the action for false, and the one for true."""
    if getattr(repository, what) != value:
        setattr(repository, what, value)
        tell(world, repository, "repository", told[value], actor.user, {})


async def transfer_repository(request: Request) -> Response:
    """The new owner need not accept, and the Apps that are installed stay: GitHub would ask and take them off."""
    world, repository, actor = repository_of(request, "administration", "admin")
    owner = world.users.get((await body_of(request, Transfer))["new_owner"])
    if owner is None:
        raise invalid("Repository", "new_owner")
    was = repository.owner
    _move(world, repository, owner, repository.name)
    repository.permissions[owner.login] = "admin"
    changes = {"owner": {"from": {"user": render_user(world, was)}}}
    tell(world, repository, "repository", "transferred", actor.user, {"changes": changes})
    return JSONResponse(render_repository(world, repository), 202)


_R = "/api/v3/repos/{owner}/{repo}"
routes = [
    Route(_R, update_repository, methods=["PATCH"]),
    Route(f"{_R}/transfer", transfer_repository, methods=["POST"]),
]
