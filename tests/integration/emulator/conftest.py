"""The emulator on a real port, an App installed on one repository, and a real receiver of its webhooks."""

import asyncio
import hashlib
import hmac
import json
import queue
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from app.emulator.app import RunningEmulator, add_repository
from app.emulator.hooks import Mischief
from app.emulator.rates import ENTERPRISE, Rates
from app.emulator.state import App, Installation, Repository, World

SECRET = "what only GitHub and the App know"
GRANTED = {**dict.fromkeys(("checks", "contents", "issues", "pull_requests", "statuses"), "write"), "metadata": "read"}
WAIT_S = 60


@dataclass
class Received:
    headers: dict[str, str]
    body: bytes

    @property
    def payload(self) -> dict:
        return json.loads(self.body)

    @property
    def guid(self) -> str:
        return self.headers["x-github-delivery"]

    @property
    def signature_holds(self) -> bool:
        signed = "sha256=" + hmac.new(SECRET.encode(), self.body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(signed, self.headers["x-hub-signature-256"])


class Receiver:
    """A small HTTP server that keeps what it is sent and answers with `status`."""

    def __init__(self) -> None:
        self.status = 202
        self._arrived: queue.Queue[Received] = queue.Queue()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                self.send_response(receiver.status)
                self.send_header("content-length", "0")
                self.end_headers()
                receiver._arrived.put(Received(headers, body))

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/webhooks"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def next(self) -> Received:
        """What arrives next; raises `queue.Empty` when nothing has come in a minute."""
        return self._arrived.get(timeout=WAIT_S)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(WAIT_S)


@dataclass
class Stage:
    world: World
    repository: Repository
    app: App
    installation: Installation
    person: str
    """The token of ada, an administrator."""
    writer: str
    """The token of bob, who may write."""
    private_key: str
    folder: Path
    wire: httpx.Client
    rates: Rates

    @property
    def url(self) -> str:
        return self.world.base_url

    def token(self, **permissions: str) -> str:
        """An installation token with these permissions only."""
        return self.world.mint(self.installation, permissions, [self.repository.id])[0]

    def app_token(self) -> str:
        moment = int(time.time())
        claims = {"iss": str(self.app.id), "iat": moment - 60, "exp": moment + 300}
        return jwt.encode(claims, self.private_key, algorithm="RS256")

    def ask(
        self, method: str, path: str, token: str, body: object = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """`path` starting with a slash is below the API; without one, below the repository."""
        below = path if path.startswith("/") else f"/repos/{self.repository.full_name}/{path}"
        headers = {"authorization": f"Bearer {token}", **(headers or {})}
        return self.wire.request(method, f"{self.url}/api/v3{below}", headers=headers, json=body)

    def control(self, what: str, body: dict) -> dict:
        return self.wire.put(f"{self.url}/_emulator/{what}", json=body).raise_for_status().json()

    def remote(self, token: str | None) -> str:
        place = f"{self.url}/{self.repository.full_name}.git"
        return place if token is None else place.replace("://", f"://x-access-token:{token}@", 1)

    def git(self, *args: str, where: Path | None = None) -> subprocess.CompletedProcess[str]:
        options = {"cwd": where or self.folder, "env": self._env(), "capture_output": True, "text": True}
        return subprocess.run(["git", *args], **options, timeout=60, check=False)

    def _env(self) -> dict[str, str]:
        env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self.folder), "GIT_CONFIG_NOSYSTEM": "1"}
        env |= {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0"}
        for role in ("AUTHOR", "COMMITTER"):
            env |= {f"GIT_{role}_NAME": "Ada", f"GIT_{role}_EMAIL": "ada@example.org"}
        return env

    def commit(self, name: str, text: str, branch: str = "main") -> str:
        """A commit in the working copy, not yet pushed; its id."""
        copy = self.folder / "copy"
        if not copy.exists():
            self.git("init", "--quiet", "--initial-branch=main", str(copy))
        self.git("checkout", "--quiet", "-B", branch, where=copy)
        (copy / name).write_text(text)
        self.git("add", "--all", where=copy)
        self.git("commit", "--quiet", "-m", f"Write {name}", where=copy)
        return self.git("rev-parse", "HEAD", where=copy).stdout.strip()

    def push(self, token: str | None, *branches: str, force: bool = False) -> subprocess.CompletedProcess[str]:
        names = [f"{branch}:{branch}" for branch in branches or ("main",)]
        return self.git("push", *(["--force"] if force else []), self.remote(token), *names, where=self.folder / "copy")

    def push_at_once(self, *branches: str) -> list[int]:
        """Push each branch in a process of its own, all side by side; how each ended."""
        command = ("git", "push", "--quiet", self.remote(self.person))
        running = [subprocess.Popen([*command, each], cwd=self.folder / "copy", env=self._env()) for each in branches]
        return [each.wait(timeout=60) for each in running]

    def protect(self, branch: str = "main", **rules: object) -> None:
        """Classic protection; what is not named is null."""
        empty = dict.fromkeys(("required_status_checks", "required_pull_request_reviews", "restrictions"))
        body = {**empty, "enforce_admins": True, **rules}
        answer = self.ask("PUT", f"branches/{branch}/protection", self.person, body)
        assert answer.status_code == 200, answer.text

    def pull(self, branch: str = "topic") -> tuple[int, str]:
        """A pull request with one commit; its number and head."""
        sha = self.commit(f"{branch}.txt", "one\n", branch)
        assert self.push(self.person, branch).returncode == 0
        answer = self.ask("POST", "pulls", self.person, {"title": "Topic", "head": branch, "base": "main"})
        assert answer.status_code == 201, answer.text
        return answer.json()["number"], sha

    def merge(self, number: int, token: str | None = None) -> tuple[int, str]:
        """Status and message."""
        answer = self.ask("PUT", f"pulls/{number}/merge", token or self.person, {})
        return answer.status_code, answer.json()["message"]

    def pushed(self) -> str:
        """One commit on main of the repository; its id."""
        sha = self.commit("readme.txt", "hello\n")
        done = self.push(self.person)
        assert done.returncode == 0, done.stderr
        return sha


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture(scope="session")
def wire() -> Iterator[httpx.Client]:
    """One for all tests: to make a client takes longer than to ask."""
    with httpx.Client(timeout=WAIT_S, trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    """One server for all tests; to start and end it takes longer than most of them."""
    with RunningEmulator(tmp_path_factory.mktemp("github")) as emulator:
        yield emulator


def forget(emulator: RunningEmulator, root: Path) -> None:
    """A world as on the first day, at the same address."""
    world, state = emulator.world, emulator.asgi.app.state
    for known in (world.users, world.organizations, world.apps, world.installations, world.repositories, world.tokens):
        known.clear()
    world.root = root
    for kept in (state.hooks.deliveries, state.hooks._held, state.faults.faults, state.faults.log):
        kept.clear()
    state.hooks.mischief = Mischief()
    state.rates._windows.clear()
    state.rates.limits = {"core": ENTERPRISE, "graphql": ENTERPRISE}


@pytest.fixture
def stage(tmp_path: Path, receiver: Receiver, private_key: str, wire: httpx.Client, running: RunningEmulator) -> Stage:
    public = serialization.load_pem_private_key(private_key.encode(), None).public_key()
    form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    forget(running, tmp_path / "github")
    world = running.world
    person, writer = world.add_user("ada"), world.add_user("bob")
    roles = {"ada": "admin", "bob": "write"}
    repository = asyncio.run(add_repository(world, world.users["ada"], "engine", roles))
    subscribed = frozenset(["check_run", "issues", "push"])
    app = world.add_app("bot", public.public_bytes(*form).decode(), GRANTED, subscribed, (receiver.url, SECRET))
    installation = world.install(app, [repository])
    whose = (person, writer, private_key, tmp_path)
    return Stage(world, repository, app, installation, *whose, wire, running.rates)
