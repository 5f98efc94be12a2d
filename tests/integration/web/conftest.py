"""A webhook door over real HTTP and a real database; the broker is away, which must not matter."""

import hashlib
import hmac
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from sqlalchemy import create_engine, text

from app.settings import Settings
from app.web.app import create_app

SECRET = "a webhook secret"
BODY = b'{"zen": "Keep it logically awesome."}'


class Door:
    def __init__(self, url: str, data: Path) -> None:
        self.url = url
        self.client = httpx.Client(base_url=url, timeout=60.0, trust_env=False)
        self.engine = create_engine(f"sqlite:///{data / 'quorum.db'}")

    def post(self, body: bytes = BODY, **headers: str) -> httpx.Response:
        signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        sent = {"X-GitHub-Delivery": "guid-1", "X-GitHub-Event": "ping", "X-Hub-Signature-256": signature}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post("/webhooks", content=body, headers=sent)

    def stored(self) -> list[str]:
        with self.engine.connect() as db:
            return [row.id for row in db.execute(text("SELECT id FROM deliveries"))]


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    settings = Settings(data_dir=tmp_path, webhook_secret=SECRET, broker_url="redis+socket:///nonexistent/redis.sock")
    # asyncio turns Nagle's delay off only for sockets that name their protocol.
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="error", timeout_keep_alive=75))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert time.monotonic() < deadline, "the web server did not start"
        time.sleep(0.01)
    opened = Door(f"http://127.0.0.1:{listening.getsockname()[1]}", tmp_path)
    yield opened
    opened.client.close()
    opened.engine.dispose()
    server.should_exit = True
    thread.join(60)
    listening.close()
