"""Webhooks: signed, delivered over HTTP, recorded. On demand they are lost, doubled or shuffled.

https://docs.github.com/en/webhooks; there is no retry, as with GitHub.
"""

import asyncio
import hashlib
import hmac
import json
import random
import uuid
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.emulator.http import GitHubError, body_of, listed
from app.emulator.repos import app_of
from app.emulator.state import App, World, now

Json = dict[str, Any]
_TIMEOUT_S = 10.0


@dataclass
class Mischief:
    """`lost`: none is sent. `copies`: each is sent so often. `hold`: kept back until released, then in any order."""

    lost: bool = False
    copies: int = 1
    hold: bool = False


class Hooks:
    """The outbox of one world. Deliveries of an App leave in the order in which they came, unless told otherwise."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.mischief = Mischief()
        self.deliveries: list[Json] = []
        self._queue: asyncio.Queue[Json] = asyncio.Queue()
        self._held: list[Json] = []
        world.emit = self.put

    def put(self, app: App, event: str, payload: Json) -> None:
        delivery = {
            "id": self.world.next_id(),
            "guid": str(uuid.uuid4()),
            "event": event,
            "app": app,
            "payload": payload,
        }
        delivery |= {"action": payload.get("action"), "status_code": 0, "status": "pending", "delivered_at": now()}
        delivery["redelivery"] = False
        self.deliveries.append(delivery)
        if self.mischief.hold:
            self._held.append(delivery)
        elif not self.mischief.lost:
            for _ in range(self.mischief.copies):
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
        again = {**delivery, "id": self.world.next_id(), "redelivery": True, "status_code": 0, "delivered_at": now()}
        self.deliveries.append(again)
        self._queue.put_nowait(again)

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False) as client:
            while True:
                await self._deliver(client, await self._queue.get())

    async def _deliver(self, client: httpx.AsyncClient, delivery: Json) -> None:
        app: App = delivery["app"]
        body = json.dumps(delivery["payload"]).encode()
        signature = hmac.new(app.hook_secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/emulator",
            "X-GitHub-Delivery": delivery["guid"],
            "X-GitHub-Event": delivery["event"],
            "X-GitHub-Hook-ID": str(app.id),
            "X-GitHub-Hook-Installation-Target-ID": str(app.id),
            "X-GitHub-Hook-Installation-Target-Type": "integration",
            "X-Hub-Signature-256": f"sha256={signature}",
        }
        try:
            response = await client.post(app.hook_url, content=body, headers=headers)
        except httpx.HTTPError as error:
            delivery.update(status_code=502, status=repr(error))
        else:
            delivery.update(status_code=response.status_code, status="OK" if response.is_success else "failed")


def hooks_of(request: Request) -> Hooks:
    hooks: Hooks = request.app.state.hooks
    return hooks


def _shown(delivery: Json) -> Json:
    keys = ("id", "guid", "delivered_at", "redelivery", "status", "status_code", "event", "action")
    return {**{key: delivery[key] for key in keys}, "duration": 0.01, "installation_id": None, "repository_id": None}


async def list_deliveries(request: Request) -> Response:
    _, app = app_of(request)
    mine = [delivery for delivery in reversed(hooks_of(request).deliveries) if delivery["app"] is app]
    return listed(request, [_shown(delivery) for delivery in mine])


async def redeliver(request: Request) -> Response:
    _, app = app_of(request)
    for delivery in hooks_of(request).deliveries:
        if delivery["id"] == request.path_params["id"] and delivery["app"] is app:
            hooks_of(request).redeliver(delivery)
            return JSONResponse({}, 202)
    raise GitHubError(404, "Not Found")


async def set_mischief(request: Request) -> Response:
    hooks, body = hooks_of(request), await body_of(request)
    seed = body.pop("release", None)
    hooks.mischief = Mischief(**body)
    return JSONResponse({"released": 0 if seed is None else hooks.release(seed)})


routes = [
    Route("/api/v3/app/hook/deliveries", list_deliveries, methods=["GET"]),
    Route("/api/v3/app/hook/deliveries/{id:int}/attempts", redeliver, methods=["POST"]),
    Route("/_emulator/hooks", set_mischief, methods=["PUT"]),
]
