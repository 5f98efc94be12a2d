"""A thousand repositories and what happens in them within an hour, beside a whole Quorum on PostgreSQL.

The web server is a process of its own behind real HTTP. Runs are driven by the real driver, here, beside GitHub's
stand-in, whose work is counted as if it were Quorum's. Git is read from GitHub's own files, and the model answers after
a while.
"""

import asyncio
import hashlib
import hmac
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Self

import httpx
import psutil
import psycopg
from sqlalchemy import text

from app.emulator.state import Repository
from app.forge.api import Forge
from app.jobs.deliver import deliver
from app.llm.messages import Reply, Request
from app.policy.own_app import App
from app.runs.drive import Workflows
from app.runs.driver import Driver
from app.store import inbox
from app.store.engine import open_database
from app.store.work import work
from app.wiring import Services
from app.workflows import CLEAN_UPS, WORKFLOWS
from tests.support.brokers import free_port
from tests.support.house import House, NoBox
from tests.support.near_mirrors import NearMirrors
from tests.support.opinions import Opinions
from tests.support.places import Place

SECRET = "a webhook secret"
THINKS_S = 2.0
SLOTS, AT_ONCE = 64, 40
POLICY = "perspectives: [security, performance, architecture, testing, documentation]\n"


class Thinking(Opinions):
    """Takes its time, as models do."""

    async def reply(self, request: Request) -> Reply:
        await asyncio.sleep(THINKS_S)
        return await super().reply(request)


class Town(House):
    """A house on PostgreSQL, whose runs are driven by the driver."""

    def __init__(self, database_url: str, repositories: int) -> None:
        super().__init__()
        self._database_url = database_url
        self._repositories = repositories
        self.model = Thinking()

    def __enter__(self) -> Self:
        super().__enter__()
        self.template = Place(self, POLICY)
        owner = self.template.repository
        for number in range(self._repositories - 1):
            self._settle_in(owner, f"r{number}")
        return self

    async def _open(self) -> None:
        self._patch.undo()  # what spares tests time would be measured here
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(self.stage._emulator.asgi))
        key = await asyncio.to_thread((self.stage.home / "app.pem").read_text)
        forge = Forge(self.settings, self._client, key, write_gap_s=0)
        database = open_database(self._database_url)
        mirrors = NearMirrors(self.stage.home / "mirrors", forge, self.stage._emulator)
        self.services = Services(
            self.settings, database, forge, mirrors, NoBox(), self.model, self.stage.home / "worktrees"
        )

    def _settle_in(self, like: Repository, name: str) -> None:
        """One more; until something is pushed to it, it has the template's files."""
        world = self.stage.world
        identity = world.next_id()
        fresh: dict[str, Any] = {each: {} for each in ("issues", "comments", "check_runs", "suites", "reviews")}
        made = replace(like, id=identity, name=name, lock=asyncio.Lock(), protection=dict(like.protection), **fresh)
        world.repositories[identity] = made
        self.installation.repository_ids.append(identity)

    def place(self, number: int) -> Place:
        """One of them, to be worked in."""
        found = [each for each in self.stage.world.repositories.values() if each.name == f"r{number}"]
        place = object.__new__(Place)
        place.house, place.repository, place.main = self, found[0], self.template.main
        own = self.stage.home / f"own-{number}.git"
        subprocess.run(["cp", "-r", str(self.template.repository.path), str(own)], check=True)
        place.repository.path = own
        return place

    def take_in(self, url: str) -> None:
        """What GitHub sent is posted to the web server, then routed."""
        sent = [(each["guid"], each["event"], json.dumps(each["payload"]).encode()) for each in self.arrived()]
        self.run(post_all(url, sent))
        self.run(self.route())

    async def route(self) -> None:
        app, lanes = App(self.settings.app_id, self.settings.app_slug), asyncio.Semaphore(8)

        async def one(guid: str) -> None:
            async with lanes:
                await deliver(self.services.database, app, guid)

        async with work(self.services.database) as db:
            waiting = await inbox.pending(db, time.time() + 60, 100_000)
        async with asyncio.TaskGroup() as group:
            for each in waiting:
                group.create_task(one(each))

    def work_off(self) -> None:
        """Drive until nothing is due."""
        self.run(self._work_off())

    async def _work_off(self) -> None:
        told = Workflows(WORKFLOWS, CLEAN_UPS)
        driver = Driver(self.services.database, "town", told, self.services, slots=SLOTS, poll_s=0.2)
        stop = asyncio.Event()
        driving = asyncio.create_task(driver.run_until(stop))
        while driver.in_progress or await self._due():  # noqa: ASYNC110 - as a person who looks
            await asyncio.sleep(0.1)
        stop.set()
        await driving

    async def _due(self) -> bool:
        asked = "SELECT 1 FROM runs WHERE finished_at IS NULL AND wake_at <= :soon LIMIT 1"
        async with self.services.database.connect() as db:
            return (await db.execute(text(asked), {"soon": time.time() + 3.0})).first() is not None


async def post_all(url: str, sent: Sequence[tuple[str, str, bytes]]) -> None:
    """Each is answered before the next of its lane goes. Fails at anything but 202."""
    todo = iter(sent)

    async def lane(client: httpx.AsyncClient) -> None:
        for guid, event, body in todo:
            signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
            told = {"X-GitHub-Delivery": guid, "X-GitHub-Event": event, "X-Hub-Signature-256": signature}
            answer = await client.post(f"{url}/webhooks", content=body, headers=told)
            assert answer.status_code == 202, answer.text

    async with httpx.AsyncClient(trust_env=False, timeout=60.0) as client, asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(lane(client))


@contextmanager
def web_server(database_url: str, broker_url: str) -> Iterator[tuple[str, psutil.Process]]:
    port = free_port()
    told = {"DATABASE_URL": database_url, "BROKER_URL": broker_url, "WEBHOOK_SECRET": SECRET, "PORT": str(port)}
    env = {**os.environ, **{f"QUORUM_{name}": value for name, value in told.items()}}
    process = subprocess.Popen([sys.executable, "-m", "app.cli", "serve", "--only", "web"], env=env)
    url = f"http://127.0.0.1:{port}"
    try:
        while not _answers(url):
            assert process.poll() is None
            time.sleep(0.05)
        yield url, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def postmaster(database_url: str) -> psutil.Process:
    with psycopg.connect(database_url.replace("+psycopg", "")) as db:
        parent = psutil.Process(db.info.backend_pid).parent()
    assert parent is not None
    return parent


def cpu_s(process: psutil.Process) -> float:
    """Of one core: the process, its children that have ended, and those that live."""
    total = 0.0
    for each in (process, *process.children(recursive=True)):
        try:
            used = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += used.user + used.system + used.children_user + used.children_system
    return total


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", trust_env=False).is_success
    except httpx.HTTPError:
        return False
