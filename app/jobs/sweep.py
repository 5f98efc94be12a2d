"""What makes lost messages and lost webhooks harmless: looking again, from time to time."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.forge.api import Forge, GitHub
from app.forge.errors import ForgeError
from app.forge.permissions import READ
from app.forge.read import read_labelled_at, read_labelled_issues, read_open_pulls, read_recent_comments
from app.jobs.deliver import deliver
from app.policy.commands import is_addressed
from app.policy.routes import LABEL, App, converse_request, sweep_requests
from app.policy.values import Repo
from app.runs.admission import newest_run_at, request_run
from app.store import inbox
from app.store.work import work

_GRACE_S = 3.0
_BATCH = 500
_LOOK_BACK_S = 3 * 86400
_CLOCKS_DIFFER_S = 60.0
log = structlog.get_logger()


async def sweep_inbox(engine: AsyncEngine, app: App) -> None:
    """Route deliveries whose doorbell was not heard."""
    async with work(engine) as db:
        waiting = await inbox.pending(db, time.time() - _GRACE_S, _BATCH)
    for delivery_id in waiting:
        await deliver(engine, app, delivery_id)


async def poll_github(engine: AsyncEngine, forge: Forge, app: App) -> None:
    """Ask for redelivery of what failed, and for work that no webhook told of. One part's trouble is its own."""
    await outlive("redelivery", lambda: _ask_again(forge))
    for installation_id in await forge.installations():
        for repo in await forge.repositories(installation_id):
            try:
                await _poll_repository(engine, forge, app, repo)
            except ForgeError as error:
                log.warning("a repository could not be looked at", repository=repo.full_name, error=str(error))


async def _ask_again(forge: Forge) -> None:
    for delivery_id in await forge.failed_deliveries():
        await forge.redeliver(delivery_id)


async def _poll_repository(engine: AsyncEngine, forge: Forge, app: App, repo: Repo) -> None:
    gh = forge.on(repo, READ)
    issues = [number for number in await read_labelled_issues(gh, LABEL) if await _is_unheard(engine, gh, number)]
    requests = sweep_requests(repo, issues, await read_open_pulls(gh))
    since = datetime.fromtimestamp(time.time() - _LOOK_BACK_S, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for number, comment in await read_recent_comments(gh, since):
        if comment.author_type == "User" and is_addressed(comment.body, app.slug):
            requests.append(converse_request(repo, number, comment.id))
    async with work(engine) as db:
        for request in requests:
            await request_run(db, request)


async def _is_unheard(engine: AsyncEngine, gh: GitHub, number: int) -> bool:
    """Whether the label was set after the newest run on the issue began: work that is done is not done again."""
    async with work(engine) as db:
        begun_at = await newest_run_at(db, gh.repo.id, number, "solve")
    return begun_at is None or await read_labelled_at(gh, number, LABEL) > begun_at + _CLOCKS_DIFFER_S


async def outlive(what: str, do: Callable[[], Awaitable[None]]) -> None:
    """A sweep that fails is told of and comes again."""
    try:
        await do()
    except Exception as error:
        log.warning("a sweep failed", sweep=what, error=str(error), exc_info=error)
