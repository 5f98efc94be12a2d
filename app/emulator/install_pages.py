"""The pages on which people install an App, choose its repositories, and accept what it asks for.

https://docs.github.com/en/apps/using-github-apps/installing-your-own-github-app
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.emulator import installing
from app.emulator.http import GitHubError, world_of
from app.emulator.pages import box, person_of, sent, show, signed_in, to_login
from app.emulator.state import App, Installation, Repository, User, World
from app.markup import form, link, text


async def show_app(request: Request) -> Response:
    app = _app(request)
    return show(app.name or app.slug, link(f"/apps/{app.slug}/installations/new", "Install"))


async def choose(request: Request) -> Response:
    """Every repository that the person administers, and in which the App is not installed yet."""
    app, user, world = _app(request), signed_in(request), world_of(request)
    if user is None:
        return to_login(request)
    held = {each for found in _of(world, app) for each in found.repository_ids}
    boxes = [box("repository", each.id, each.full_name) for each in _own(world, user) if each.id not in held]
    return show(f"Install {app.name or app.slug}", form(f"/apps/{app.slug}/installations", "Install", *boxes))


async def install(request: Request) -> Response:
    """One installation an account, as with GitHub: a second time adds to it."""
    app, user, world = _app(request), person_of(request), world_of(request)
    wanted = (await sent(request)).get("repository", [])
    chosen = [each for each in _own(world, user) if str(each.id) in wanted]
    if not chosen:
        return show("Nothing was chosen", link(f"/apps/{app.slug}/installations/new", "Again"), status=422)
    for account in {each.owner.id for each in chosen}:
        _grant(world, app, [each for each in chosen if each.owner.id == account], user)
    found = next(each for each in _of(world, app) if chosen[0].id in each.repository_ids)
    return RedirectResponse(f"/settings/installations/{found.id}", 302)


def _grant(world: World, app: App, chosen: Sequence[Repository], user: User) -> None:
    there = [each for each in _of(world, app) if each.account is not None and each.account.id == chosen[0].owner.id]
    if there:
        installing.choose(world, there[0], user, add=chosen)
    else:
        installing.create(world, app.id, chosen, user)


async def show_installation(request: Request) -> Response:
    if signed_in(request) is None:
        return to_login(request)
    found = _installation(request)
    names = [text(world_of(request).repositories[each].full_name) for each in found.repository_ids]
    more = link(f"/apps/{found.app.slug}/installations/new", "Add repositories")
    asked = "" if found.accepted is None else form(f"{request.url.path}/permissions", "Accept new permissions")
    return show(f"{found.app.name or found.app.slug} is installed", f"<p>{', '.join(names)}</p>", more, asked)


async def accept(request: Request) -> Response:
    found = _installation(request)
    installing.accept(world_of(request), found, {}, person_of(request))
    return RedirectResponse(f"/settings/installations/{found.id}", 302)


def _app(request: Request) -> App:
    for app in world_of(request).apps.values():
        if app.slug == request.path_params["slug"]:
            return app
    raise GitHubError(404, "Not Found")


def _installation(request: Request) -> Installation:
    found = world_of(request).installations.get(request.path_params["id"])
    if found is None:
        raise GitHubError(404, "Not Found")
    return found


def _of(world: World, app: App) -> list[Installation]:
    return [each for each in world.installations.values() if each.app is app]


def _own(world: World, user: User) -> list[Repository]:
    return [each for each in world.repositories.values() if each.permissions.get(user.login) == "admin"]


routes = [
    Route("/apps/{slug}", show_app, methods=["GET"]),
    Route("/apps/{slug}/installations/new", choose, methods=["GET"]),
    Route("/apps/{slug}/installations", install, methods=["POST"]),
    Route("/settings/installations/{id:int}", show_installation, methods=["GET"]),
    Route("/settings/installations/{id:int}/permissions", accept, methods=["POST"]),
]
