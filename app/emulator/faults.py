"""Faults on demand: what a wire and a busy GitHub do, before or after the effect."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import TypedDict

from app.emulator.connections import drop
from app.emulator.githttp import as_bearer
from app.emulator.http import GitHubError, body_of

_SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
    "If you reach out to GitHub Support for help, please include the request ID in your message."
)
_ABOUT_LIMITS = (
    "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits"
)


_MUTATION = re.compile(rb'"query":\s*"(?:\s|\\n)*mutation\b')


@dataclass
class Fault:
    """What goes wrong with the requests that `method` and `path`, regular expressions, match.

    `status`: the answer in place of the true one; None: the true one is given. `drop`: no answer, the connection
    breaks. `latency_s`: how long it takes longer. `after`: all that comes after the effect, else before it.
    `secondary`: the words of a secondary limit, as with `retry_after`. `message`: the answer's words.
    `times` None: always. `once_each`: once for every method and path. `only_apps`: people are spared.
    `spares_queries`: what is only read by GraphQL is not met, though it is posted.
    """

    method: str
    path: str
    status: int | None = None
    times: int | None = 1
    after: bool = False
    retry_after: int | None = None
    only_apps: bool = False
    once_each: bool = False
    spares_queries: bool = False
    latency_s: float = 0.0
    drop: bool = False
    secondary: bool = False
    message: str = ""
    met: set[str] = field(default_factory=set)

    def strikes(self, method: str, path: str, authorization: str) -> bool:
        if not re.fullmatch(self.method, method) or not re.search(self.path, path) or self.times == 0:
            return False
        if self.only_apps and is_person(authorization):
            return False
        if self.once_each:
            key = f"{method} {path}"
            if key in self.met:
                return False
            self.met.add(key)
        if self.times is not None:
            self.times -= 1
        return True

    @property
    def replaces(self) -> bool:
        return self.drop or self.status is not None

    def answer(self, status: int) -> Response:
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        if self.secondary or self.retry_after is not None:
            refused = GitHubError(status, _SECONDARY)
            return JSONResponse({**refused.body, "documentation_url": _ABOUT_LIMITS}, status, headers)
        return JSONResponse({"message": self.message or "Server Error"}, status, headers)


class Wanted(TypedDict):
    faults: list[Fault]


def is_person(authorization: str) -> bool:
    """Whether a request carries a personal token, to the API or in git's way."""
    return "ghp_" in (as_bearer(authorization) or authorization)


class Faults:
    """ASGI middleware; also keeps the log of requests: method, path and the status told, 0 for none.

    A request is in the log before its answer begins, so that whoever has an answer finds it there.
    """

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
        faults = self.faults
        if path.endswith("/graphql") and any(each.spares_queries for each in faults):
            kept = await _whole(receive)
            receive, asks = (
                _again(kept, receive),
                not _MUTATION.search(b"".join(each.get("body", b"") for each in kept)),
            )
            faults = [each for each in faults if not (asks and each.spares_queries)]
        fault = next((each for each in faults if each.strikes(method, path, authorization)), None)
        written = False

        def write(status: int) -> None:
            nonlocal written
            if not written:
                self.log.append((method, path, status))
            written = True

        write(await self._answer(fault, scope, receive, send, write))

    async def _answer(
        self, fault: Fault | None, scope: Scope, receive: Receive, send: Send, write: Callable[[int], None]
    ) -> int:
        """The status that the client was told; `write` hears of it before it is told."""
        status = 0

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if fault is not None and fault.after:
                    await asyncio.sleep(fault.latency_s)
            if fault is None or not fault.replaces:
                write(status)
                await send(message)

        if fault is not None and fault.latency_s and not fault.after:
            receive = await _read(receive)
            await asyncio.sleep(fault.latency_s)
        if fault is None or fault.after or not fault.replaces:
            await self.app(scope, receive, note)
        if fault is None or not fault.replaces:
            return status
        if fault.drop or fault.status is None:
            await drop(scope, receive)
            return 0
        await fault.answer(fault.status)(scope, receive, send)
        return fault.status


async def _read(receive: Receive) -> Receive:
    """The whole request, so that it has its effect even if the client does not wait for that."""
    return _again(await _whole(receive), receive)


async def _whole(receive: Receive) -> list[Message]:
    kept = [await receive()]
    while kept[-1].get("more_body"):
        kept.append(await receive())
    return kept


def _again(kept: list[Message], receive: Receive) -> Receive:
    messages = iter(kept)

    async def again() -> Message:
        return next(messages, None) or await receive()

    return again


async def set_faults(request: Request) -> Response:
    """PUT {"faults": [...]} replaces all."""
    request.app.state.faults.faults[:] = (await body_of(request, Wanted))["faults"]
    return JSONResponse({})


async def list_requests(request: Request) -> Response:
    return JSONResponse(request.app.state.faults.log)


routes = [
    Route("/_emulator/faults", set_faults, methods=["PUT"]),
    Route("/_emulator/requests", list_requests, methods=["GET"]),
]
