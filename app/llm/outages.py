"""Which models are down: a circuit breaker that all workers share where they share a Redis, else one a process.

A model whose calls failed, each after several tries, is left alone for a while. It never refuses by itself: who has no
other model to ask asks it all the same.
"""

from limits import RateLimitItemPerMinute
from limits.aio.strategies import FixedWindowRateLimiter

from app.llm.errors import ModelError, ModelTimeoutError
from app.llm.shared import Shared

_FAILURES = RateLimitItemPerMinute(2, multiples=5, namespace="quorum-outages")
"""As many within five minutes, and it is down until they are over; the next call then shows whether it is up again."""
_SILENCE = 2
"""What a timeout counts for: it took so long that a second one would come after the window."""


class Outages:
    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._failures = FixedWindowRateLimiter(shared.storage)

    async def failed(self, name: str, error: ModelError) -> None:
        counts = _SILENCE if isinstance(error, ModelTimeoutError) else 1
        await self._shared.asked(self._failures.hit(_FAILURES, name, cost=counts), True)

    async def is_down(self, name: str) -> bool:
        return not await self._shared.asked(self._failures.test(_FAILURES, name), True)
