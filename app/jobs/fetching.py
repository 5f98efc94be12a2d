"""Bringing in webhooks that GitHub has on record and that did not come by themselves."""

import json
import time

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.forge.api import Forge
from app.jobs.deliver import deliver
from app.policy.routes import App
from app.store import inbox
from app.store.inbox import Delivery
from app.store.work import work

_BACK_S = 3600.0
"""What is older, the sweep's look at GitHub finds without its event."""
log = structlog.get_logger()


async def fetch_deliveries(engine: AsyncEngine, forge: Forge, app: App) -> int:
    """Store and route what nobody brought, oldest first. Returns how many there were.

    Each is stored before it is routed, under GitHub's id: who dies here, or comes second, does nothing twice. Raises
    forge errors; what was stored by then stays.
    """
    recent = await forge.recent_deliveries(time.time() - _BACK_S)
    async with work(engine) as db:
        known = await inbox.known(db, [each.guid for each in recent])
    new = [each for each in recent if each.guid not in known]
    for each in new:
        payload = await forge.delivered_payload(each.id)
        async with work(engine) as db:
            await inbox.accept(db, Delivery(each.guid, each.event, json.dumps(payload).encode(), time.time()))
        await deliver(engine, app, each.guid)
    return len(new)
