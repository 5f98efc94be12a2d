"""A whole Quorum in one process, beside an emulated GitHub: events are handed over and runs are driven on demand.

Nothing goes on by itself, so that a test says what arrives, how often and in which order, and never waits. The inbox,
the database, git over HTTP, the driver's claims and the workflows are the real ones; there is no sandbox, as no policy
here has a `test`.
"""

import asyncio
import json
import random
import time
from collections.abc import Coroutine, Sequence
from typing import Any, Self, TypeVar

import httpx
import pytest
from sqlalchemy import Executable, delete, text, update

from app.cli.demo.github import Person
from app.cli.demo.stage import Stage
from app.emulator.app import add_repository
from app.emulator.faults import Fault
from app.emulator.state import App, Installation, Repository, User
from app.forge.api import Forge
from app.jobs.deliver import deliver
from app.jobs.sweep import poll_github
from app.policy.own_app import App as OwnApp
from app.runs.drive import Workflows, drive
from app.runs.lease import claim
from app.settings import Settings
from app.store import inbox
from app.store.engine import open_database
from app.store.inbox import Delivery
from app.store.tables import labels, runs, verdicts
from app.store.work import work
from app.wiring import Services
from app.workflows import CLEAN_UPS, WORKFLOWS
from tests.support.databases import migrated_sqlite
from tests.support.git_cache import keep_answers
from tests.support.near_mirrors import NearMirrors
from tests.support.opinions import Opinions
from tests.support.quick_sqlite import without_threads

T = TypeVar("T")
_MOST_ROUNDS = 200
"""More than any story here takes: what comes to no rest is a fault."""


class DiedError(BaseException):
    """The process is gone: nothing is written down any more. To be raised by `model.meanwhile`."""


class NoBox:
    """Nothing is executed in these stories."""

    async def run(self, argv: Sequence[str], **_: Any) -> Any:
        raise AssertionError(f"{argv} would have been executed")


