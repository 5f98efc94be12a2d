"""The worker process: Celery's threads listen for doorbells, one loop does the work.

It may be one of two halves: `runs` are driven by any number of processes, `sweeps` ask GitHub and are made by one.
"""

import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Literal

import httpx
import structlog
from celery import Celery
from sqlalchemy.ext.asyncio import AsyncEngine

from app import broker
from app.jobs.bridge import Bridge
from app.jobs.deliver import deliver
from app.jobs.fetching import fetch_deliveries
from app.jobs.health import answering
from app.jobs.opened import Opened, Opening
from app.jobs.relay import Relay
from app.jobs.sweep import Polls, outlive, sweep_inbox
from app.jobs.tidy import tidy_worktrees
from app.policy.own_app import App
from app.runs.drive import Workflows
from app.runs.driver import Driver
from app.settings import Settings
from app.sources.live import LOOK_S, Live
from app.sources.spare import Spare
from app.store.engine import migrate
from app.wiring import Services
from app.workflows import CLEAN_UPS, WORKFLOWS

_THREADS = 4
_END_S = 15.0
_NEW_S = 60.0
"""How often GitHub is asked who has installed the App: one request."""
log = structlog.get_logger()


Part = Literal["all", "runs", "sweeps"]


def run_worker(
    settings: Settings,
    live: Live[Settings] | None = None,
    part: Part = "all",
    spare: Spare[Settings] | None = None,
) -> None:
    """Work until SIGTERM or SIGINT; then put runs back and return.

    `live`: settings that may change meanwhile. `spare`: the last ones that could be worked with.
    """
    worker = Worker(settings, live, part, spare)
    if part == "sweeps":
        with _told_to_end() as ending:
            worker.start()
            ending.wait()
            worker.stop()
        return
    celery = broker.create(settings.broker_url)
    _register(celery, worker)
    worker.start()
    try:
        celery.Worker(
            pool="threads", concurrency=_THREADS, loglevel="WARNING", without_gossip=True, without_mingle=True,
            without_heartbeat=True, quiet=True, optimization="fair",
        ).start()  # fmt: skip
    finally:
        worker.stop()


