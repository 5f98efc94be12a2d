"""The pages of set-up as an ASGI application, for one person on this machine.

A page from elsewhere may send a browser here (DNS rebinding; https://owasp.org/www-community/attacks/csrf), so host and
origin are looked at first; `door` tells who is let in then.
"""

import json
import os
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from app.cli.setting_up import progress, starter
from app.cli.setting_up.door import Door
from app.cli.setting_up.html import fault, page, said
from app.cli.setting_up.keeping import Place
from app.cli.setting_up.manifest import check_hook, check_name, manifest, read_app
from app.cli.setting_up.steps import Suggestion, show_steps
from app.forge.errors import ForgeError, UnknownOutcomeError
from app.forge.permissions import READ
from app.forge.registering import exchange
from app.markup import form, link, listing, text
from app.settings import Settings
from app.sources.addresses import api_of, is_local, parse_root
from app.sources.file import SettingsError

_COOKIE = "quorum_setup"
_MOST_BYTES = 64 * 1024
_WRITTEN = ("app_id", "app_slug", "app_client_id", "private_key_file", "webhook_secret", "github_url")

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Site:
    """`root`: scheme, host and port. `load` reads the settings anew, `tell` shows a line in the terminal."""

    root: str
    place: Place
    client: httpx.AsyncClient
    load: Callable[[], Settings]
    tell: Callable[[str], object] = print
    door: Door = field(default_factory=Door, repr=False)

    @property
    def address(self) -> str:
        """What is to be opened first."""
        return f"{self.root}/?key={self.door.key}"

    @property
    def home(self) -> str:
        """Where the pages are, for a browser that was let in."""
        return f"{self.root}{self.door.path}"


def create_site(site: Site) -> Starlette:
    app = Starlette(
        routes=[
            Route("/", _guarded(_enter), methods=["GET"]),
            Route("/created", _guarded(_receive), methods=["GET"]),
            Route(site.door.path, _inside(_steps), methods=["GET"]),
            Route(f"{site.door.path}app", _inside(_send), methods=["POST"]),
            Route(f"{site.door.path}starters", _inside(_propose), methods=["POST"]),
        ]
    )
    app.state.site = site
    return app


def _guarded(handler: Handler) -> Handler:
    async def guarded(request: Request) -> Response:
        site = _site(request)
        if request.headers.get("host", "") != site.root.split("://", 1)[1]:
            return PlainTextResponse(f"open {site.root}", 421)
        if request.method == "POST" and request.headers.get("origin", site.root) != site.root:
            return PlainTextResponse("another site sent this", 403)
        try:
            return await handler(request)
        except SettingsError as error:
            return page("Set up Quorum", fault(f"The settings cannot be used: {error}. Mend them, and reload this."))

    return guarded


def _inside(handler: Handler) -> Handler:
    async def inside(request: Request) -> Response:
        known = _site(request).door.is_known(request.cookies.get(_COOKIE, ""))
        return await handler(request) if known else _refuse()

    return _guarded(inside)


def _refuse() -> Response:
    told = "Open the address that the terminal shows: it holds a key. Each opens one browser, then there is a new one."
    return page("Set up Quorum", fault(told), status=403)


async def _enter(request: Request) -> Response:
    site = _site(request)
    if not site.door.opens(request.query_params.get("key", "")):
        return _refuse()
    site.tell(f"A browser has opened it. For another one: {site.address}")
    answer = RedirectResponse(site.door.path, 303)
    answer.set_cookie(_COOKIE, site.door.cookie, path=site.door.path, httponly=True, samesite="lax")
    return answer


async def _steps(request: Request) -> Response:
    return await _show(_site(request))


async def _show(site: Site, problem: str = "") -> Response:
    try:
        site.place.finish()
    except (OSError, ValueError) as error:
        problem = f"The App was made, but its credentials cannot be written to {site.place.settings_file} ({error})."
        return page("Set up Quorum", fault(f"{problem} They are kept. Mend that, and reload this page."))
    settings = site.load()
    now = await progress.look(settings, site.client)
    held = [f"QUORUM_{name.upper()}" for name in _WRITTEN if f"QUORUM_{name.upper()}" in os.environ]
    url = f"http://127.0.0.1:{settings.port}/webhooks" if _is_local(settings.github_url) else ""
    suggested = Suggestion(f"quorum-{secrets.token_hex(3)}", url)
    return show_steps(now, suggested, str(site.place.settings_file), held, problem)


