"""Conditional requests: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api."""

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OK, _NOT_MODIFIED = 200, 304


class ETags:
    """ASGI middleware: an ETag on what was read, 304 to who has it already.

    The tag hangs on the token too, as GitHub's is reported to: a new installation token finds nothing unchanged.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        start: Message = {}
        chunks: list[bytes] = []

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                chunks.append(message.get("body", b""))

        await self.app(scope, receive, keep)
        await _answer(Headers(scope=scope), start, b"".join(chunks), send)


async def _answer(asked: Headers, start: Message, body: bytes, send: Send) -> None:
    if start["status"] == _OK:
        token = asked.get("authorization", "").encode()
        tag = f'W/"{hashlib.sha256(token + body).hexdigest()}"'
        headers = MutableHeaders(scope=start)
        headers.update({"etag": tag, "cache-control": "private, max-age=60, s-maxage=60"})
        headers["vary"] = "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With"
        if tag.removeprefix("W/") in asked.get("if-none-match", ""):
            start["status"], body = _NOT_MODIFIED, b""
            del headers["content-length"]
    await send(start)
    await send({"type": "http.response.body", "body": body})
