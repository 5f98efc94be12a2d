"""Which models are down: a circuit breaker that all workers share where they share a Redis, else one a process.

A model whose calls failed, each after several tries, is left alone for a while. It never refuses by itself: who has no
other model to ask asks it all the same.
"""

from limits import RateLimitItemPerMinute
from limits.aio.strategies import FixedWindowRateLimiter

from app.llm.shared import Shared

_FAILURES = RateLimitItemPerMinute(2, namespace="quorum-outages")
"""As many within a minute, and it is down until the minute is over; the next call then shows whether it is up again."""


class Outages:
    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._failures = FixedWindowRateLimiter(shared.storage)

    async def failed(self, name: str) -> None:
        await self._shared.asked(self._failures.hit(_FAILURES, name), True)

    async def is_down(self, name: str) -> bool:
        return not await self._shared.asked(self._failures.test(_FAILURES, name), True)
