"""The web process: it verifies and stores webhooks, answers 202, and rings. It calls nobody on that path."""

import asyncio
import hashlib
import hmac
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from app import broker
from app.settings import Settings
from app.sources.live import LOOK_S, Live
from app.store.engine import migrate, open_database, why_away
from app.store.inbox import Delivery
from app.web.intake import Intake
from app.web.notify import Notifier

_BODY_BYTES = 25 * 1024**2
"""GitHub sends nothing larger: https://docs.github.com/en/webhooks/webhook-events-and-payloads."""
_IDLE_S = 10.0
_GUID = re.compile(r"[0-9A-Za-z-]{1,64}")
_EVENT = re.compile(r"[a-z0-9_]{1,64}")

log = structlog.get_logger()


def create_app(settings: Settings, live: Live[Settings] | None = None) -> Starlette:
    """Raises `ValueError` without a webhook secret: everybody could then speak for GitHub.

    `live`: settings that may change meanwhile; the secret is taken from them.
    """
    secret = settings.webhook_secret.get_secret_value().encode()
    if not secret:
        raise ValueError("QUORUM_WEBHOOK_SECRET is not set; take the secret from the GitHub App's settings")

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        engine = open_database(settings.database_url)
        await migrate(engine)
        notifier = Notifier(broker.create(settings.broker_url))
        app.state.intake, app.state.engine = Intake(engine, notifier), engine
        tasks = [asyncio.create_task(app.state.intake.run()), asyncio.create_task(_watch(app, live))]
        try:
            yield
        finally:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            notifier.close()
            await engine.dispose()

    routes = [
        Route("/webhooks", receive, methods=["POST"]),
        Route("/healthz", alive),
        Route("/readyz", ready),
    ]
    app = Starlette(routes=routes, lifespan=lifespan)
    app.state.secret = secret
    return app


async def _watch(app: Starlette, live: Live[Settings] | None) -> None:
    while live is not None:
        await asyncio.sleep(LOOK_S)
        follow(app, live)


def follow(app: Starlette, live: Live[Settings]) -> None:
    """Take up a new webhook secret. Without one nothing would be believed any more, so the old one stays."""
    new = live.look()
    if new is None:
        return
    live.now = new
    secret = new.webhook_secret.get_secret_value().encode()
    if secret:
        app.state.secret = secret
    else:
        log.error("webhook_secret is gone from the settings; the old one stays")


async def receive(request: Request) -> Response:
    """Nothing is stored before its signature is found right; 202 says that it is stored."""
    body = await _read(request)
    if isinstance(body, Response):
        return body
    if not _signed(request.app.state.secret, request.headers.get("x-hub-signature-256", ""), body):
        return PlainTextResponse("the signature is missing or wrong", 401)
    guid, event = request.headers.get("x-github-delivery", ""), request.headers.get("x-github-event", "")
    if not _GUID.fullmatch(guid) or not _EVENT.fullmatch(event):
        return PlainTextResponse("X-GitHub-Delivery or X-GitHub-Event is missing", 400)
    try:
        await request.app.state.intake.store(Delivery(guid, event, body, time.time()))
    except Exception as error:
        log.warning("a delivery could not be stored", delivery=guid, error=str(error))
        return PlainTextResponse("the delivery could not be stored; deliver it again", 503, {"Retry-After": "30"})
    return JSONResponse({"delivery": guid}, 202)


async def alive(_request: Request) -> Response:
    return PlainTextResponse("alive")


async def ready(request: Request) -> Response:
    why = await why_away(request.app.state.engine)
    return PlainTextResponse(why or "ready", 503 if why else 200)


async def _read(request: Request) -> bytes | Response:
    """The body, counted as it comes, whatever Content-Length says."""
    chunks: list[bytes] = []
    size = 0
    stream = request.stream().__aiter__()
    try:
        while True:
            async with asyncio.timeout(_IDLE_S):
                chunk = await anext(stream, None)
            if chunk is None:
                return b"".join(chunks)
            size += len(chunk)
            if size > _BODY_BYTES:
                return PlainTextResponse("the body is larger than 25 MB", 413, {"Connection": "close"})
            chunks.append(chunk)
    except TimeoutError:
        return PlainTextResponse("the body did not come", 408, {"Connection": "close"})
    except ClientDisconnect:
        return PlainTextResponse("the body was cut off", 400)


def _signed(secret: bytes, signature: str, body: bytes) -> bool:
    """Compared as bytes and in constant time: https://docs.github.com/en/webhooks (validating deliveries)."""
    expected = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogateescape"))
