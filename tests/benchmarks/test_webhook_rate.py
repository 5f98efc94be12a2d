"""Webhooks accepted durably, against a bare handler that only checks the signature. Same server, same load."""

import asyncio
import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, text

from tests.support.databases import fresh_database, postgres_server

SECRET = "a webhook secret"
CONNECTIONS, EACH = 100, 60
BODY = json.dumps({"action": "opened", "padding": "x" * 20_000}).encode()
SIGNATURE = "sha256=" + hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest()
QUORUM = "from app.settings import Settings; from app.web.app import create_app; app = create_app(Settings())"
BARE = "from tests.benchmarks.bare import app"


@contextmanager
def serving(program: str, **settings: str) -> Iterator[int]:
    """One uvicorn process with one worker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run = f"import uvicorn; {program}; uvicorn.run(app, port={port}, log_level='error')"
    env = {**os.environ, "QUORUM_WEBHOOK_SECRET": SECRET, **settings}
    process = subprocess.Popen(
        [sys.executable, "-c", run], env=env, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        while not answers(port):
            assert process.poll() is None
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).is_success
    except httpx.HTTPError:
        return False


async def post_many(port: int) -> None:
    """Raw sockets, so that the load costs less than what it measures."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(EACH):
        head = (
            f"POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BODY)}\r\nX-GitHub-Event: pull_request\r\n"
            f"X-GitHub-Delivery: {uuid.uuid4()}\r\nX-Hub-Signature-256: {SIGNATURE}\r\n\r\n"
        )
        writer.write(head.encode() + BODY)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert b" 202 " in answer.split(b"\r\n", 1)[0]
        length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
    writer.close()


def rate(port: int) -> float:
    async def load() -> None:
        await asyncio.gather(*(post_many(port) for _ in range(CONNECTIONS)))

    start = time.perf_counter()
    asyncio.run(load())
    return CONNECTIONS * EACH / (time.perf_counter() - start)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_webhooks_a_second_against_a_bare_handler(tmp_path: Path, kind: str) -> None:
    with serving(BARE) as port:
        rate(port)
        bare = rate(port)
    if kind == "sqlite":
        measure(f"sqlite:///{tmp_path / 'quorum.db'}", f"sqlite+aiosqlite:///{tmp_path / 'quorum.db'}", kind, bare)
        return
    with postgres_server() as server, fresh_database(server) as url:
        measure(url, url, kind, bare)


def measure(look_url: str, url: str, kind: str, bare: float) -> None:
    settings = {"QUORUM_DATABASE_URL": url, "QUORUM_BROKER_URL": "memory://"}
    with serving(QUORUM, **settings) as port:
        rate(port)
        durable = rate(port)
    engine = create_engine(look_url)
    with engine.connect() as db:
        stored = db.execute(text("SELECT count(*) FROM deliveries")).scalar_one()
    engine.dispose()
    assert stored == 2 * CONNECTIONS * EACH
    print(f"\nwebhooks, {kind}: {durable:.0f}/s durable, {bare:.0f}/s bare: {durable / bare:.2f} of the bare handler")
