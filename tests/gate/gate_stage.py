"""What all examples share: one GitHub, one App on it, one event loop. Each example has a repository of its own.

GitHub is the emulator on a real port, and the mirrors' fetches go there over HTTP; one that would bring nothing new is
left out. What is asked over REST is handed to the same application without a socket. Nothing is executed: no policy
names a test command, and the box fails whoever asks it.
"""

import asyncio
import shutil
from collections.abc import Coroutine
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from reviewer import Reviewer

from app.emulator.app import RunningEmulator, add_repository
from app.emulator.state import App, Installation, Repository, User
from app.forge.api import Forge
from app.settings import Settings
from app.store.engine import open_database
from app.wiring import Services
from tests.support.databases import migrated_sqlite
from tests.support.git_cache import keep_answers
from tests.support.near_mirrors import NearMirrors
from tests.support.quick_sqlite import without_threads

T = TypeVar("T")
ROLES = {"ada": "admin", "maya": "maintain", "wes": "write", "will": "write", "tria": "triage", "rita": "read"}
_GRANTED = {
    **dict.fromkeys(("checks", "contents", "issues", "pull_requests"), "write"),
    **dict.fromkeys(("administration", "members", "metadata", "statuses"), "read"),
}
_EVENTS = frozenset(
    {"issues", "issue_comment", "pull_request", "pull_request_review", "check_run", "check_suite", "push"}
)
_TOLD_THE_TIME = ("check_runs", "comments", "reviews", "issue_events")
PACE: ContextVar["Pace | None"] = ContextVar("PACE", default=None)


@dataclass
class Pace:
    """How far a drive may go: so many moments before and after its requests; then it waits there."""

    left: float = 0.0
    parked: asyncio.Event = field(default_factory=asyncio.Event)
    _go: asyncio.Event = field(default_factory=asyncio.Event)

    def allow(self, moments: float) -> None:
        self.left = moments
        self.parked.clear()
        self._go.set()

    async def moment(self) -> None:
        while self.left <= 0:
            self._go.clear()
            self.parked.set()
            await self._go.wait()
        self.left -= 1


class _Paced(httpx.ASGITransport):
    """Nobody waits while a token is fetched: whoever needs the same one waits for it, and that can be who goes on."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        pace = None if request.url.path.endswith("/access_tokens") else PACE.get()
        if pace is not None:
            await pace.moment()
        response = await super().handle_async_request(request)
        if pace is not None:
            await pace.moment()
        return response


class _NoBox:
    async def run(self, argv: object, **_: object) -> Any:
        raise AssertionError(f"nothing is to be executed here, but somebody asked for {argv}")


class GateStage:
    """Call `close` at the end."""

    def __init__(self, home: Path, patch: pytest.MonkeyPatch) -> None:
        self.home = home
        self.loop = asyncio.new_event_loop()
        self.emulator = RunningEmulator(home / "github").__enter__()
        self.emulator.rates.limits.update(core=10**9, graphql=10**9)
        self.github = self.emulator.world
        self.time = datetime.now(UTC)
        for module in _TOLD_THE_TIME:
            patch.setattr(f"app.emulator.{module}.now", self.now)
        keep_answers(patch)
        without_threads(patch)
        self.tokens = {login: self.github.add_user(login) for login in ROLES}
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        form, plain = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        self.app, self.installation = self._install("quorum", key)
        self.helper, self.helping = self._install("helper", key)
        url, name = self.github.base_url, self.app.client_id
        self.settings = Settings(
            data_dir=home / "data", github_url=url, app_id=self.app.id, app_client_id=name, app_slug="quorum"
        )
        self.client = httpx.AsyncClient(transport=_Paced(self.emulator.asgi))
        pem = key.private_bytes(serialization.Encoding.PEM, form, plain).decode()
        self.forge = Forge(self.settings, self.client, pem, write_gap_s=0.0)
        # Each token that is to be kept out of logs makes the next one dearer; here are no logs, and many tokens.
        self.forge.tokens._told = lambda _token: None
        self.reviewer = Reviewer()
        self._examples = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def now(self) -> str:
        """GitHub's clock: it goes on by a second whenever somebody does something."""
        return self.time.strftime("%Y-%m-%dT%H:%M:%SZ")

    def tick(self) -> None:
        self.time += timedelta(seconds=1)

    def new_repository(self) -> Repository:
        self.github.repositories.clear()
        self.emulator.log.clear()
        self._examples += 1
        repository = self.run(add_repository(self.github, self.github.users["ada"], f"n{self._examples}", {**ROLES}))
        for installation in (self.installation, self.helping):
            installation.repository_ids[:] = [repository.id]
        return repository

    def new_services(self) -> Services:
        """With a database and mirrors that are empty."""
        place = self.home / f"run{self._examples}"
        place.mkdir()
        return Services(
            settings=self.settings,
            database=open_database(migrated_sqlite(place / "quorum.db")),
            forge=self.forge,
            mirrors=NearMirrors(place / "mirrors", self.forge, self.emulator),
            box=_NoBox(),
            model=self.reviewer,
            worktrees=place / "worktrees",
        )

    def forget(self, services: Services, repository: Repository) -> None:
        """Take away what an example left."""
        self.run(services.database.dispose())
        shutil.rmtree(services.worktrees.parent)
        shutil.rmtree(repository.path)

    def close(self) -> None:
        self.run(self.client.aclose())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        self.emulator.__exit__()

    def _install(self, slug: str, key: rsa.RSAPrivateKey) -> tuple[App, Installation]:
        form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        public = key.public_key().public_bytes(*form).decode()
        app = self.github.add_app(slug, public, _GRANTED, _EVENTS, ("http://receiver.test/", "secret"))
        installation = self.github.install(app, [])
        installation.account = User("ada", self.github.users["ada"].id)
        return app, installation
