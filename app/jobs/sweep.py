"""What makes lost messages and lost webhooks harmless: looking again, from time to time."""

import time
from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.forge.api import Forge, GitHub
from app.forge.deployments import has_our_rule, read_pending, read_waiting_runs
from app.forge.hook import in_vain
from app.forge.permissions import DEPLOY, READ
from app.forge.queues import read_queue_refs
from app.forge.read import (
    read_default_branch,
    read_labelled_at,
    read_labelled_issues,
    read_open_pulls,
    read_own_pulls,
    read_recent_comments,
)
from app.forge.review_comments import read_recent_line_comments
from app.jobs.deliver import deliver
from app.jobs.guard import look_at_protection
from app.policy.commands import is_addressed
from app.policy.deploy_requests import deploy_request, land_request
from app.policy.own_app import App
from app.policy.record_requests import settle_request
from app.policy.request import RunRequest
from app.policy.tend_requests import tend_request
from app.policy.values import Repo
from app.policy.work_requests import LABEL, converse_request, group_request, sweep_requests
from app.runs.admission import newest_run_at, request_run
from app.store import inbox, landings, outcomes
from app.store.tended import not_over
from app.store.work import work

_GRACE_S = 3.0
_BATCH = 500
_SETTLED_AT_ONCE = 20
_LOOK_BACK_S = 3 * 86400
_CLOCKS_DIFFER_S = 60.0
_MOST_PAGES = 20
"""Of attempts to deliver, a hundred each: an outage may leave many."""
log = structlog.get_logger()


async def sweep_inbox(engine: AsyncEngine, app: App) -> None:
    """Route deliveries whose doorbell was not heard. Raises what `deliver` does: then the database is away."""
    async with work(engine) as db:
        waiting = await inbox.pending(db, time.time() - _GRACE_S, _BATCH)
    for delivery_id in waiting:
        await deliver(engine, app, delivery_id)


async def poll_github(engine: AsyncEngine, forge: Forge, app: App) -> None:
    """Ask for redelivery of what failed, and for work that no webhook told of. One part's trouble is its own."""
    await Polls(engine, forge, app).whole()


class Polls:
    """Looks at GitHub, and which installations they have met."""

    def __init__(self, engine: AsyncEngine, forge: Forge, app: App) -> None:
        self._engine = engine
        self._forge = forge
        self._app = app
        self._met: dict[int, object] = {}

    async def whole(self) -> None:
        """As `poll_github`."""
        self._met = {}
        await outlive("redelivery", partial(_ask_again, self._engine, self._forge))
        await self.new()

    async def new(self) -> None:
        """The same for installations that came, or came back, since: their events tell of no pull request there."""
        now = {
            int(each["id"]): each.get("updated_at")
            for each in await self._forge.all_installations()
            if each.get("suspended_at") is None
        }
        before, self._met = self._met, now
        for each, changed_at in now.items():
            if each not in before or before[each] != changed_at:
                poll = partial(_poll_installation, self._engine, self._forge, self._app, each)
                await outlive(f"installation {each}", poll)


async def _ask_again(engine: AsyncEngine, forge: Forge) -> None:
    """One that GitHub has forgotten would else stand before all others for ever. What came in another way is here."""
    attempts, cursor = await forge.attempts()
    for _ in range(_MOST_PAGES - 1):
        if not cursor:
            break
        more, cursor = await forge.attempts(cursor)
        attempts += more
    failed = in_vain(attempts)
    async with work(engine) as db:
        known = await inbox.known(db, [each.guid for each in failed])
    for each in failed:
        if each.guid not in known:
            await outlive(f"redelivery of {each.id}", partial(forge.redeliver, each.id))


async def _poll_installation(engine: AsyncEngine, forge: Forge, app: App, installation_id: int) -> None:
    for repo in await forge.repositories(installation_id):
        await outlive(f"repository {repo.full_name}", partial(_poll_repository, engine, forge, app, repo))
        await outlive(f"deployments of {repo.full_name}", partial(_poll_deployments, engine, forge, repo))
        await outlive(f"record of {repo.full_name}", partial(_begin_record, engine, forge, repo))
        await outlive(f"protection of {repo.full_name}", partial(look_at_protection, engine, forge, repo))


