"""Deliveries that cannot be handled, and ones that two workers handle at once, on both databases."""

import asyncio
import json
import time
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from app.jobs.deliver import deliver
from app.jobs.sweep import sweep_inbox
from app.policy.own_app import App
from app.store import inbox
from app.store.inbox import Delivery
from app.store.tables import deliveries, runs
from app.store.work import work

APP = App(1003, "quorum")
MONA = {"id": 5, "login": "mona", "type": "User"}


def labelled(number: int = 1, **more: Any) -> bytes:
    repository = {"id": 7, "name": "sample", "owner": MONA}
    body = {"action": "labeled", "installation": {"id": 1}, "repository": repository, "sender": MONA}
    return json.dumps({**body, "issue": {"number": number}, "label": {"name": "quorum"}, **more}).encode()


async def store(database, guid: str, body: bytes, age_s: float = 60.0) -> None:
    async with work(database) as db:
        await inbox.accept(db, Delivery(guid, "issues", body, time.time() - age_s))


async def outcomes(database) -> dict[str, str | None]:
    async with database.connect() as db:
        return {row.id: row.outcome for row in await db.execute(select(deliveries))}


async def numbers(database) -> list[int]:
    async with database.connect() as db:
        return [row.number for row in await db.execute(select(runs).order_by(runs.c.number))]


POISON = {
    "a number that no column holds": labelled(2**70),
    "a name that no encoding has": labelled(
        9, repository={"id": 7, "name": "\ud800", "owner": MONA}
    ),  # json escapes it, and reads it back
}


@pytest.mark.parametrize("body", POISON.values(), ids=POISON.keys())
async def test_a_delivery_that_cannot_be_handled_stands_in_nobodys_way(database, body: bytes):
    await store(database, "poison", body, age_s=90.0)
    await store(database, "good", labelled(2), age_s=60.0)
    await sweep_inbox(database, APP)
    told = await outcomes(database)
    assert told["good"] == "solve #2"
    assert told["poison"].startswith("cannot be handled: ")
    assert await numbers(database) == [2]
    async with database.connect() as db:
        assert await inbox.pending(db, time.time(), 10) == [], "it is not tried for ever"


async def test_a_payload_that_nothing_foresaw_is_poison_and_not_an_end(database, monkeypatch: pytest.MonkeyPatch):
    """What our own code trips over next year."""

    def trip(*_: object) -> None:
        raise KeyError("installation")

    monkeypatch.setattr("app.jobs.deliver.route", trip)
    await store(database, "odd", labelled())
    assert await deliver(database, APP, "odd") == 0
    assert await outcomes(database) == {"odd": "cannot be handled: KeyError"}


async def test_a_database_in_trouble_costs_a_sweep_and_no_delivery(database):
    await store(database, "good", labelled())
    async with work(database) as db:
        await db.execute(text("ALTER TABLE runs RENAME TO gone"))
    with pytest.raises(DBAPIError):
        await sweep_inbox(database, APP)
    assert await outcomes(database) == {"good": None}
    async with work(database) as db:
        await db.execute(text("ALTER TABLE gone RENAME TO runs"))
    await sweep_inbox(database, APP)
    assert await outcomes(database) == {"good": "solve #1"}


async def test_what_another_worker_handled_meanwhile_asks_for_nothing_more(database):
    """Both have read it as waiting; the first commits while the second is at work."""
    await store(database, "twice", labelled())
    async with asyncio.timeout(60):
        async with work(database) as first:
            await inbox.mark_handled(first, "twice", "solve #1, which has ended")
            second = asyncio.create_task(deliver(database, APP, "twice"))
            await until_it_waits(first)
        assert await second == 0
    assert await numbers(database) == []
    assert await outcomes(database) == {"twice": "solve #1, which has ended"}


async def until_it_waits(db) -> None:
    """SQLite lets nobody else begin; PostgreSQL lets the second go on until it meets the first one's row."""
    if db.dialect.name == "sqlite":
        await asyncio.sleep(0)
        return
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    while not (await db.execute(waiting)).scalar_one():
        await asyncio.sleep(0)
        # The view is a snapshot of the transaction's.
        await db.execute(text("SELECT pg_stat_clear_snapshot()"))


async def test_many_workers_that_hear_one_doorbell_handle_it_once(database):
    await store(database, "rung", labelled())
    assert sorted(await asyncio.gather(*(deliver(database, APP, "rung") for _ in range(6)))) == [0, 0, 0, 0, 0, 1]
    assert await numbers(database) == [1]


async def test_a_delivery_is_not_handled_again_when_its_run_has_ended(database):
    await store(database, "once", labelled())
    await deliver(database, APP, "once")
    async with work(database) as db:
        await db.execute(update(runs).values(state="succeeded", finished_at=1.0, dedupe_key=None))
    await sweep_inbox(database, APP)
    assert await deliver(database, APP, "once") == 0
    assert await numbers(database) == [1]
