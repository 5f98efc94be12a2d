"""Web server, runs and sweeps apart from one another: on one PostgreSQL and one Redis, as a deployment has them."""

import asyncio
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg
import pytest
import uvicorn
from celery.contrib.testing.worker import start_worker
from hosting import Hosted, begin_hosting
from psycopg.rows import dict_row
from starlette.responses import Response

from app import broker
from app.jobs.worker import Worker, _register
from app.settings import Settings
from app.web.app import create_app
from tests.support.brokers import free_port, redis_server
from tests.support.databases import fresh_database, migrated_template
from tests.support.models import MessagesServer, message, say

WAIT_S = 180
SECRET = "a webhook secret"


@dataclass
class Deployed:
    hosted: Hosted
    settings: Settings
    asked: threading.Event

    def runs(self, issue: int, *columns: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.settings.database_url.replace("+psycopg", ""), row_factory=dict_row) as db:
            found = db.execute("SELECT * FROM runs WHERE number = %s", [issue]).fetchall()
        return [tuple(each[name] for name in columns) for each in found]

    def part(self, part: Any) -> tuple[Worker, str]:
        port = free_port()
        return Worker(self.settings.model_copy(update={"health_port": port}), part=part), f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory, postgres: str) -> Iterator[Deployed]:
    """A model that thinks for as long as the tests last."""
    silent, asked = True, threading.Event()

    async def behave(_body: dict[str, Any]) -> Response:
        asked.set()
        while silent:  # noqa: ASYNC110 - it is another thread that ends the silence
            await asyncio.sleep(0.02)
        return message(say("I would rather not."), stop="refusal")

    with (
        begin_hosting(tmp_path_factory.mktemp("deployed")) as hosted,
        MessagesServer(behave) as server,
        redis_server() as broker_url,
        fresh_database(postgres, migrated_template(postgres)) as database_url,
    ):
        told = {"model": "anthropic:claude-sonnet-5", "anthropic_base_url": server.url, "webhook_secret": SECRET}
        told |= {"database_url": database_url, "broker_url": broker_url, "private_key_file": hosted.key_file}
        fixed = hosted.settings.model_dump(include={"github_url", "app_id", "app_client_id"})
        yield Deployed(hosted, Settings(**fixed, **told, sweep_s=0.2, write_gap_s=0.0), asked)
        silent = False


def test_sweeps_alone_find_what_nobody_told_of_and_drive_nothing(deployed: Deployed):
    issue = deployed.hosted.labelled_issue()
    worker, url = deployed.part("sweeps")
    worker.start()
    until("the run", lambda: deployed.runs(issue))
    until("the end of the first poll", lambda: asks(url, "/readyz") == 200)
    lose_database(worker)
    assert asks(url, "/readyz") == 503
    assert asks(url, "/healthz") == 200
    worker.stop()
    assert deployed.runs(issue, "state", "fence", "lease_owner") == [("queued", 0, None)]
    assert asks(url, "/healthz") is None
    assert ended_well(worker)


def test_what_the_web_server_rings_for_is_driven_elsewhere_and_handed_back_at_the_end(deployed: Deployed):
    """The doorbell goes through Redis. Those who only drive ask GitHub for no work: an unheard label stays unheard."""
    unheard, issue = deployed.hosted.labelled_issue(), deployed.hosted.labelled_issue()
    worker, url = deployed.part("runs")
    celery = broker.create(deployed.settings.broker_url)
    _register(celery, worker)
    with start_worker(celery, pool="threads", perform_ping_check=False, shutdown_timeout=WAIT_S):
        worker.start()
        until("readiness", lambda: asks(url, "/readyz") == 200)
        with door(deployed.settings) as web:
            assert asks(web, "/readyz") == 200
            assert post(web, labelled(deployed.hosted, issue)) == 202
            # Nobody here looks for a delivery whose doorbell got lost, as it may when the door closes.
            until("the run that was rung for", lambda: deployed.runs(issue, "state") == [("running",)])
        until("the first question", deployed.asked.is_set)
        worker.stop()
    assert deployed.runs(issue, "state", "lease_owner", "attempts") == [("queued", None, 0)]
    assert not deployed.runs(unheard)
    assert ended_well(worker)


def test_a_process_of_sweeps_ends_by_itself_when_it_is_told_to(deployed: Deployed):
    port = free_port()
    with started(deployed.settings, port) as process:
        until("life", lambda: asks(f"http://127.0.0.1:{port}", "/healthz") == 200)
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT_S) == 0


@contextmanager
def started(settings: Settings, port: int) -> Iterator[subprocess.Popen[bytes]]:
    told = settings.model_dump(include={"github_url", "app_id", "database_url", "broker_url", "private_key_file"})
    env = {f"QUORUM_{name.upper()}": str(value) for name, value in told.items()}
    command = [sys.executable, "-m", "app.cli", "worker", "--only", "sweeps"]
    process = subprocess.Popen(command, env={**os.environ, **env, "QUORUM_HEALTH_PORT": str(port)})
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def door(settings: Settings) -> Iterator[str]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=port, log_level="error", timeout_keep_alive=75))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until("the web server", lambda: server.started)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(WAIT_S)


def labelled(hosted: Hosted, issue: int) -> bytes:
    (installation,) = hosted.stage.world.installations.values()
    owner = {"login": "mona", "type": "User"}
    repository = {"id": hosted.repository.id, "name": hosted.repository.name, "owner": owner}
    body = {"action": "labeled", "issue": {"number": issue}, "label": {"name": "quorum"}, "sender": owner}
    return json.dumps({**body, "repository": repository, "installation": {"id": installation.id}}).encode()


def post(url: str, body: bytes) -> int:
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    sent = {"X-GitHub-Delivery": "guid-1", "X-GitHub-Event": "issues", "X-Hub-Signature-256": signature}
    return httpx.post(f"{url}/webhooks", content=body, headers=sent, timeout=WAIT_S, trust_env=False).status_code


def lose_database(worker: Worker) -> None:
    services = worker._services
    assert services is not None
    services.database.sync_engine.connect = lambda: (_ for _ in ()).throw(OSError("gone"))  # type: ignore[method-assign]


def asks(url: str, path: str) -> int | None:
    try:
        return httpx.get(url + path, timeout=WAIT_S, trust_env=False).status_code
    except httpx.TransportError:
        return None


def until(what: str, look: Callable[[], Any]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not look():
        assert time.monotonic() < deadline, f"{what} did not come"
        time.sleep(0.02)


def ended_well(worker: Worker) -> bool:
    return worker._main is not None and worker._main.done() and worker._main.exception() is None
