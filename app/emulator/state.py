"""Everything the emulator knows, in memory. Objects are kept near GitHub's JSON; `render` adds what can be derived."""

import asyncio
import itertools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class User:
    login: str
    id: int
    type: str = "User"


@dataclass
class App:
    """A GitHub App with its webhook. `subscriptions` are the events that it is sent."""

    id: int
    slug: str
    client_id: str
    public_key: str
    permissions: dict[str, str]
    subscriptions: frozenset[str]
    hook_url: str
    hook_secret: str
    bot: User


@dataclass
class Installation:
    id: int
    app: App
    repository_ids: list[int]


@dataclass
class Actor:
    """Who asks: a person, an App by itself, or an App on an installation with a narrowed token."""

    user: User
    app: App | None = None
    installation: Installation | None = None
    permissions: dict[str, str] = field(default_factory=dict)
    repository_ids: list[int] = field(default_factory=list)


@dataclass
class Token:
    actor: Actor
    expires_at: float


@dataclass
class Repository:
    """`issues` holds issues and pull requests, which share one sequence of numbers.

    `lock` is held while refs move and everybody is told, so that two pushes are told of one after the other.
    """

    id: int
    owner: User
    name: str
    path: Path
    default_branch: str = "main"
    permissions: dict[str, str] = field(default_factory=dict)
    issues: dict[int, Json] = field(default_factory=dict)
    comments: dict[int, Json] = field(default_factory=dict)
    reactions: list[Json] = field(default_factory=list)
    issue_events: list[Json] = field(default_factory=list)
    reviews: dict[int, Json] = field(default_factory=dict)
    review_comments: dict[int, Json] = field(default_factory=dict)
    check_runs: dict[int, Json] = field(default_factory=dict)
    suites: dict[int, Json] = field(default_factory=dict)
    statuses: list[Json] = field(default_factory=list)
    protection: dict[str, Json] = field(default_factory=dict)
    rulesets: dict[int, Json] = field(default_factory=dict)
    environments: dict[str, Json] = field(default_factory=dict)
    deployments: dict[int, Json] = field(default_factory=dict)
    workflow_runs: dict[int, Json] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    created_at: str = field(default_factory=now)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"


class World:
    """One GitHub. `emit` is called with an App, an event name and a payload for each webhook that is due."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.base_url = ""
        self.users: dict[str, User] = {}
        self.apps: dict[int, App] = {}
        self.installations: dict[int, Installation] = {}
        self.repositories: dict[int, Repository] = {}
        self.tokens: dict[str, Token] = {}
        self.emit: Callable[[App, str, Json], None] = lambda _app, _event, _payload: None
        self._ids = itertools.count(1001)

    def next_id(self) -> int:
        return next(self._ids)

    def add_user(self, login: str) -> str:
        """A new person; returns a personal access token."""
        self.users[login] = User(login, self.next_id())
        token = f"ghp_{secrets.token_hex(18)}"
        self.tokens[token] = Token(Actor(self.users[login]), time.time() + 30 * 86400)
        return token

    def add_app(
        self, slug: str, public_key: str, permissions: dict[str, str], events: frozenset[str], hook: tuple[str, str]
    ) -> App:
        identity = self.next_id()
        bot = User(f"{slug}[bot]", self.next_id(), "Bot")
        client_id = f"Iv23{secrets.token_hex(8)}"
        app = App(identity, slug, client_id, public_key, permissions, events, hook[0], hook[1], bot)
        self.apps[identity] = app
        return app

    def install(self, app: App, repositories: list[Repository]) -> Installation:
        installation = Installation(self.next_id(), app, [repository.id for repository in repositories])
        self.installations[installation.id] = installation
        return installation

    def mint(
        self, installation: Installation, permissions: dict[str, str], repository_ids: list[int]
    ) -> tuple[str, Token]:
        """An installation token in GitHub's stateless form, valid for an hour."""
        actor = Actor(installation.app.bot, installation.app, installation, permissions, repository_ids)
        body = ".".join((secrets.token_urlsafe(60), secrets.token_urlsafe(170), secrets.token_urlsafe(140)))
        token = f"ghs_{installation.app.id}_{body}"
        self.tokens[token] = Token(actor, time.time() + 3600)
        return token, self.tokens[token]

    def find(self, owner: str, name: str) -> Repository | None:
        wanted = f"{owner}/{name}".lower()
        return next((each for each in self.repositories.values() if each.full_name.lower() == wanted), None)
