"""The peer of the webhook benchmark: it checks the signature, answers 202 and keeps nothing."""

import hashlib
import hmac
import os

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

SECRET = os.environ["QUORUM_WEBHOOK_SECRET"].encode()


async def receive(request: Request) -> Response:
    body = await request.body()
    expected = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, request.headers.get("x-hub-signature-256", "")):
        return PlainTextResponse("wrong", 401)
    return JSONResponse({"delivery": request.headers["x-github-delivery"]}, 202)


async def alive(_request: Request) -> Response:
    return PlainTextResponse("ready")


app = Starlette(routes=[Route("/webhooks", receive, methods=["POST"]), Route("/readyz", alive)])
