"""Setting the stage: an embedded GitHub with an App installed, and Quorum as its own process beside it."""

import asyncio
import fcntl
import os
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Self

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import AliasChoices, SecretStr

from app.cli.demo.github import DemoError, Person, wait_until
from app.cli.serve import end, start_with_us
from app.emulator.app import RunningEmulator, add_repository
from app.emulator.state import Repository
from app.settings import Settings

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""httpx would read the machine's certificates at every look, while the awaited server needs the processor."""
_PERMISSIONS = {
    "actions": "read",
    "administration": "read",
    "checks": "write",
    "contents": "write",
    "deployments": "write",
    "issues": "write",
    "members": "read",
    "merge_queues": "read",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "read",
}
_NO_OTHER_MODEL = {
    "QUORUM_LIGHT_MODEL": "",
    "QUORUM_SECOND_MODEL": "",
    "QUORUM_MODELS": "{}",
    "QUORUM_MODEL_LIMITS": "{}",
    "QUORUM_PRICES": "{}",
}
"""Whoever runs it may have a table of roles for their own Quorum: a script is to cost nobody anything."""
_MARK = ".made-by-quorum-demo"
_EVENTS = frozenset(
    {
        *(
            "issues",
            "issue_comment",
            "pull_request",
            "pull_request_review",
            "pull_request_review_comment",
            "check_run",
            "check_suite",
            "push",
            "status",
        ),
        *("deployment_protection_rule", "deployment_status", "merge_group", "workflow_run"),
    }
)


class Stage:
    """Everything that runs while the story is played; gone when the block ends."""

    def __init__(self, model: str) -> None:
        self.home = Settings().data_dir / "demo"
        self._lock = _take_over(self.home)
        self._model = model
        self._emulator = RunningEmulator(self.home / "github")
        self.world = self._emulator.world
        self.github_url = self.world.base_url
        self._place = _hold_port()
        self.port = int(self._place.getsockname()[1])
        self.log = self.home / "quorum.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.app_id = 0
        self.people: list[Person] = []

    def __enter__(self) -> Self:
        self._emulator.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        if self.process is not None:
            end(self.process)
        for person in self.people:
            person.close()
        self._emulator.__exit__(*exc)
        self._place.close()
        os.close(self._lock)

    def person(self, login: str) -> Person:
        self.people.append(Person(f"{self.github_url}/api/v3", login, self.world.add_user(login)))
        return self.people[-1]

    def new_repository(self, owner: Person, name: str) -> Repository:
        user = self.world.users[owner.login]
        return asyncio.run(add_repository(self.world, user, name, {owner.login: "admin"}))

    def install_app(self, repository: Repository) -> dict[str, str]:
        """Register the App, install it, and return the settings with which Quorum serves it."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        form, plain = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        key_file = self.home / "app.pem"
        key_file.touch(mode=0o600)
        key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        secret = secrets.token_hex(20)
        hook = (f"http://127.0.0.1:{self.port}/webhooks", secret)
        app = self.world.add_app("quorum", public.decode(), _PERMISSIONS, _EVENTS, hook)
        self.world.install(app, [repository])
        self.app_id = app.id
        return {
            "QUORUM_DATA_DIR": str(self.home),
            "QUORUM_GITHUB_URL": self.github_url,
            "QUORUM_APP_ID": str(app.id),
            "QUORUM_APP_CLIENT_ID": app.client_id,
            "QUORUM_APP_SLUG": app.slug,
            "QUORUM_PRIVATE_KEY_FILE": str(key_file),
            "QUORUM_WEBHOOK_SECRET": secret,
            "QUORUM_PORT": str(self.port),
            "QUORUM_MODEL": self._model,
            **_NO_OTHER_MODEL,
            "QUORUM_MODEL_TIMEOUT_S": "3600",
            "QUORUM_WRITE_GAP_S": "0",
        }

    def start_quorum(self, settings: dict[str, str]) -> None:
        command = [sys.executable, "-m", "app.cli", "serve"]
        with self.log.open("wb") as log:
            env = {**os.environ, **_model_access(), **settings, "QUORUM_CONFIG": ""}
            self.process = start_with_us(command, stdout=log, stderr=subprocess.STDOUT, env=env, start_new_session=True)
        wait_until("`quorum serve`", self._is_ready, timeout_s=180, alive=self.alive)

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz", trust_env=False, verify=_NO_TLS).is_success
        except httpx.HTTPError:
            return False

    def requests(self) -> list[tuple[str, str, int]]:
        """Every request that GitHub was asked, git's included: method, path, status."""
        return list(self._emulator.log)

    def alive(self) -> None:
        """Raises `DemoError` with the end of the log when Quorum has ended."""
        code = None if self.process is None else self.process.poll()
        if code is not None:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-30:])
            raise DemoError(f"`quorum serve` ended with {code}. The end of {self.log}:\n{tail}")


def _model_access() -> dict[str, str]:
    """What a file of settings says of models. The demo's Quorum reads no file: that one is about another App."""
    now, held = Settings(), dict[str, str]()
    for name, field in Settings.model_fields.items():
        alias, value = field.validation_alias, getattr(now, name)
        variable = str(alias.choices[0]) if isinstance(alias, AliasChoices) else "QUORUM_"
        if not variable.startswith("QUORUM_"):  # those of providers have the names that their own tools give them
            held[variable] = value.get_secret_value() if isinstance(value, SecretStr) else value
    return {name: value for name, value in held.items() if value}


def _take_over(home: Path) -> int:
    """Make the folder anew. Returns the lock that says that it is in use.

    Raises `DemoError` when another demo uses it, or when it is not one that a demo made.
    """
    home.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(home.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise DemoError(f"a demo is up in {home} already; end it, or set QUORUM_DATA_DIR to another folder") from None
    if home.exists() and any(home.iterdir()) and not (home / _MARK).exists():
        os.close(lock)
        raise DemoError(f"{home} was not made by a demo and is left alone; set QUORUM_DATA_DIR to another folder")
    if home.exists():
        shutil.rmtree(home)
    home.mkdir(mode=0o700)
    (home / _MARK).touch()
    return lock


def push_folder(folder: Path, remote: str, token: str, message: str) -> None:
    """Make a repository of a folder's files and push it to `main` over HTTP, as a person would."""
    with tempfile.TemporaryDirectory(prefix="quorum-demo-") as scratch:
        copy = Path(scratch) / "work"
        shutil.copytree(folder, copy, symlinks=True)
        run_git(copy, "init", "--quiet", "--initial-branch=main")
        run_git(copy, "add", "--all")
        run_git(copy, "commit", "--quiet", "--message", message)
        run_git(copy, "push", "--quiet", with_token(remote, token), "HEAD:refs/heads/main")


def run_git(folder: Path, *args: str) -> str:
    person = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _PERSON.items()}
    env = {
        "PATH": os.environ.get("PATH", os.defpath),
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        **person,
    }
    done = subprocess.run(["git", *args], cwd=folder, env=env, capture_output=True, text=True, check=False)  # noqa: S607
    if done.returncode:
        raise DemoError(f"git {args[0]} failed: {done.stderr.strip()}")
    return done.stdout


_PERSON = {"NAME": "Mona", "EMAIL": "mona@example.com"}


def with_token(url: str, token: str) -> str:
    return url.replace("://", f"://x-access-token:{token}@", 1)


def _hold_port() -> socket.socket:
    """Bound and not listened on, so that nobody else is given the port before `quorum serve` listens there.

    Both set SO_REUSEADDR and one of them listens, so Linux lets both have it:
    https://man7.org/linux/man-pages/man7/socket.7.html.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held