async def _send(request: Request) -> Response:
    """A form that takes the manifest to GitHub, where the person sees what the App may do and agrees."""
    site, told = _site(request), await _fields(request)
    settings = site.load()
    try:
        name = check_name(told.get("name", ""))
        hook = check_hook(told.get("way", ""), told.get("url", ""), local=_is_local(settings.github_url))
        sent = site.place.remember(parse_root(settings.github_url, private=True), hook)
    except (ValueError, OSError) as error:
        return await _show(site, f"{error}.")
    app = read_app()
    wanted = manifest(app, name, hook, f"{site.root}/created")
    owner = told.get("organization", "").strip()
    place = f"/organizations/{quote(owner, safe='')}/settings/apps/new" if owner else "/settings/apps/new"
    action = f"{settings.github_url}{place}?{urlencode({'state': sent.state})}"
    rights = listing(f"{text(each)}: {text(level)}" for each, level in app["default_permissions"].items())
    go = form(action, "Create it on GitHub", hidden={"manifest": json.dumps(wanted)})
    return page(f"The App {name}", said("It asks for these permissions:"), rights, go, said(_HOUR))


_HOUR = "GitHub sends you back here, and gives the credentials within an hour from now."


async def _receive(request: Request) -> Response:
    """GitHub's page sent the person back. The `state` shows that; a code that nobody here asked for is not used."""
    site, query = _site(request), request.query_params
    back = link(site.door.path, "Back to the form")
    sent = site.place.recall(query.get("state", ""))
    if sent is None:
        told = "This answer belongs to no form of yours that is open: only the newest counts, and that once."
        return page("Set up Quorum", fault(f"{told} If an App was made, delete it on its page on GitHub."), status=403)
    try:
        found = await exchange(site.client, api_of(sent.github_url), query.get("code", ""))
        site.place.keep(sent, found)
    except UnknownOutcomeError as error:
        told = f"GitHub did not answer as it should ({error}). Reload this page: the code may still be good."
        return page("Set up Quorum", fault(told), status=502)
    except (ForgeError, ValueError) as error:
        told = f"GitHub gave no credentials ({error}). A code is good once, within an hour: delete the App on its page"
        return page("Set up Quorum", fault(f"{told} on GitHub if it is there, and fill in the form again."), back)
    except OSError as error:
        told = f"GitHub gave the credentials, and they cannot be kept ({error}). Make room in {site.place.data_dir}"
        return page("Set up Quorum", fault(f"{told}, delete the App on GitHub, and fill in the form again."), back)
    return RedirectResponse(site.door.path, 303)


async def _propose(request: Request) -> Response:
    site = _site(request)
    wanted = set((await _lists(request)).get("repository", []))
    problems = []
    try:
        forge, repos = await progress.find_repositories(site.load(), site.client)
    except (ForgeError, ValueError) as error:
        return await _show(site, str(error))
    for repo in repos:
        if repo.full_name in wanted:
            try:
                await starter.propose(forge.on(repo, READ))
            except ForgeError as error:
                problems.append(f"{repo.full_name}: no pull request was opened ({error}). Has it a first commit?")
    return await _show(site, " ".join(problems)) if problems else RedirectResponse(site.door.path, 303)


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


async def _lists(request: Request) -> dict[str, list[str]]:
    body = await request.body()
    return parse_qs(body[:_MOST_BYTES].decode("utf-8", "replace"), keep_blank_values=True)


async def _fields(request: Request) -> dict[str, Any]:
    return {name: values[0] for name, values in (await _lists(request)).items()}


def _is_local(github_url: str) -> bool:
    """Whether GitHub is on this machine, as one to try things on is."""
    return is_local(httpx.URL(github_url).host)
