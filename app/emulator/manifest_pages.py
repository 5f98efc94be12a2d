"""The pages of the manifest flow: somebody's own site posts a manifest here, a person looks at it and agrees.

https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.emulator import manifests
from app.emulator.http import GitHubError, world_of
from app.emulator.pages import field, one, person_of, sent, show, signed_in, to_login
from app.emulator.state import User
from app.markup import form, listing, text


async def look(request: Request) -> Response:
    """What the App would be. The name can be changed; nothing is made yet."""
    if signed_in(request) is None:
        return to_login(request)
    fields = await sent(request)
    try:
        owner = _owner(request)
        manifest = manifests.parse(one(fields, "manifest"))
    except GitHubError as error:
        return show("Invalid GitHub App configuration", f"<p>{text(error)}</p>", status=422)
    rights = listing(f"{text(name)}: {text(level)}" for name, level in manifest.get("default_permissions", {}).items())
    hidden = {"manifest": one(fields, "manifest"), "state": request.query_params.get("state", "")}
    name = field("name", "GitHub App name", manifest.get("name", ""))
    button = f"Create GitHub App for {owner.login}"
    return show("Create GitHub App", rights, form(request.url.path.removesuffix("/new"), button, name, hidden=hidden))


async def make(request: Request) -> Response:
    """The App is registered, and whoever is signed in is sent back with a code."""
    person_of(request)
    fields = await sent(request)
    try:
        manifest = manifests.parse(one(fields, "manifest"))
        code = manifests.register(world_of(request), manifest, one(fields, "name"), _owner(request))
    except GitHubError as error:
        return show("The App was not created", f"<p>{text(error)}</p>", status=422)
    told = {"code": code, **({"state": one(fields, "state")} if one(fields, "state") else {})}
    back = manifest["redirect_url"]
    return RedirectResponse(f"{back}{'&' if '?' in back else '?'}{urlencode(told)}", 302)


def _owner(request: Request) -> User:
    """Who is signed in, or the organization in the path, if they own that. Raises `GitHubError`."""
    user, name = person_of(request), request.path_params.get("org")
    if name is None:
        return user
    organization = world_of(request).organizations.get(name.lower())
    member = None if organization is None else organization.members.get(user.login)
    if organization is None or member is None or member.role != "admin":
        raise GitHubError(404, f"{user.login} owns no organization {name}")
    return organization.account


_ORG = "/organizations/{org}/settings/apps"
routes = [
    Route("/settings/apps/new", look, methods=["POST"]),
    Route("/settings/apps", make, methods=["POST"]),
    Route(f"{_ORG}/new", look, methods=["POST"]),
    Route(_ORG, make, methods=["POST"]),
]