class Worker:
    """What one process shares: the bridge, the services, the driver and the sweeps."""

    def __init__(
        self,
        settings: Settings,
        live: Live[Settings] | None = None,
        part: Part = "all",
        spare: Spare[Settings] | None = None,
    ) -> None:
        self._settings = settings
        self._opening = Opening(part == "sweeps", spare)
        self._part = part
        self._live_settings = live
        self._bridge = Bridge()
        self._app = App(settings.app_id, settings.app_slug)
        self._stop = asyncio.Event()
        self._turn = asyncio.Event()
        self._next: Opened | None = None
        self._driver: Driver[Services] | None = None
        self._services: Services | None = None
        self._main: Future[None] | None = None

    def start(self) -> None:
        self._bridge.start()
        self._main = self._bridge.submit(self._live())
        self._main.add_done_callback(self._ended)

    def stop(self) -> None:
        self._bridge.loop.call_soon_threadsafe(self._end)
        deadline = time.monotonic() + _END_S
        while self._main is not None and not self._main.done() and time.monotonic() < deadline:
            time.sleep(0.05)

    def heard(self, kind: broker.Kind, identity: str) -> None:
        """A doorbell rang."""
        self._bridge.submit(self._answer(kind, identity))

    async def _answer(self, kind: broker.Kind, identity: str) -> None:
        if self._services is None or self._driver is None:
            return
        if kind == "deliver":
            services = self._services
            await outlive("deliver", lambda: _deliver(services, self._app, identity))
        self._driver.wake()

    def _end(self) -> None:
        self._stop.set()
        self._turn.set()

    async def _live(self) -> None:
        async with answering(self._settings.host, self._settings.health_port, self._database):
            await self._go_on()

    def _database(self) -> AsyncEngine | None:
        return None if self._services is None or self._stop.is_set() else self._services.database

    async def _go_on(self) -> None:
        """Work; where the settings change, put runs back and go on with what the new ones open."""
        first = await self._opening.first(self._settings, self._live_settings)
        await migrate(first.services.database)
        opened: Opened | None = first
        while opened is not None:
            async with opened.stack:
                await self._work(opened.services)
            opened, self._next = self._next, None
            if not self._stop.is_set():
                self._turn.clear()

    async def _work(self, services: Services) -> None:
        self._services, self._settings = services, services.settings
        if self._part == "sweeps":
            async with _going_on(*self._sweeps(services), self._watch()):
                await self._turn.wait()
            return
        self._driver = self._new_driver(services)
        # Apart, so that a GitHub that is slow or large does not make deliveries wait.
        sweeps = self._sweeps(services) if self._part == "all" else []
        async with _going_on(*sweeps, self._tidy(services), self._watch()):
            await self._driver.run_until(self._turn)

    def _new_driver(self, services: Services) -> Driver[Services]:
        return Driver(
            services.database,
            f"{socket.gethostname()}:{os.getpid()}:{time.time_ns()}",
            Workflows(WORKFLOWS, CLEAN_UPS),
            services,
            slots=self._settings.concurrency,
            lease_s=self._settings.lease_s,
            poll_s=min(self._settings.sweep_s, 5.0),
        )

    def _sweeps(self, services: Services) -> list[Coroutine[Any, Any, None]]:
        hearing = [self._hear(services)] if services.settings.relay_url.get_secret_value() else []
        return [self._sweep(services), self._poll(services), *hearing]

    async def _watch(self) -> None:
        """Until the settings changed, and what they ask for could be opened; else all stays as it is."""
        while self._live_settings is not None:
            await asyncio.sleep(LOOK_S)
            await self.look_at_settings(self._live_settings)

    async def look_at_settings(self, live: Live[Settings]) -> None:
        """Take up new settings if there are some that can be worked with."""
        if self._next is not None:
            return  # what changes while runs are put back is looked at by the next turn
        new = live.look()
        if new is None:
            return
        try:
            self._next = await self._opening.by(new)
        except Exception as error:
            log.warning("the settings were changed and cannot be used; the old ones stay", error=str(error))
            return
        changed = [name for name in Settings.model_fields if getattr(new, name) != getattr(live.now, name)]
        live.now = new
        # A warning, as Celery lets nothing below one through: whoever changed the file waits for this line.
        log.warning("the settings were changed; runs go on with the new ones", settings=changed)
        self._turn.set()

    async def _hear(self, services: Services) -> None:
        async def fetch() -> int:
            found = await fetch_deliveries(services.database, services.forge, self._app)
            self._wake()
            return found

        async with httpx.AsyncClient(trust_env=False) as client:
            relay = Relay(services.settings.relay_url.get_secret_value(), client, fetch)
            await outlive("relay", relay.run)

    async def _sweep(self, services: Services) -> None:
        while True:
            await outlive("inbox", lambda: sweep_inbox(services.database, self._app))
            self._wake()
            await asyncio.sleep(self._settings.sweep_s)

    async def _poll(self, services: Services) -> None:
        polls = Polls(services.database, services.forge, self._app)
        while True:
            await outlive("github", polls.whole)
            self._wake()
            left = self._settings.poll_s
            while left > 0:
                await asyncio.sleep(min(left, _NEW_S))
                left -= _NEW_S
                if left > 0:
                    await outlive("installations", polls.new)
                    self._wake()

    async def _tidy(self, services: Services) -> None:
        while True:
            await outlive("work trees", lambda: tidy_worktrees(services.database, services.worktrees))
            await asyncio.sleep(self._settings.poll_s)

    def _wake(self) -> None:
        """The driver here; one in another process looks by itself every few seconds."""
        if self._driver is not None:
            self._driver.wake()

    def _ended(self, future: "Future[None]") -> None:
        """The loop's main task ends only when told to; otherwise the process is of no use."""
        error = None if future.cancelled() else future.exception()
        if error is not None:
            log.critical("the worker cannot go on", error=str(error), exc_info=error)
            os.kill(os.getpid(), signal.SIGTERM)


@asynccontextmanager
async def _going_on(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let these go on for as long as the block lasts."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def _told_to_end() -> Iterator[threading.Event]:
    """Set by SIGTERM and SIGINT. To be called from the main thread, which alone may handle signals."""
    told = threading.Event()
    before = {each: signal.signal(each, lambda *_: told.set()) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield told
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


async def _deliver(services: Services, app: App, identity: str) -> None:
    await deliver(services.database, app, identity)


def _register(celery: Celery, worker: Worker) -> None:
    def answer_delivery(identity: str) -> None:
        worker.heard("deliver", identity)

    def answer_run(identity: str) -> None:
        worker.heard("drive", identity)

    celery.task(name="quorum.deliver", shared=False)(answer_delivery)
    celery.task(name="quorum.drive", shared=False)(answer_run)
