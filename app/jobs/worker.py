"""The worker process: Celery's threads listen for doorbells, one loop does the work."""

import asyncio
import os
import signal
import socket
import time
from concurrent.futures import Future

import structlog
from celery import Celery

from app import broker
from app.jobs.bridge import Bridge
from app.jobs.deliver import deliver
from app.jobs.sweep import outlive, poll_github, sweep_inbox
from app.jobs.tidy import tidy_worktrees
from app.policy.routes import App
from app.runs.drive import Workflows
from app.runs.driver import Driver
from app.settings import Settings
from app.store.engine import migrate
from app.wiring import Services, open_services
from app.workflows import CLEAN_UPS, WORKFLOWS

_THREADS = 4
_END_S = 15.0
log = structlog.get_logger()


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; then put runs back and return."""
    worker = Worker(settings)
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

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._bridge = Bridge()
        self._app = App(settings.app_id, settings.app_slug)
        self._stop = asyncio.Event()
        self._driver: Driver[Services] | None = None
        self._services: Services | None = None
        self._main: Future[None] | None = None

    def start(self) -> None:
        self._bridge.start()
        self._main = self._bridge.submit(self._live())
        self._main.add_done_callback(self._ended)

    def stop(self) -> None:
        self._bridge.loop.call_soon_threadsafe(self._stop.set)
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

    async def _live(self) -> None:
        async with open_services(self._settings) as services:
            await migrate(services.database)
            self._services = services
            owner = f"{socket.gethostname()}:{os.getpid()}:{time.time_ns()}"
            self._driver = Driver(
                services.database,
                owner,
                Workflows(WORKFLOWS, CLEAN_UPS),
                services,
                slots=self._settings.concurrency,
                lease_s=self._settings.lease_s,
                poll_s=min(self._settings.sweep_s, 5.0),
            )
            # Apart, so that a GitHub that is slow or large does not make deliveries wait.
            sweeps = [asyncio.create_task(self._sweep(services, self._driver), name="sweep")]
            sweeps += [asyncio.create_task(self._poll(services, self._driver), name="poll")]
            try:
                await self._driver.run_until(self._stop)
            finally:
                for each in sweeps:
                    each.cancel()
                await asyncio.gather(*sweeps, return_exceptions=True)

    async def _sweep(self, services: Services, driver: Driver[Services]) -> None:
        while True:
            await outlive("inbox", lambda: sweep_inbox(services.database, self._app))
            driver.wake()
            await asyncio.sleep(self._settings.sweep_s)

    async def _poll(self, services: Services, driver: Driver[Services]) -> None:
        while True:
            await outlive("work trees", lambda: tidy_worktrees(services.database, services.worktrees))
            await outlive("github", lambda: poll_github(services.database, services.forge, self._app))
            driver.wake()
            await asyncio.sleep(self._settings.poll_s)

    def _ended(self, future: "Future[None]") -> None:
        """The loop's main task ends only when told to; otherwise the process is of no use."""
        error = None if future.cancelled() else future.exception()
        if error is not None:
            log.critical("the worker cannot go on", error=str(error), exc_info=error)
            os.kill(os.getpid(), signal.SIGTERM)


async def _deliver(services: Services, app: App, identity: str) -> None:
    await deliver(services.database, app, identity)


def _register(celery: Celery, worker: Worker) -> None:
    def answer_delivery(identity: str) -> None:
        worker.heard("deliver", identity)

    def answer_run(identity: str) -> None:
        worker.heard("drive", identity)

    celery.task(name="quorum.deliver")(answer_delivery)
    celery.task(name="quorum.drive")(answer_run)
