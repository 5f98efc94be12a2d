"""The door to a model: tries again when that may help, keeps a deadline, and counts what tries in vain cost."""

import asyncio
import math
import random
from collections.abc import Callable
from dataclasses import replace

from app.llm.errors import ModelError, ModelTimeoutError
from app.llm.messages import Model, Reply, Request, Usage
from app.llm.prices import likely_of
from app.llm.throttle import Throttle
from app.policy.values import MicroUsd

_TRIES = 4
_FIRST_PAUSE_S = 2.0
_LONGEST_PAUSE_S = 60.0
_LATE = 1.25


class Gateway:
    """A `Model` that asks another one, at most four times within `deadline_s`, and waits `try_s` for each answer.

    `charge`: what tokens cost, where they do. `throttle` has to have room for each try.
    """

    def __init__(
        self,
        model: Model,
        *,
        deadline_s: float,
        try_s: float = math.inf,
        charge: Callable[[Usage], MicroUsd] | None = None,
        throttle: Throttle | None = None,
        first_pause_s: float = _FIRST_PAUSE_S,
    ) -> None:
        self._model = model
        self._deadline_s = deadline_s
        self._try_s = try_s
        self._charge = charge
        self._throttle = throttle
        self._first_pause_s = first_pause_s

    async def reply(self, request: Request) -> Reply:
        """Raises the last `ModelError` when no try helped; its `cost` is that of all of them."""
        clock = asyncio.get_running_loop().time  # the one that the timeouts below go by
        end = clock() + self._deadline_s
        wasted = 0
        for attempt in range(1, _TRIES + 1):
            try:
                return self._priced(request, await self._once(request, end), wasted)
            except ModelError as error:
                wasted += self._wasted(request, error)
                error.cost = MicroUsd(wasted)
                pause = self._pause(error, attempt)
                spent = request.room is not None and request.room <= wasted
                others = request.another_waits and pause > _LONGEST_PAUSE_S
                if not error.retry or spent or others or attempt == _TRIES or clock() + pause >= end:
                    raise
            await asyncio.sleep(pause)
        raise AssertionError("the loop returns or raises")

    async def _once(self, request: Request, end: float) -> Reply:
        """The SDKs' own timeouts begin anew with each byte; an answer that trickles in has to end as well."""
        clock, asked = asyncio.get_running_loop().time, False
        try:
            async with asyncio.timeout_at(end):
                if self._throttle is not None:
                    await self._throttle.wait_for_room(request)
                asked = True
                async with asyncio.timeout(None if self._try_s == math.inf else self._try_s):
                    return await self._model.reply(request)
        except TimeoutError as error:
            if not asked:
                told = f"QUORUM_MODEL_LIMITS left no room for another request within {self._deadline_s:.0f} s"
                raise ModelTimeoutError(told, sent=False) from error
            waited_s = self._deadline_s if clock() >= end else self._try_s
            raise ModelTimeoutError(f"no answer within {waited_s:.0f} s") from error

    def _priced(self, request: Request, reply: Reply, wasted: int) -> Reply:
        """An answer that says it read nothing was not counted by its server, and would keep no budget."""
        if self._charge is None:
            return reply
        used = reply.usage
        counted = used.input + used.cache_read + used.cache_write or not reply.content
        return replace(reply, cost=MicroUsd(self._charge(used if counted else likely_of(request)) + wasted))

    def _wasted(self, request: Request, error: ModelError) -> int:
        if self._charge is None:
            return 0
        return self._charge(likely_of(request) if error.used is None else error.used)

    def _pause(self, error: ModelError, attempt: int) -> float:
        """Full jitter, or a quarter beyond the provider's advice, so that many runs do not come back together."""
        advised = getattr(error, "after_s", None)
        if advised is not None:
            return float(advised) * random.uniform(1.0, _LATE)  # noqa: S311 - no secret
        longest = min(_LONGEST_PAUSE_S, self._first_pause_s * 2 ** (attempt - 1))
        return random.uniform(0, longest)  # noqa: S311 - no secret
