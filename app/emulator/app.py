"""The emulator as one ASGI application, and a way to run it beside other things in a thread."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.emulator import (
    activity,
    apps,
    check_pages,
    check_runs,
    ci,
    clicks,
    comments,
    commit_pulls,
    commits,
    contents,
    deliveries,
    dependencies,
    deployments,
    deploys,
    environments,
    faults,
    git,
    githttp,
    graphql,
    hooks,
    install_pages,
    installing,
    issue_dependencies,
    issue_pages,
    issues,
    jobs,
    labels,
    manifest_pages,
    manifests,
    merging,
    orgs,
    pages,
    protection,
    pulls,
    queue_timeouts,
    rates,
    reactions,
    refs,
    renaming,
    repo_pages,
    repo_settings,
    repos,
    review_comments,
    reviews,
    rulesets,
    single_comments,
    statuses,
    sub_issues,
    suites,
    workflow_runs,
)
from app.emulator.automation import Automation
from app.emulator.connections import Protocol
from app.emulator.etags import ETags
from app.emulator.faults import Faults
from app.emulator.hooks import Hooks
from app.emulator.http import GitHubError
from app.emulator.moved import Moved
from app.emulator.rates import Rates
from app.emulator.state import Repository, User, World

_DEPLOYING = (environments, deployments, workflow_runs, jobs)
_GIT_DATA = (
    activity,
    commit_pulls,
    contents,
    refs,
    check_runs,
    suites,
    statuses,
    protection,
    rulesets,
    renaming,
    repo_settings,
    repos,
    dependencies,
    commits,
)
"""In this order: a branch or commit may be followed by a word that names what is asked of it."""
_TALK = (labels, comments, reactions, sub_issues, issue_dependencies, issues)
_PULLS = (single_comments, review_comments, reviews, merging, pulls, graphql)
_PAGES = (pages, manifest_pages, install_pages, issue_pages, check_pages, repo_pages)
_CONTROL = (hooks, faults, clicks, ci, deploys, queue_timeouts, githttp)


def create_emulator(world: World) -> "_WithLifespan":
    """An ASGI application over a world."""
    outbox = Hooks(world)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        delivering = asyncio.create_task(outbox.run())
        yield
        delivering.cancel()

    modules = (
        apps,
        manifests,
        orgs,
        installing,
        deliveries,
        rates,
        *_DEPLOYING,
        *_GIT_DATA,
        *_TALK,
        *_PULLS,
        *_CONTROL,
        *_PAGES,
    )
    app = Starlette(
        routes=[route for module in modules for route in module.routes],
        exception_handlers={GitHubError: _refuse, 404: _unknown},
        lifespan=lifespan,
    )
    app.state.world, app.state.hooks = world, outbox
    app.state.rates = Rates(ETags(Moved(Automation(app, world), world)), world)
    app.state.faults = Faults(app.state.rates)
    return _WithLifespan(app, app.state.faults)


class _WithLifespan:
    """Start-up goes to the application itself, requests through the middleware."""

    def __init__(self, app: Starlette, outer: ASGIApp) -> None:
        self.app, self.outer = app, outer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self.app if scope["type"] == "lifespan" else self.outer)(scope, receive, send)


async def _refuse(_request: Request, error: Exception) -> Response:
    if not isinstance(error, GitHubError):
        raise error
    return JSONResponse(error.body, error.status)


async def _unknown(_request: Request, _error: Exception) -> Response:
    return JSONResponse(GitHubError(404, "Not Found").body, 404)


async def add_repository(world: World, owner: User, name: str, permissions: dict[str, str]) -> Repository:
    identity = world.next_id()
    repository = Repository(identity, owner, name, world.root / f"{identity}.git", permissions=permissions)
    await git.create(repository.path)
    world.repositories[identity] = repository
    return repository


_KEEP_ALIVE_S = 75
"""Longer than clients keep an idle connection (httpx: 5 s): one that both end at once fails a request of no fault."""


class RunningEmulator:
    """The emulator on the loopback, in a thread of its own, while the block lasts. Port 0 is a free one."""

    def __init__(self, root: Path, port: int = 0) -> None:
        self.world = World(root)
        self.asgi = create_emulator(self.world)
        self.log = self.asgi.app.state.faults.log
        self.rates: Rates = self.asgi.app.state.rates
        # asyncio turns Nagle's delay off only for sockets that name their protocol.
        self._socket = socket.socket(proto=socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", port))
        self.world.base_url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        options: Any = {"log_level": "warning", "lifespan": "on", "timeout_graceful_shutdown": 2, "http": Protocol}
        config = uvicorn.Config(self.asgi, timeout_keep_alive=_KEEP_ALIVE_S, **options)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="emulator", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + 60
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise RuntimeError("the emulator did not start")
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=60)
        self._socket.close()

    def _serve(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))
