"""One goes first over a text that several are to read, so that the provider has it in its cache for the others."""

import asyncio
from contextlib import suppress

from app.llm.messages import Model, Reply, Request

_PATIENCE_S = 120.0
"""Longer than a first turn takes; who is behind a request that hangs pays for the text rather than wait on."""


class Leading:
    """A `Model` for one session. Of requests that begin alike, the first is answered before the others go.

    A text can be read from the cache only after a first answer to it began; side by side, each request would write it
    there, at more than ten times the price of reading it:
    https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching
    """

    def __init__(self, model: Model, *, patience_s: float = _PATIENCE_S) -> None:
        self._model = model
        self._patience_s = patience_s
        self._answered: dict[tuple[str, ...], asyncio.Event] = {}

    async def reply(self, request: Request) -> Reply:
        """Where the first one fails the others go all the same, each for itself."""
        if not request.shared:
            return await self._model.reply(request)
        beginning = (request.system, request.shared, request.part, *(tool.name for tool in request.tools))
        answered = self._answered.get(beginning)
        if answered is None:
            self._answered[beginning] = answered = asyncio.Event()
            try:
                return await self._model.reply(request)
            finally:
                answered.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience_s):
                await answered.wait()
        return await self._model.reply(request)
