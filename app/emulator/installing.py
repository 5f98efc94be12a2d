"""The life of installations: https://docs.github.com/en/apps/using-github-apps/reviewing-and-modifying-installed-github-apps.

An App may suspend and remove itself by the REST API; all else people do on pages, here at `/_emulator/installations`.
"""

from collections.abc import Sequence
from typing import Any, Literal, NotRequired

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.apps import find_installation
from app.emulator.events import tell_installation
from app.emulator.http import GitHubError, body_of, world_of
from app.emulator.render import render_installation
from app.emulator.state import App, Installation, Repository, User, World, now

Json = dict[str, Any]


class Wish(TypedDict):
    """`installation`: which one; for `create`, `app` instead. `repositories`: full names, for create, add and remove.
    `permissions`: what the App is to have from now on, for `accept`."""

    login: str
    action: Literal["create", "suspend", "unsuspend", "delete", "add", "remove", "accept"]
    installation: NotRequired[int]
    app: NotRequired[int]
    repositories: NotRequired[list[str]]
    permissions: NotRequired[dict[str, str]]


def create(world: World, app_id: int, repositories: Sequence[Repository], sender: User) -> Installation:
    if app_id not in world.apps:
        raise GitHubError(404, f"There is no App {app_id}")
    installation = world.install(world.apps[app_id], list(repositories))
    shown = [_short(each) for each in repositories]
    tell_installation(
        world, installation, "installation", "created", sender, {"repositories": shown, "requester": None}
    )
    return installation


def suspend(world: World, installation: Installation, sender: User) -> None:
    """Its tokens are refused and it hears of nothing until the end of this."""
    if installation.suspended_by is None:
        installation.suspended_by, installation.suspended_at = sender, now()
        tell_installation(world, installation, "installation", "suspend", sender, _all(world, installation))


def unsuspend(world: World, installation: Installation, sender: User) -> None:
    if installation.suspended_by is not None:
        installation.suspended_by = installation.suspended_at = None
        tell_installation(world, installation, "installation", "unsuspend", sender, _all(world, installation))


def delete(world: World, installation: Installation, sender: User) -> None:
    """Its tokens are worth nothing from now on."""
    tell_installation(world, installation, "installation", "deleted", sender, _all(world, installation))
    del world.installations[installation.id]
    for text in [text for text, held in world.tokens.items() if held.actor.installation is installation]:
        del world.tokens[text]


def accept(world: World, installation: Installation, permissions: dict[str, str], sender: User) -> None:
    """The installation has what the App asks for; with `permissions` the App asks for these from now on."""
    if permissions:
        installation.app.permissions = permissions
    installation.accepted = None
    tell_installation(
        world, installation, "installation", "new_permissions_accepted", sender, _all(world, installation)
    )


def ask_for(world: World, app: App, permissions: dict[str, str]) -> None:
    """The App asks for others; each installation keeps what it has until somebody there accepts."""
    for each in world.installations.values():
        if each.app is app and each.accepted is None:
            each.accepted = {**app.permissions}
    app.permissions = permissions


def choose(
    world: World,
    installation: Installation,
    sender: User,
    add: Sequence[Repository] = (),
    remove: Sequence[Repository] = (),
) -> None:
    """Repositories that the App may see from now on, and those that it may not any more."""
    added = [each for each in add if each.id not in installation.repository_ids]
    removed = [each for each in remove if each.id in installation.repository_ids]
    gone = {each.id for each in removed}
    kept = [each for each in installation.repository_ids if each not in gone]
    installation.repository_ids[:] = [*kept, *(each.id for each in added)]
    lists = {
        "repositories_added": [_short(each) for each in added],
        "repositories_removed": [_short(each) for each in removed],
    }
    told = {**lists, "repository_selection": "selected", "requester": None}
    tell_installation(world, installation, "installation_repositories", "added" if add else "removed", sender, told)


def _all(world: World, installation: Installation) -> Json:
    return {"repositories": [_short(world.repositories[each]) for each in installation.repository_ids]}


def _short(repository: Repository) -> Json:
    named = {"id": repository.id, "node_id": f"R_{repository.id}", "name": repository.name}
    return {**named, "full_name": repository.full_name, "private": repository.private}


async def suspend_itself(request: Request) -> Response:
    world, installation = find_installation(request)
    suspend(world, installation, installation.app.bot)
    return Response(status_code=204)


async def unsuspend_itself(request: Request) -> Response:
    world, installation = find_installation(request)
    unsuspend(world, installation, installation.app.bot)
    return Response(status_code=204)


async def delete_itself(request: Request) -> Response:
    world, installation = find_installation(request)
    delete(world, installation, installation.app.bot)
    return Response(status_code=204)


async def click(request: Request) -> Response:
    """PUT a wish; the answer is the installation as it is then."""
    world, wish = world_of(request), await body_of(request, Wish)
    user = world.users.get(wish["login"])
    if user is None:
        raise GitHubError(404, f"There is no user {wish['login']}")
    chosen = [_repository(world, name) for name in wish.get("repositories", [])]
    if wish["action"] == "create":
        installation = create(world, wish.get("app", 0), chosen, user)
    else:
        installation = _installation(world, wish.get("installation", 0))
        _do(world, installation, wish, chosen, user)
    return JSONResponse(render_installation(world, installation))


def _do(world: World, installation: Installation, wish: Wish, chosen: Sequence[Repository], user: User) -> None:
    match wish["action"]:
        case "suspend":
            suspend(world, installation, user)
        case "unsuspend":
            unsuspend(world, installation, user)
        case "delete":
            delete(world, installation, user)
        case "accept":
            accept(world, installation, wish.get("permissions", {}), user)
        case "add":
            choose(world, installation, user, add=chosen)
        case _:
            choose(world, installation, user, remove=chosen)


def _installation(world: World, identity: int) -> Installation:
    if identity not in world.installations:
        raise GitHubError(404, f"There is no installation {identity}")
    return world.installations[identity]


def _repository(world: World, name: str) -> Repository:
    found = world.find(*name.split("/", 1)) if "/" in name else None
    if found is None:
        raise GitHubError(404, f"There is no repository {name}")
    return found


_I = "/api/v3/app/installations/{id:int}"
routes = [
    Route(f"{_I}/suspended", suspend_itself, methods=["PUT"]),
    Route(f"{_I}/suspended", unsuspend_itself, methods=["DELETE"]),
    Route(_I, delete_itself, methods=["DELETE"]),
    Route("/_emulator/installations", click, methods=["PUT"]),
]
