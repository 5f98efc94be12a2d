"""Bringing in webhooks that GitHub has on record and that did not come by themselves."""

import json
import time

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.forge.api import Forge
from app.forge.errors import ForgeError, RateLimitedError
from app.forge.hook import Sent, oldest_first
from app.jobs.deliver import deliver
from app.policy.own_app import App
from app.store import inbox
from app.store.inbox import Delivery
from app.store.work import work

_BACK_S = 3600.0
"""What is older, the sweep's look at GitHub finds without its event."""
log = structlog.get_logger()


async def fetch_deliveries(engine: AsyncEngine, forge: Forge, app: App) -> int:
    """Store and route what nobody brought, oldest first. Returns how many there were.

    Each is stored before it is routed, under GitHub's id: who dies here, or comes second, does nothing twice. One that
    GitHub does not hand out stands in nobody's way. Raises forge errors; what was stored by then stays.
    """
    brought = 0
    for each in await _unknown(engine, forge):
        try:
            payload = await forge.delivered_payload(each.id)
        except RateLimitedError:
            raise
        except (ForgeError, LookupError, TypeError) as error:
            log.warning("a delivery could not be fetched", delivery=each.guid, error=str(error))
            continue
        async with work(engine) as db:
            await inbox.accept(db, Delivery(each.guid, each.event, json.dumps(payload).encode(), time.time()))
        await deliver(engine, app, each.guid)
        brought += 1
    return brought


async def _unknown(engine: AsyncEngine, forge: Forge) -> list[Sent]:
    """Page by page, until one has nothing new: what is older was brought before it."""
    since, found, cursor = time.time() - _BACK_S, list[Sent](), ""
    while True:
        attempts, cursor = await forge.attempts(cursor)
        recent = oldest_first(attempts, since)
        async with work(engine) as db:
            known = await inbox.known(db, [each.guid for each in recent])
        new = [each for each in recent if each.guid not in known]
        found += new
        if not new or not cursor:
            return oldest_first(found, since)
