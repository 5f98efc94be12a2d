"""What workers know together about models, by `limits` in the broker's Redis, else what one process knows alone.

https://limits.readthedocs.io/en/stable/async.html
"""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

import structlog
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.errors import StorageError
from redis.asyncio import ConnectionPool

_PATIENCE_S = 2.0
"""For a Redis that does not answer. Models are asked without it then."""
_SCHEMES = {"redis": "redis", "rediss": "rediss", "redis+socket": "unix"}
"""Kombu's words for a Redis, and its own client's."""
_T = TypeVar("_T")

log = structlog.get_logger()


class Shared:
    """Opened for a process, and closed with it. `broker_url`: nothing is shared where it is no Redis, or empty."""

    def __init__(self, broker_url: str = "") -> None:
        scheme, found, rest = broker_url.partition("://")
        self._pool: ConnectionPool | None = None
        self.storage: MemoryStorage | RedisStorage = MemoryStorage()
        if found and scheme in _SCHEMES:
            self._pool = ConnectionPool.from_url(f"{_SCHEMES[scheme]}://{rest}", socket_timeout=_PATIENCE_S)
            options: dict[str, Any] = {"connection_pool": self._pool}
            # The address is the pool's; this one says which kind of store it is.
            self.storage = RedisStorage("async+redis://", wrap_exceptions=True, implementation="redispy", **options)

    async def asked(self, question: Awaitable[_T], otherwise: _T) -> _T:
        """The answer, or `otherwise` where the store has none: its trouble never keeps a model from being asked."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                return await question
        except (StorageError, TimeoutError) as error:
            log.warning("what workers know of models is not shared", error=str(error) or type(error).__name__)
            return otherwise

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.disconnect()
