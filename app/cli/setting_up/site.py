"""The pages of set-up as an ASGI application, for one person on this machine.

Whoever opens them must have the key that the terminal shows: other people's programs run on the same loopback, and a
page from elsewhere may send a browser here (DNS rebinding; https://owasp.org/www-community/attacks/csrf).
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
from app.cli.setting_up.html import page, said
from app.cli.setting_up.keeping import Place
from app.cli.setting_up.manifest import check_hook, check_name, manifest, read_app
from app.cli.setting_up.steps import Suggestion, show_steps
from app.forge.errors import ForgeError
from app.forge.permissions import READ
from app.forge.registering import exchange
from app.markup import form, listing, text
from app.settings import Settings

_COOKIE = "quorum_setup"
_MOST_BYTES = 64 * 1024
_WRITTEN = ("app_id", "app_slug", "app_client_id", "private_key_file", "webhook_secret", "github_url")

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Site:
    """`root`: where the pages are, without a slash at the end. `load` reads the settings anew."""

    root: str
    place: Place
    client: httpx.AsyncClient
    load: Callable[[], Settings]
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    @property
    def address(self) -> str:
        """What is to be opened first."""
        return f"{self.root}/?key={self.key}"


def create_site(site: Site) -> Starlette:
    app = Starlette(
        routes=[
            Route("/", _guarded(_steps), methods=["GET"]),
            Route("/app", _guarded(_send), methods=["POST"]),
            Route("/created", _guarded(_receive), methods=["GET"]),
            Route("/starters", _guarded(_propose), methods=["POST"]),
        ]
    )
    app.state.site = site
    return app


def _guarded(handler: Handler) -> Handler:
    async def guarded(request: Request) -> Response:
        site = _site(request)
        if request.headers.get("host", "") != site.root.split("://", 1)[1]:
            return PlainTextResponse(f"open {site.root}", 421)
        if request.headers.get("origin", site.root) != site.root:
            return PlainTextResponse("another site sent this", 403)
        if _same(request.query_params.get("key", ""), site.key) and request.url.path == "/":
            answer = RedirectResponse("/", 303)
            answer.set_cookie(_COOKIE, site.key, httponly=True, samesite="lax")
            return answer
        if not _same(request.cookies.get(_COOKIE, ""), site.key):
            return PlainTextResponse("open the address that the terminal shows: it holds a key", 403)
        return await handler(request)

    return guarded


async def _steps(request: Request) -> Response:
    return await _show(_site(request))


async def _show(site: Site, problem: str = "") -> Response:
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
    except ValueError as error:
        return await _show(site, f"{error}.")
    app, sent = read_app(), site.place.remember(settings.github_url, hook)
    wanted = manifest(app, name, hook, f"{site.root}/created")
    owner = told.get("organization", "").strip()
    place = f"/organizations/{quote(owner, safe='')}/settings/apps/new" if owner else "/settings/apps/new"
    action = f"{settings.github_url}{place}?{urlencode({'state': sent.state})}"
    rights = listing(f"{text(each)}: {text(level)}" for each, level in app["default_permissions"].items())
    go = form(action, "Create it on GitHub", hidden={"manifest": json.dumps(wanted)})
    return page(f"The App {name}", said("It asks for these permissions:"), rights, go, said(_HOUR))


_HOUR = "GitHub sends you back here, and gives the credentials within an hour from now."


async def _receive(request: Request) -> Response:
    """GitHub's page sent the person back. A code that nobody here asked for is not used."""
    site, query = _site(request), request.query_params
    sent = site.place.recall(query.get("state", ""))
    if sent is None:
        return await _show(site, "This answer belongs to no form of yours that is open. Fill in the form again.")
    api = Settings(github_url=sent.github_url).api_url
    try:
        found = await exchange(site.client, api, query.get("code", ""))
    except (ForgeError, ValueError) as error:
        told = f"GitHub gave no credentials ({error}). A code is good once, within an hour: delete the App on its page"
        return await _show(site, f"{told} on GitHub if it is there, and fill in the form again.")
    site.place.keep(sent, found)
    return RedirectResponse("/", 303)


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
    return await _show(site, " ".join(problems)) if problems else RedirectResponse("/", 303)


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


async def _lists(request: Request) -> dict[str, list[str]]:
    body = await request.body()
    return parse_qs(body[:_MOST_BYTES].decode("utf-8", "replace"), keep_blank_values=True)


async def _fields(request: Request) -> dict[str, Any]:
    return {name: values[0] for name, values in (await _lists(request)).items()}


def _same(given: str, key: str) -> bool:
    return secrets.compare_digest(given.encode(), key.encode())


def _is_local(github_url: str) -> bool:
    """Whether GitHub is on this machine, as one to try things on is."""
    return httpx.URL(github_url).host in {"127.0.0.1", "localhost", "::1"}
