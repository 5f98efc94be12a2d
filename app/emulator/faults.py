"""Faults on demand: what a wire and a busy GitHub do, before or after the effect."""

import re
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.emulator.http import body_of


@dataclass
class Fault:
    """`method` and `path`: regular expressions. `times` None: always. `only_apps`: people are spared."""

    method: str
    path: str
    status: int
    times: int | None = 1
    after: bool = False
    retry_after: int | None = None
    only_apps: bool = False
    once_each: bool = False

    def __post_init__(self) -> None:
        self.met: set[str] = set()

    def strikes(self, method: str, path: str, authorization: str) -> bool:
        if not re.fullmatch(self.method, method) or not re.search(self.path, path) or self.times == 0:
            return False
        if self.only_apps and "ghp_" in authorization:
            return False
        if self.once_each:
            key = f"{method} {path}"
            if key in self.met:
                return False
            self.met.add(key)
        if self.times is not None:
            self.times -= 1
        return True


class Faults:
    """ASGI middleware; also keeps the log of requests."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.faults: list[Fault] = []
        self.log: list[tuple[str, str, int]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_emulator"):
            await self.app(scope, receive, send)
            return
        method, path = scope["method"], scope["path"]
        authorization = Headers(scope=scope).get("authorization", "")
        fault = next((each for each in self.faults if each.strikes(method, path, authorization)), None)
        status = 0

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            if fault is None:
                await send(message)

        if fault is None or fault.after:
            await self.app(scope, receive, note)
        if fault is not None:
            status = fault.status
            headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            await JSONResponse({"message": "Server Error"}, fault.status, headers)(scope, receive, send)
        self.log.append((method, path, status))


async def set_faults(request: Request) -> Response:
    """PUT {"faults": [...]} replaces all."""
    request.app.state.faults.faults[:] = [Fault(**each) for each in (await body_of(request))["faults"]]
    return JSONResponse({})


async def list_requests(request: Request) -> Response:
    return JSONResponse(request.app.state.faults.log)


routes = [
    Route("/_emulator/faults", set_faults, methods=["PUT"]),
    Route("/_emulator/requests", list_requests, methods=["GET"]),
]
