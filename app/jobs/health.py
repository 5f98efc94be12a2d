"""What a process that listens to nobody answers its supervisor: whether its loop turns, and whether it can work."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.store.engine import why_away


@asynccontextmanager
async def answering(host: str, port: int, database: Callable[[], AsyncEngine | None]) -> AsyncIterator[None]:
    """Answer `/healthz` and `/readyz` on the loop that does the work, while the block lasts; with port 0 nothing.

    A loop that has stalled does not answer, which is what a liveness probe is to find. `database` tells None as long
    as the process has not begun or has been told to end: it is then alive and not ready. Raises `OSError` that says
    what to set when the port cannot be had.
    """
    if port == 0:
        yield
        return

    async def ready(_request: Request) -> Response:
        engine = database()
        why = "it is beginning or ending" if engine is None else await why_away(engine)
        return PlainTextResponse(why or "ready", 503 if why else 200)

    app = Starlette(routes=[Route("/healthz", _alive), Route("/readyz", ready)])
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off"))
    with _listening(host, port) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]), name="health")
        try:
            yield
        finally:
            server.should_exit = True
            await asyncio.gather(serving, return_exceptions=True)


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("alive")


def _listening(host: str, port: int) -> socket.socket:
    """Opened here, as uvicorn would leave the process where a port is taken, which on a loop's thread nobody sees."""
    try:
        return socket.create_server((host, port))
    except OSError as error:
        told = (
            f"{host}:{port} cannot be listened on ({error.strerror}); set QUORUM_HEALTH_PORT to another port, or to 0"
        )
        raise OSError(told) from error
