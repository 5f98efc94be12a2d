"""Webhooks: signed, delivered over HTTP, recorded. On demand they are lost, late, doubled or shuffled.

https://docs.github.com/en/webhooks; there is no retry, as with GitHub.
"""

import asyncio
import hmac
import json
import random
import re
import ssl
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.http import body_of
from app.emulator.state import App, World, now

Json = dict[str, Any]
_TIMEOUT_S = 10.0
"""https://docs.github.com/en/webhooks/using-webhooks/handling-webhook-deliveries."""


@cache
def _trusted() -> ssl.SSLContext:
    """Read once: it takes longer than everything else at the start of an emulator."""
    return ssl.create_default_context()


@dataclass(frozen=True)
class Mischief:
    """`lost`: none is sent. `copies`: each is sent so often. `hold`: kept back until released, then in any order.
    `late_s`: sent so much later. `events`: a regular expression; what it does not match is spared."""

    lost: bool = False
    copies: int = 1
    hold: bool = False
    late_s: float = 0.0
    events: str = ""

    def meets(self, event: str) -> bool:
        return re.search(self.events, event) is not None


class Wish(TypedDict, total=False):
    """`release`: the seed of the order in which to send what was held."""

    lost: bool
    copies: int
    hold: bool
    late_s: float
    events: str
    release: int


class Hooks:
    """The outbox of one world. Deliveries leave in the order in which they came, unless told otherwise."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.mischief = Mischief()
        self.timeout_s = _TIMEOUT_S
        self.deliveries: list[Json] = []
        self._queue: asyncio.Queue[Json] = asyncio.Queue()
        self._held: list[Json] = []
        world.emit = self.put

    def put(self, app: App, event: str, payload: Json) -> None:
        if not app.hook_active:
            return
        delivery = {"id": self.world.next_id(), "guid": str(uuid.uuid4()), "event": event, "app": app}
        delivery |= {"payload": payload, "action": payload.get("action"), "redelivery": False}
        delivery |= _undelivered()
        self.deliveries.append(delivery)
        told = self.mischief if self.mischief.meets(event) else Mischief()
        if told.hold:
            self._held.append(delivery)
        elif not told.lost:
            for _ in range(told.copies):
                self._send(delivery, told.late_s)

    def _send(self, delivery: Json, late_s: float) -> None:
        if late_s:
            asyncio.get_running_loop().call_later(late_s, self._queue.put_nowait, delivery)
        else:
            self._queue.put_nowait(delivery)

    def release(self, seed: int) -> int:
        """Send what was held back, each so often as told, in an order made from the seed."""
        sending = [delivery for delivery in self._held for _ in range(self.mischief.copies)]
        random.Random(seed).shuffle(sending)  # noqa: S311 - an order, not a secret
        self._held.clear()
        for delivery in sending:
            self._queue.put_nowait(delivery)
        return len(sending)

    def redeliver(self, delivery: Json) -> None:
        """The same GUID and body under a new id."""
        again = {**delivery, "id": self.world.next_id(), "redelivery": True, **_undelivered()}
        self.deliveries.append(again)
        self._queue.put_nowait(again)

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with httpx.AsyncClient(timeout=self.timeout_s, trust_env=False, verify=_trusted()) as client:
            while True:
                await self._deliver(client, await self._queue.get())

    async def _deliver(self, client: httpx.AsyncClient, delivery: Json) -> None:
        app: App = delivery["app"]
        body = json.dumps(delivery["payload"]).encode()
        delivery["request"] = headers_of(delivery, body)
        try:
            response = await client.post(app.hook_url, content=body, headers=delivery["request"])
        except httpx.HTTPError as error:
            delivery.update(status_code=502, status=repr(error))
        else:
            status = "OK" if response.is_success else f"Invalid HTTP Response: {response.status_code}"
            answer = {"headers": dict(response.headers), "payload": response.text}
            delivery.update(status_code=response.status_code, status=status, response=answer)


def headers_of(delivery: Json, body: bytes) -> dict[str, str]:
    """https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers."""
    app: App = delivery["app"]
    signatures = {each: hmac.new(app.hook_secret.encode(), body, each).hexdigest() for each in ("sha1", "sha256")}
    return {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/emulator",
        "X-GitHub-Delivery": delivery["guid"],
        "X-GitHub-Event": delivery["event"],
        "X-GitHub-Hook-ID": str(app.id),
        "X-GitHub-Hook-Installation-Target-ID": str(app.id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        "X-Hub-Signature": f"sha1={signatures['sha1']}",
        "X-Hub-Signature-256": f"sha256={signatures['sha256']}",
    }


def _undelivered() -> Json:
    empty = {"headers": {}, "payload": ""}
    return {"status_code": 0, "status": "pending", "delivered_at": now(), "request": {}, "response": empty}


def hooks_of(request: Request) -> Hooks:
    hooks: Hooks = request.app.state.hooks
    return hooks


async def set_mischief(request: Request) -> Response:
    """PUT replaces what was told before, then releases."""
    hooks, wish = hooks_of(request), await body_of(request, Wish)
    told: Any = {key: value for key, value in wish.items() if key != "release"}
    hooks.mischief = Mischief(**told)
    return JSONResponse({"released": hooks.release(wish["release"]) if "release" in wish else 0})


routes = [Route("/_emulator/hooks", set_mischief, methods=["PUT"])]
