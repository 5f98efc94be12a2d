"""From a stored delivery to run requests, in one unit of work."""

import json

import structlog
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.jobs.endings import end_solving, end_with_issue
from app.policy.deploy_requests import deployments_of
from app.policy.errors import EventError
from app.policy.event import Event, parse_event
from app.policy.own_app import App
from app.policy.routes import route
from app.runs.admission import cancel_head, request_run, supersede, wake
from app.store import deployments, inbox, looks, statements
from app.store.inbox import Delivery
from app.store.work import work
from app.workflows.waiting import tell

log = structlog.get_logger()


async def deliver(engine: AsyncEngine, app: App, delivery_id: str) -> int:
    """Route one delivery; does nothing for one that is handled. Returns how many runs were requested.

    One that cannot be handled is marked and told of, so that it stands in nobody's way. Raises when it is the database
    that is in trouble: the delivery waits for the next sweep.
    """
    try:
        return await _route(engine, app, delivery_id)
    except _HandledMeanwhileError:
        return 0
    except Exception as error:
        if _is_passing(error):
            raise
        log.exception("a delivery cannot be handled", delivery=delivery_id, error=str(error))
        async with work(engine) as db:
            await inbox.mark_handled(db, delivery_id, f"cannot be handled: {type(error).__name__}")
        return 0


async def _route(engine: AsyncEngine, app: App, delivery_id: str) -> int:
    async with work(engine) as db:
        delivery = await inbox.load(db, delivery_id)
        if delivery is None:
            return 0
        event = _parse(delivery)
        if event is None:
            await inbox.mark_handled(db, delivery_id, "invalid payload")
            return 0
        await _end_what_is_over(db, event, app)
        await _note_deployment(db, event)
        await _remember(db, event)
        await _wake_who_waits_for_people(db, event)
        known = await _known_pulls(db, event)
        requested = [request for request in route(event, app, known) if await request_run(db, request) is not None]
        outcome = ", ".join(f"{request.workflow} #{request.number}" for request in requested) or "nothing to do"
        if not await inbox.mark_handled(db, delivery_id, outcome):
            raise _HandledMeanwhileError
    log.info("handled a delivery", delivery=delivery_id, event_name=delivery.event, outcome=outcome)
    return len(requested)


class _HandledMeanwhileError(Exception):
    """Another worker was first: what was asked for here is taken back with the unit of work."""


def _is_passing(error: Exception) -> bool:
    """Whether the database is away, full or busy; a value that it cannot hold is the delivery's own fault."""
    if isinstance(error, DataError):
        return False
    return isinstance(error, DBAPIError | PoolTimeoutError | OSError)


def _parse(delivery: Delivery) -> Event | None:
    """None for a payload that is none; a bad one is told of, and stops nobody."""
    try:
        body = json.loads(delivery.body)
        return parse_event(delivery.event, delivery.id, body if isinstance(body, dict) else {})
    except (ValueError, RecursionError, EventError) as error:
        log.warning("a delivery cannot be read", delivery=delivery.id, error=str(error))
        return None


async def _end_what_is_over(db: AsyncConnection, event: Event, app: App) -> None:
    """A newer head supersedes reviews of older ones; an end of the subject ends the work on it."""
    if event.repo is None or event.number is None:
        return
    if event.name == "pull_request" and event.action == "synchronize" and event.head_sha is not None:
        for workflow in ("review", "remedy"):
            await supersede(db, event.repo.id, event.number, workflow, event.head_sha)
    elif event.name == "pull_request" and event.action == "closed":
        for workflow in ("review", "mend", "amend", "remedy"):
            await supersede(db, event.repo.id, event.number, workflow, None)
        await end_solving(db, event, app.login)
    elif event.name == "issues" and event.action in {"closed", "unlabeled"}:
        await end_with_issue(db, event)
    elif event.name == "merge_group" and event.action == "destroyed" and event.head_sha is not None:
        await cancel_head(db, event.repo.id, event.head_sha, "group", "the merge queue has taken this group away")


async def _note_deployment(db: AsyncConnection, event: Event) -> None:
    """What was deployed somewhere can be what a deployment elsewhere waits for."""
    if event.repo is None or event.deployment_state is None:
        return
    if event.environment and event.deployed_sha:
        await deployments.note_state(db, event.repo.id, event.environment, event.deployed_sha, event.deployment_state)
    await wake(db, deployments_of(event.repo.id))


async def _wake_who_waits_for_people(db: AsyncConnection, event: Event) -> None:
    """A person's new comment may be what the work on the issue waits for; whether it is, the run finds out."""
    if event.repo is None or event.number is None or event.sender_type != "User":
        return
    if event.name == "issue_comment" and event.action == "created":
        await tell(db, event.repo.id, event.number)


async def _known_pulls(db: AsyncConnection, event: Event) -> list[int]:
    """Pull requests that an event concerns and does not name."""
    if event.repo is None:
        return []
    if event.branch is not None:
        return await looks.pulls_into(db, event.repo.id, event.branch)
    if event.head_sha is not None and not event.name.startswith("pull_request"):
        return await looks.pulls_with_head(db, event.repo.id, event.head_sha)
    return []


async def _remember(db: AsyncConnection, event: Event) -> None:
    """What only the event tells: who pushed, who set a label, that a comment is gone."""
    repo, number = event.repo, event.number
    if repo is None:
        return
    if event.name == "push" and repo.name == ".github":
        await looks.forget_default(db, repo.owner)
    if number is None:
        return
    if event.name == "pull_request" and event.action in {"opened", "synchronize"} and event.head_sha is not None:
        # Who opens a pull request need not have pushed what is in it.
        pushed_by = event.sender_login if event.action == "synchronize" else None
        await looks.keep_head(db, repo.id, number, event.head_sha, pushed_by=pushed_by)
    elif event.name == "pull_request" and event.action == "labeled" and event.label:
        await looks.keep_label(db, repo.id, number, event.label, event.sender_login or "", trusted=None)
    elif event.name == "pull_request" and event.action == "unlabeled" and event.label:
        await looks.forget_label(db, repo.id, number, event.label)
    elif event.name == "pull_request" and event.action == "closed":
        await looks.close(db, repo.id, number)
    elif event.name == "issue_comment" and event.action in {"deleted", "edited"} and event.comment_id is not None:
        said, subject = f"comment:{repo.id}:{event.comment_id}", f"{repo.full_name}#{number}"
        await statements.mark_removed(db, subject, said, event.sender_login or "somebody")
