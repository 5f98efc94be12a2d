"""How much may be asked in an hour: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import TypedDict

from app.emulator.auth import authenticate
from app.emulator.http import GitHubError, body_of
from app.emulator.state import World

Json = dict[str, Any]
_HOUR_S = 3600
_NOT_MODIFIED = 304
_WITHOUT_TOKEN = 60
ENTERPRISE = 15_000
"""An hour's requests on Enterprise Cloud; 5,000 elsewhere. A bot that polls twice a second would use those up."""


class Limits(TypedDict, total=False):
    core: int
    graphql: int


@dataclass
class Window:
    """What one asker has used of one resource since the hour began."""

    used: int = 0
    reset: int = field(default_factory=lambda: int(time.time()) + _HOUR_S)


class Rates:
    """ASGI middleware: counts, refuses what is too much, and says on every answer what is left."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self.app, self.world = app, world
        self.limits: Limits = {"core": ENTERPRISE, "graphql": ENTERPRISE}
        self._windows: dict[tuple[str, str], Window] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        who = self.asker(Headers(scope=scope).get("authorization", ""))
        resource = "graphql" if scope["path"] == "/api/graphql" else "core"
        window = self.window(who, resource)
        free = scope["path"] == "/api/v3/rate_limit"

        async def count(message: Message) -> None:
            if message["type"] == "http.response.start":
                window.used += 0 if free or message["status"] == _NOT_MODIFIED else 1
                MutableHeaders(scope=message).update(self._headers(who, resource))
            await send(message)

        if free or window.used < self.limit(who, resource):
            await self.app(scope, receive, count)
            return
        refused = GitHubError(403, f"API rate limit exceeded for {who}.")
        await JSONResponse(refused.body, 403, self._headers(who, resource))(scope, receive, send)

    def asker(self, authorization: str) -> str:
        """An installation, a user or an App by itself; all tokens of one share what there is."""
        try:
            actor = authenticate(self.world, authorization)
        except GitHubError:
            return "127.0.0.1"
        if actor.installation is not None:
            return f"installation ID {actor.installation.id}"
        return f"user ID {actor.user.id}"

    def windows(self) -> Iterable[Window]:
        """For who wants the hour to be over."""
        return self._windows.values()

    def window(self, who: str, resource: str) -> Window:
        window = self._windows.setdefault((who, resource), Window())
        if window.reset <= time.time():
            window = self._windows[who, resource] = Window()
        return window

    def limit(self, who: str, resource: str) -> int:
        told = self.limits["graphql"] if resource == "graphql" else self.limits["core"]
        return told if " ID " in who else min(told, _WITHOUT_TOKEN)

    def state(self, who: str, resource: str) -> Json:
        """What is left, in GitHub's words."""
        window, limit = self.window(who, resource), self.limit(who, resource)
        left = max(0, limit - window.used)
        return {"limit": limit, "remaining": left, "used": window.used, "reset": window.reset, "resource": resource}

    def _headers(self, who: str, resource: str) -> dict[str, str]:
        return {f"x-ratelimit-{name}": str(value) for name, value in self.state(who, resource).items()}


async def get_rate_limit(request: Request) -> Response:
    """Asking this costs nothing."""
    rates: Rates = request.app.state.rates
    who = rates.asker(request.headers.get("authorization", ""))
    found = {name: {**rates.state(who, name)} for name in ("core", "graphql")}
    for each in found.values():
        del each["resource"]
    return JSONResponse({"resources": {**found, "search": found["core"]}, "rate": found["core"]})


async def set_limits(request: Request) -> Response:
    """PUT {"core": 10}; what is not named stays."""
    rates: Rates = request.app.state.rates
    rates.limits.update(await body_of(request, Limits))
    return JSONResponse({})


routes = [
    Route("/api/v3/rate_limit", get_rate_limit, methods=["GET"]),
    Route("/_emulator/limits", set_limits, methods=["PUT"]),
]
