"""Deliveries that arrive together are committed together; each is answered after the commit."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine

from app.store.inbox import Delivery, accept
from app.store.work import work
from app.web.notify import Notifier

_BATCH = 200


class Intake:
    """`store` returns when the delivery is durable, and raises what the database raised."""

    def __init__(self, engine: AsyncEngine, notifier: Notifier) -> None:
        self._engine = engine
        self._notifier = notifier
        self._waiting: asyncio.Queue[tuple[Delivery, asyncio.Future[None]]] = asyncio.Queue()

    async def store(self, delivery: Delivery) -> None:
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((delivery, stored))
        await stored

    async def run(self) -> None:
        """Commit what waits, as one, again and again."""
        while True:
            batch = [await self._waiting.get()]
            while not self._waiting.empty() and len(batch) < _BATCH:
                batch.append(self._waiting.get_nowait())
            await self._commit(batch)

    async def _commit(self, batch: list[tuple[Delivery, "asyncio.Future[None]"]]) -> None:
        try:
            async with work(self._engine) as db:
                new = [delivery.id for delivery, _ in batch if await accept(db, delivery)]
        except Exception as error:
            for _, stored in batch:
                if not stored.done():
                    stored.set_exception(error)
            return
        for _, stored in batch:
            if not stored.done():
                stored.set_result(None)
        for delivery_id in new:
            self._notifier.ring(delivery_id)
