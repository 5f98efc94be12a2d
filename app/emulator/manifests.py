"""Apps from manifests, and the one answer that holds their credentials.

https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

import asyncio
import re
import secrets
import time
from typing import Any, NotRequired

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.http import GitHubError, world_of
from app.emulator.render import render_app
from app.emulator.state import App, Registration, User, World

_HOUR_S = 3600
_NAME_CHARS = 34


class Hook(TypedDict):
    url: str
    active: NotRequired[bool]


class Manifest(TypedDict):
    """Of the parameters that the page lists, those that have an effect here."""

    url: str
    name: NotRequired[str]
    hook_attributes: NotRequired[Hook]
    redirect_url: NotRequired[str]
    public: NotRequired[bool]
    default_events: NotRequired[list[str]]
    default_permissions: NotRequired[dict[str, str]]


def parse(text: str) -> Manifest:
    """Raises `GitHubError` that says what is wrong with it."""
    try:
        return TypeAdapter(Manifest).validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "manifest"
        raise GitHubError(422, f"Invalid GitHub App configuration: {place}: {first['msg']}") from error


def register(world: World, manifest: Manifest, name: str, owner: User) -> str:
    """A new App. Returns the code for which its credentials are given once. Raises `GitHubError`."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not slug or len(name) > _NAME_CHARS:
        raise GitHubError(422, f"Name must have 1 to {_NAME_CHARS} characters")
    if slug in {app.slug for app in world.apps.values()}:
        raise GitHubError(422, "Name is already taken")
    if "redirect_url" not in manifest:
        raise GitHubError(422, "Redirect url is missing")
    hook = manifest.get("hook_attributes") or Hook(url="", active=False)
    events = frozenset(manifest.get("default_events", []))
    permissions = {"metadata": "read", **manifest.get("default_permissions", {})}
    app = world.add_app(slug, "", permissions, events, (hook["url"], secrets.token_hex(20)))
    app.hook_active, app.owner, app.name = hook.get("active", True), owner, name
    code = secrets.token_hex(20)
    world.registrations[code] = Registration(app, time.time())
    return code


async def convert(request: Request) -> Response:
    """Once, and within an hour. Whoever has the code needs no other credentials."""
    world = world_of(request)
    found = world.registrations.pop(request.path_params["code"], None)
    if found is None or found.made_at < time.time() - _HOUR_S:
        raise GitHubError(404, "Not Found")
    pem = await asyncio.to_thread(_give_key, found.app)
    more: dict[str, Any] = {"client_secret": secrets.token_hex(20), "webhook_secret": found.app.hook_secret, "pem": pem}
    return JSONResponse({**render_app(world, found.app), **more}, 201)


def _give_key(app: App) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    app.public_key = key.public_key().public_bytes(*form).decode()
    old, plain = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, old, plain).decode()


routes = [Route("/api/v3/app-manifests/{code}/conversions", convert, methods=["POST"])]
