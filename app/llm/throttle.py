"""Requests and tokens a minute, as the provider allows them, shared by all workers where they share a Redis."""

import asyncio
import random
import time

from limits import RateLimitItemPerMinute
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from pydantic import BaseModel, ConfigDict, Field

from app.llm.messages import Request
from app.llm.prices import BYTES_A_TOKEN, bytes_of
from app.llm.shared import Shared

_SHORTEST_S, _LONGEST_S, _LATE = 0.1, 60.0, 1.25


class Allowed(BaseModel):
    """A minute's worth; what is left out is not limited. `tokens` are those that are sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    requests: int | None = Field(default=None, gt=0)
    tokens: int | None = Field(default=None, gt=0)


class Throttle:
    """One model's. How long somebody may wait for room is the gateway's to say.

    The minute before is taken to have been busy evenly, so that one too many can go in a minute.
    """

    def __init__(self, name: str, allowed: Allowed, shared: Shared) -> None:
        self._name = name
        self._shared = shared
        self._limiter = SlidingWindowCounterRateLimiter(shared.storage)
        self._allowed = {
            kind: RateLimitItemPerMinute(amount, namespace=f"quorum-{kind}")
            for kind, amount in (("requests", allowed.requests), ("tokens", allowed.tokens))
            if amount is not None
        }

    async def wait_for_room(self, request: Request) -> None:
        costs = {"requests": 1, "tokens": bytes_of(request) // BYTES_A_TOKEN}
        for kind, item in self._allowed.items():
            # A request that is larger than a minute's worth goes when a whole minute is free.
            await self._wait_for(item, max(1, min(costs[kind], item.amount)))

    async def _wait_for(self, item: RateLimitItemPerMinute, cost: int) -> None:
        while not await self._shared.asked(self._limiter.hit(item, self._name, cost=cost), otherwise=True):
            stats = await self._shared.asked(self._limiter.get_window_stats(item, self._name), otherwise=None)
            left_s = stats.reset_time - time.time() if stats is not None else 0.0
            pause_s = min(_LONGEST_S, max(_SHORTEST_S, left_s))
            await asyncio.sleep(pause_s * random.uniform(1.0, _LATE))  # noqa: S311 - no secret
