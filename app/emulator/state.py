"""Everything the emulator knows, in memory. Objects are kept near GitHub's JSON; `render` adds what can be derived."""

import itertools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.emulator.turns import Turns

Json = dict[str, Any]


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class User:
    login: str
    id: int
    type: str = "User"


@dataclass
class Membership:
    """`role`: admin or member of an organization, maintainer or member of a team. `state`: active or pending."""

    role: str
    state: str = "active"


@dataclass
class Team:
    id: int
    slug: str
    members: dict[str, Membership] = field(default_factory=dict)


@dataclass
class Organization:
    """`account` owns repositories; members are by login, teams by slug."""

    account: User
    members: dict[str, Membership] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)


@dataclass
class App:
    """A GitHub App with its webhook. `subscriptions` are the events that it is sent. `owner` None: its own bot."""

    id: int
    slug: str
    client_id: str
    public_key: str
    permissions: dict[str, str]
    subscriptions: frozenset[str]
    hook_url: str
    hook_secret: str
    bot: User
    hook_active: bool = True
    owner: User | None = None
    name: str = ""


@dataclass
class Installation:
    """`account`: whose it is, None for nobody. `suspended_by` None: it is not suspended.

    `accepted`: the permissions that were granted, where the App has asked for others since; None: all that it asks for.
    """

    id: int
    app: App
    repository_ids: list[int]
    account: User | None = None
    suspended_by: User | None = None
    suspended_at: str | None = None
    accepted: dict[str, str] | None = None

    @property
    def permissions(self) -> dict[str, str]:
        return self.app.permissions if self.accepted is None else self.accepted


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
class Registration:
    """An App that was made from a manifest and whose credentials nobody has fetched. `made_at` as `time.time`."""

    app: App
    made_at: float


@dataclass(frozen=True)
class Group:
    """A merge group: the commit `head_sha`, on a branch of its own, on top of the group before it or of the base."""

    ref: str
    base_sha: str
    head_sha: str


@dataclass
class Entry:
    """A pull request in a merge queue, with the head that it had when it came. `group` None: nothing is built yet."""

    id: int
    pull: int
    head_sha: str
    actor: Actor
    enqueued_at: str
    group: Group | None = None


@dataclass
class Repository:
    """`issues` holds issues and pull requests, which share one sequence of numbers.

    `queues`: by base branch, who is next comes first. `advisories`: `ghsa_id`, `severity` and `summary` of what is
    known of the `version` of a package by its `name`; `licenses` by the package's name.
    `lock` is held while refs move and everybody is told, so that two pushes are told of one after the other.
    """

    id: int
    owner: User
    name: str
    path: Path
    default_branch: str = "main"
    private: bool = False
    archived: bool = False
    allow_auto_merge: bool = False
    former_names: set[str] = field(default_factory=set)
    renamed_branches: dict[str, str] = field(default_factory=dict)
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
    activities: list[Json] = field(default_factory=list)
    protection: dict[str, Json] = field(default_factory=dict)
    rulesets: dict[int, Json] = field(default_factory=dict)
    environments: dict[str, Json] = field(default_factory=dict)
    deployments: dict[int, Json] = field(default_factory=dict)
    workflow_runs: dict[int, Json] = field(default_factory=dict)
    queues: dict[str, list[Entry]] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    dependency_graph: bool = True
    advisories: list[Json] = field(default_factory=list)
    licenses: dict[str, str] = field(default_factory=dict)
    created_at: str = field(default_factory=now)
    lock: Turns = field(default_factory=Turns)

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"


class World:
    """One GitHub. `emit` is called with an App, an event name and a payload for each webhook that is due."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.base_url = ""
        self.users: dict[str, User] = {}
        self.organizations: dict[str, Organization] = {}
        self.apps: dict[int, App] = {}
        self.installations: dict[int, Installation] = {}
        self.repositories: dict[int, Repository] = {}
        self.tokens: dict[str, Token] = {}
        self.sessions: dict[str, User] = {}
        self.registrations: dict[str, Registration] = {}
        self.log_links: dict[str, tuple[str, float]] = {}
        self.emit: Callable[[App, str, Json], None] = lambda _app, _event, _payload: None
        self._ids = itertools.count(1001)
        self._moment = 0

    def next_id(self) -> int:
        return next(self._ids)

    def moment(self) -> int:
        """The time in seconds, never twice the same: of two commits that are alike in all else, each gets its own."""
        self._moment = max(int(time.time()), self._moment + 1)
        return self._moment

    def add_user(self, login: str) -> str:
        """A new person; returns a personal access token."""
        self.users[login] = User(login, self.next_id())
        token = f"ghp_{secrets.token_hex(18)}"
        self.tokens[token] = Token(Actor(self.users[login]), time.time() + 30 * 86400)
        return token

    def add_organization(self, login: str, roles: dict[str, str]) -> Organization:
        """`roles`: admin or member, by the login of a person. Repositories are given its `account` as owner."""
        account = User(login, self.next_id(), "Organization")
        organization = Organization(account, {person: Membership(role) for person, role in roles.items()})
        self.organizations[login.lower()] = organization
        return organization

    def add_team(self, organization: Organization, slug: str, states: dict[str, str]) -> Team:
        """`states`: active or pending, by login. Who is not yet a member of the organization is invited to both."""
        team = Team(self.next_id(), slug)
        for person, state in states.items():
            known = organization.members.setdefault(person, Membership("member", state))
            team.members[person] = Membership("maintainer" if known.role == "admin" else "member", state)
        organization.teams[slug] = team
        return team

    def add_app(
        self, slug: str, public_key: str, permissions: dict[str, str], events: frozenset[str], hook: tuple[str, str]
    ) -> App:
        identity = self.next_id()
        bot = User(f"{slug}[bot]", self.next_id(), "Bot")
        client_id = f"Iv23{secrets.token_hex(8)}"
        app = App(identity, slug, client_id, public_key, {**permissions}, events, hook[0], hook[1], bot)
        self.apps[identity] = app
        return app

    def install(self, app: App, repositories: list[Repository]) -> Installation:
        account = repositories[0].owner if repositories else None
        installation = Installation(self.next_id(), app, [repository.id for repository in repositories], account)
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
