"""The door to a model: tries again when that may help, and keeps a deadline."""

import asyncio
import random

from app.llm.errors import ModelError, ModelTimeoutError
from app.llm.messages import Model, Reply, Request

_TRIES = 4
_FIRST_PAUSE_S = 2.0
_LONGEST_PAUSE_S = 60.0
_LATE = 1.25


class Gateway:
    """A `Model` that asks another one, at most four times within `deadline_s`."""

    def __init__(self, model: Model, *, deadline_s: float, first_pause_s: float = _FIRST_PAUSE_S) -> None:
        self._model = model
        self._deadline_s = deadline_s
        self._first_pause_s = first_pause_s

    async def reply(self, request: Request) -> Reply:
        """Raises the last `ModelError` when no try helped."""
        clock = asyncio.get_running_loop().time  # the one that the timeout below goes by
        end = clock() + self._deadline_s
        for attempt in range(1, _TRIES + 1):
            try:
                async with asyncio.timeout(max(0.0, end - clock())):
                    return await self._model.reply(request)
            except TimeoutError as error:
                raise ModelTimeoutError(f"no answer within {self._deadline_s:.0f} s") from error
            except ModelError as error:
                pause = self._pause(error, attempt)
                if not error.retry or attempt == _TRIES or clock() + pause > end:
                    raise
            await asyncio.sleep(pause)
        raise AssertionError("the loop returns or raises")

    def _pause(self, error: ModelError, attempt: int) -> float:
        """Full jitter, or a quarter beyond the provider's advice, so that many runs do not come back together."""
        advised = getattr(error, "after_s", None)
        if advised is not None:
            return float(advised) * random.uniform(1.0, _LATE)  # noqa: S311 - no secret
        longest = min(_LONGEST_PAUSE_S, self._first_pause_s * 2 ** (attempt - 1))
        return random.uniform(0, longest)  # noqa: S311 - no secret
