"""Deliveries as they came in, kept until they are handled. GitHub's delivery id makes a repeat harmless."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.dialect import insert_into
from app.store.tables import deliveries

# Every event asks these; to put them together takes longer than the database takes.
_UNHANDLED = (deliveries.c.id == bindparam("of_id")) & deliveries.c.handled_at.is_(None)
_LOAD = select(deliveries).where(_UNHANDLED)
_HANDLED = update(deliveries).where(_UNHANDLED).values(handled_at=bindparam("now"), outcome=bindparam("told"))


@dataclass(frozen=True)
class Delivery:
    """`id` is the `X-GitHub-Delivery` header, `body` the raw bytes, `received_at` seconds since 1970."""

    id: str
    event: str
    body: bytes
    received_at: float


async def accept(db: AsyncConnection, delivery: Delivery) -> bool:
    """Store a delivery. False when one with its id is there already, which then stays as it is."""
    values = {
        "id": delivery.id,
        "event": delivery.event,
        "body": delivery.body,
        "received_at": delivery.received_at,
    }
    statement = insert_into(db, deliveries).on_conflict_do_nothing().returning(deliveries.c.id)
    return (await db.execute(statement, values)).one_or_none() is not None


async def load(db: AsyncConnection, delivery_id: str) -> Delivery | None:
    """A delivery that is not handled yet; None when it is, or was never there."""
    row = (await db.execute(_LOAD, {"of_id": delivery_id})).one_or_none()
    return None if row is None else Delivery(row.id, row.event, row.body, row.received_at)


async def known(db: AsyncConnection, ids: Sequence[str]) -> set[str]:
    """Of these, the ones that were stored at any time."""
    return {row.id for row in await db.execute(select(deliveries.c.id).where(deliveries.c.id.in_(ids)))}


async def pending(db: AsyncConnection, received_before: float, limit: int) -> list[str]:
    """Ids of deliveries that nobody handled, oldest first."""
    query = (
        select(deliveries.c.id)
        .where(deliveries.c.handled_at.is_(None), deliveries.c.received_at <= received_before)
        .order_by(deliveries.c.received_at)
        .limit(limit)
    )
    return [row.id for row in await db.execute(query)]


async def mark_handled(db: AsyncConnection, delivery_id: str, outcome: str) -> bool:
    """Say what became of a delivery. False when somebody else has said so already."""
    told = {"of_id": delivery_id, "now": time.time(), "told": outcome}
    return (await db.execute(_HANDLED, told)).rowcount == 1
