"""Open connections by the address of their other end, so that one can be broken off in the middle of a request."""

import asyncio

from starlette.types import Receive, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

_open: dict[tuple[str, int], asyncio.Transport] = {}


class Protocol(H11Protocol):
    """uvicorn's own, remembered."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        _open[transport.get_extra_info("peername")] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        _open.pop(self.transport.get_extra_info("peername"), None)
        super().connection_lost(exc)


async def drop(scope: Scope, receive: Receive) -> None:
    """Break off the connection of a request; returns once the server knows that it is gone."""
    _open[tuple(scope["client"])].abort()
    while (await receive())["type"] != "http.disconnect":
        pass
