"""A wire on which the process dies: before a request is sent, or after GitHub did what it asks for."""

from collections.abc import Callable
from typing import Literal

import httpx

from tests.support.house import DiedError, House

When = Literal["before", "after"] | None
Dies = Callable[[str, str], When]
"""Given method and path of a request, when to die of it, if at all."""
_MOST_LIVES = 60


class MortalWire(httpx.AsyncBaseTransport):
    """Between Quorum and its GitHub, without git."""

    def __init__(self, wire: httpx.AsyncBaseTransport, dies: Dies) -> None:
        self._wire = wire
        self._dies = dies

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        when = self._dies(request.method, request.url.path)
        if when == "before":
            raise DiedError
        response = await self._wire.handle_async_request(request)
        if when == "after":
            raise DiedError
        return response


def settle_dying(house: House, dies: Dies, **deliveries: int | None) -> int:
    """Until nothing is left to do, each time by a worker that lives until it `dies`; how many did."""
    calm = house._client._transport
    house._client._transport = MortalWire(calm, dies)
    try:
        for deaths in range(_MOST_LIVES):
            try:
                house.settle(**deliveries)
            except BaseExceptionGroup as group:
                if group.subgroup(DiedError) is None:
                    raise
                house.leases_end()
            else:
                return deaths
    finally:
        house._client._transport = calm
    raise AssertionError(f"no rest after {_MOST_LIVES} deaths")
