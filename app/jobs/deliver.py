"""From a stored delivery to run requests, in one unit of work."""

import json

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.policy.errors import EventError
from app.policy.event import Event, parse_event
from app.policy.routes import App, route
from app.runs.admission import cancel_subject, request_run, supersede
from app.store import inbox
from app.store.inbox import Delivery
from app.store.work import work

log = structlog.get_logger()


async def deliver(engine: AsyncEngine, app: App, delivery_id: str) -> int:
    """Route one delivery; does nothing for one that is handled. Returns how many runs were requested."""
    async with work(engine) as db:
        delivery = await inbox.load(db, delivery_id)
        if delivery is None:
            return 0
        event = _parse(delivery)
        if event is None:
            await inbox.mark_handled(db, delivery_id, "invalid payload")
            return 0
        await _end_what_is_over(db, event)
        requested = [request for request in route(event, app) if await request_run(db, request) is not None]
        outcome = ", ".join(f"{request.workflow} #{request.number}" for request in requested) or "nothing to do"
        await inbox.mark_handled(db, delivery_id, outcome)
    log.info("handled a delivery", delivery=delivery_id, event_name=delivery.event, outcome=outcome)
    return len(requested)


def _parse(delivery: Delivery) -> Event | None:
    """None for a payload that is none; a bad one is told of, and stops nobody."""
    try:
        body = json.loads(delivery.body)
        return parse_event(delivery.event, delivery.id, body if isinstance(body, dict) else {})
    except (ValueError, RecursionError, EventError) as error:
        log.warning("a delivery cannot be read", delivery=delivery.id, error=str(error))
        return None


async def _end_what_is_over(db: AsyncConnection, event: Event) -> None:
    """A newer head supersedes reviews of older ones; an end of the subject ends the work on it."""
    if event.repo is None or event.number is None:
        return
    if event.name == "pull_request" and event.action == "synchronize" and event.head_sha is not None:
        await supersede(db, event.repo.id, event.number, "review", event.head_sha)
    elif event.name == "pull_request" and event.action == "closed":
        await supersede(db, event.repo.id, event.number, "review", None)
    elif event.name == "issues" and event.action == "closed":
        await cancel_subject(db, event.repo.id, event.number, ("solve",), "the issue was closed")