async def _poll_repository(engine: AsyncEngine, forge: Forge, app: App, repo: Repo) -> None:
    gh, looked_at = forge.on(repo, READ), time.time()
    issues = [number for number in await read_labelled_issues(gh, LABEL) if await _is_unheard(engine, gh, number)]
    pulls = await read_open_pulls(gh)
    requests = sweep_requests(repo, issues, pulls)
    if pulls:
        heads = {head for _, head in pulls}  # a queue makes commits of its own
        groups = [each for each in await read_queue_refs(gh) if each[1] not in heads]
        requests += [group_request(repo, ref, sha, {"event": "sweep"}) for ref, sha in groups]
    requests += await _to_tend(engine, gh, {number for number, _ in pulls})
    requests += await _unsettled(engine, repo, {number for number, _ in pulls})
    since = datetime.fromtimestamp(time.time() - _LOOK_BACK_S, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for number, comment in await read_recent_comments(gh, since):
        if comment.author_type == "User" and is_addressed(comment.body, app.slug):
            requests.append(converse_request(repo, number, comment.id))
    for number, comment in await read_recent_line_comments(gh, since):
        if comment.author_type == "User" and is_addressed(comment.body, app.slug):
            requests.append(converse_request(repo, number, comment.id, on_lines=True))
    async with work(engine) as db:
        for request in requests:
            if not await _was_begun_since(db, request, looked_at):
                await request_run(db, request)


async def _to_tend(engine: AsyncEngine, gh: GitHub, open_pulls: AbstractSet[int]) -> list[RunRequest]:
    """Our own that are open, and those of whose end nobody told."""
    async with work(engine) as db:
        found = await not_over(db, gh.repo.id, open_pulls)
    found += await read_own_pulls(gh) if open_pulls else []
    return [tend_request(gh.repo, number, {"event": "sweep"}) for number in found]


async def _unsettled(engine: AsyncEngine, repo: Repo, open_pulls: AbstractSet[int]) -> list[RunRequest]:
    """Pull requests that were closed unheard, some at a time: what became of their findings is still to be told."""
    async with work(engine) as db:
        found = [each for each in await outcomes.unsettled(db, repo.id) if each not in open_pulls]
    return [settle_request(repo, number, {"event": "sweep"}) for number in found[-_SETTLED_AT_ONCE:]]


async def _poll_deployments(engine: AsyncEngine, forge: Forge, repo: Repo) -> None:
    """Workflow runs that wait for us. One whose event was lost would wait for thirty days, and then fail.

    https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments
    """
    gh = forge.on(repo, DEPLOY)
    waiting = [(run_id, name) for run_id in await read_waiting_runs(gh) for name in await read_pending(gh, run_id)]
    asked = [(run_id, name) for run_id, name in waiting if await has_our_rule(gh, name)]
    async with work(engine) as db:
        for run_id, name in asked:
            await request_run(db, deploy_request(repo, run_id, name, {"event": "sweep"}))


async def _begin_record(engine: AsyncEngine, forge: Forge, repo: Repo) -> None:
    """What stands on the default branch when we come is known as such before anything lands on it."""
    async with work(engine) as db:
        if await landings.is_recorded(db, repo.id):
            return
    branch = await read_default_branch(forge.on(repo, READ))
    async with work(engine) as db:
        await request_run(db, land_request(repo, branch, {"event": "sweep"}))


async def _was_begun_since(db: AsyncConnection, request: RunRequest, looked_at: float) -> bool:
    """A webhook may have come while GitHub was read, and its run may even have ended: then the label is heard."""
    begun_at = await newest_run_at(db, request.repo.id, request.number, request.workflow)
    return request.workflow == "solve" and begun_at is not None and begun_at >= looked_at


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