class House:
    """Quorum's process and GitHub's. `model.asked` tells who was asked to review."""

    def __init__(self) -> None:
        self.stage = Stage("scripted:none")
        self.model = Opinions()
        self._patch = pytest.MonkeyPatch()
        self._runner = asyncio.Runner()
        self._people: dict[str, Person] = {}
        self._seen = 0

    def __enter__(self) -> Self:
        self.stage.__enter__()
        keep_answers(self._patch)
        without_threads(self._patch)
        self.hooks.mischief = type(self.hooks.mischief)(lost=True)
        owner = self.person("mona")
        self.settings = self.install(owner)
        self.run(self._open())
        return self

    def install(self, owner: Person) -> Settings:
        """The App on a repository of the owner's, and the settings with which Quorum serves it."""
        values = self.stage.install_app(self.stage.new_repository(owner, "first"))
        return Settings(
            setup_hosts=(),
            **{name.removeprefix("QUORUM_").lower(): value for name, value in values.items()},  # type: ignore[arg-type]
        )

    def __exit__(self, *exc: object) -> None:
        self.run(self._close())
        self._runner.close()
        self._patch.undo()
        self.stage.__exit__(*exc)

    async def _open(self) -> None:
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(self.stage._emulator.asgi))
        assert self.settings.private_key_file is not None
        key = await asyncio.to_thread(self.settings.private_key_file.read_text)
        forge = Forge(self.settings, self._client, key, write_gap_s=0)
        database = open_database(migrated_sqlite(self.stage.home / "quorum.db"))
        mirrors = NearMirrors(self.stage.home / "mirrors", forge, self.stage._emulator)
        self.services = Services(
            self.settings, database, forge, mirrors, NoBox(), self.model, self.stage.home / "worktrees"
        )

    async def _close(self) -> None:
        await self._client.aclose()
        await self.services.database.dispose()

    def run(self, work_: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work_)

    @property
    def hooks(self) -> Any:
        return self.stage._emulator.asgi.app.state.hooks

    @property
    def app(self) -> App:
        return self.stage.world.apps[self.stage.app_id]

    @property
    def installation(self) -> Installation:
        return next(each for each in self.stage.world.installations.values() if each.app is self.app)

    def person(self, login: str) -> Person:
        if login not in self._people:
            self._people[login] = self.stage.person(login)
        return self._people[login]

    def repository(self, owner: User, name: str, roles: dict[str, str]) -> Repository:
        """A new one, with the App installed."""
        repository = self.run(add_repository(self.stage.world, owner, name, roles))
        self.installation.repository_ids.append(repository.id)
        return repository

    def arrived(self) -> list[dict[str, Any]]:
        """What GitHub sent since it was looked at last; nothing of it has been delivered yet."""
        found = [each for each in self.hooks.deliveries[self._seen :] if each["app"] is self.app]
        self._seen = len(self.hooks.deliveries)
        return found

    def hand_over(self, deliveries: Sequence[dict[str, Any]]) -> None:
        self.run(self._hand_over(deliveries))

    async def _hand_over(self, deliveries: Sequence[dict[str, Any]]) -> None:
        app = OwnApp(self.settings.app_id, self.settings.app_slug)
        for each in deliveries:
            kept = Delivery(each["guid"], each["event"], json.dumps(each["payload"]).encode(), time.time())
            async with work(self.services.database) as db:
                await inbox.accept(db, kept)
            await deliver(self.services.database, app, each["guid"])
            each["status_code"] = 202

    async def hear(self) -> None:
        """What arrived is handed over and driven once, beside whatever goes on."""
        await self._hand_over(self.arrived())
        await self._drive()

    def drive(self) -> int:
        """Everything that is due now, side by side; how many drives that were."""
        return self.run(self._drive())

    async def _drive(self) -> int:
        claimed = await claim(self.services.database, "house", 60.0, 32)
        told = Workflows(WORKFLOWS, CLEAN_UPS)
        async with asyncio.TaskGroup() as group:
            for run in claimed:
                group.create_task(drive(self.services.database, run, told, self.services))
        return len(claimed)

    def settle(self, *, copies: int = 1, seed: int | None = None) -> None:
        """Until nothing arrives and nothing is due. `copies` of each event, shuffled by the `seed`."""
        for _ in range(_MOST_ROUNDS):
            news = [each for each in self.arrived() for _ in range(copies)]
            if seed is not None:
                random.Random(seed).shuffle(news)  # noqa: S311 - an order, not a secret
            self.hand_over(news)
            if not self.drive() and not news:
                return
        going_on = self.rows("SELECT workflow, number, cause FROM runs WHERE finished_at IS NULL")
        raise AssertionError(f"no rest after {_MOST_ROUNDS} rounds: {going_on}")

    def later(self) -> None:
        """Time passes, and what slept for a while is due."""
        self.run(self._change(update(runs).where(runs.c.finished_at.is_(None)).values(wake_at=time.time())))
        self.settle()

    async def _change(self, statement: Executable) -> None:
        async with self.services.database.begin() as db:
            await db.execute(statement)

    def sweep(self) -> None:
        """As a worker does once in a while, and at its start."""
        app = OwnApp(self.settings.app_id, self.settings.app_slug)
        self.run(poll_github(self.services.database, self.services.forge, app))
        self.settle()

    def leases_end(self) -> None:
        """Those of a worker that died."""
        self.run(self._change(update(runs).where(runs.c.state == "running").values(lease_until=0.0)))

    def age_verdicts(self, seconds: float) -> None:
        self.run(self._change(update(verdicts).values(read_at=verdicts.c.read_at - seconds)))

    def forget_labels(self) -> None:
        """As if no event had told who set them."""
        self.run(self._change(delete(labels)))

    def faults(self, *faults: Fault) -> None:
        """In the place of those before."""
        self.stage._emulator.asgi.app.state.faults.faults[:] = faults

    def rows(self, query: str, **values: Any) -> list[Any]:
        async def ask() -> list[Any]:
            async with self.services.database.connect() as db:
                return [tuple(row) for row in await db.execute(text(query), values)]

        return self.run(ask())
