"""From a stored delivery to runs, on both databases."""

import json
import time
from typing import Any

import pytest
from sqlalchemy import select

from app.jobs.deliver import deliver
from app.jobs.sweep import sweep_inbox
from app.policy.own_app import App
from app.store import inbox
from app.store.inbox import Delivery
from app.store.tables import deliveries, runs
from app.store.work import work

APP = App(1003, "quorum")
OLD, NEW = "a" * 40, "b" * 40


def payload(action: str, **more: Any) -> dict[str, Any]:
    owner = {"id": 5, "login": "mona", "type": "User"}
    return {
        "action": action,
        "installation": {"id": 1},
        "repository": {"id": 7, "name": "sample", "full_name": "mona/sample", "owner": owner},
        "sender": owner,
        **more,
    }


def pull(action: str, head: str, **more: Any) -> dict[str, Any]:
    return payload(action, pull_request={"number": 2, "head": {"sha": head}, "base": {"ref": "main"}, **more})


LABELLED = payload("labeled", issue={"number": 1}, label={"name": "quorum"})


async def store(database, guid: str, event: str, body: dict[str, Any] | bytes, *, age_s: float = 0.0) -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with work(database) as db:
        await inbox.accept(db, Delivery(guid, event, raw, time.time() - age_s))


async def hand_over(database, guid: str, event: str, body: dict[str, Any] | bytes) -> int:
    await store(database, guid, event, body)
    return await deliver(database, APP, guid)


async def outcome_of(database, guid: str) -> str | None:
    async with database.connect() as db:
        return (await db.execute(select(deliveries.c.outcome).where(deliveries.c.id == guid))).scalar_one()


async def all_runs(database) -> list[tuple[str, int, str | None, str | None]]:
    async with database.connect() as db:
        rows = await db.execute(select(runs).order_by(runs.c.created_at, runs.c.id))
        return [(row.workflow, row.number, row.head_sha, row.ending) for row in rows]


async def test_a_delivery_becomes_runs_once(database):
    assert await hand_over(database, "g1", "issues", LABELLED) == 1
    assert await deliver(database, APP, "g1") == 0
    assert await hand_over(database, "g2", "issues", LABELLED) == 0, "one run an issue at a time"
    assert await outcome_of(database, "g1") == "solve #1"
    assert await outcome_of(database, "g2") == "nothing to do"
    assert await all_runs(database) == [("solve", 1, None, None)]


async def test_a_doorbell_for_nothing_does_nothing(database):
    assert await deliver(database, APP, "never came") == 0


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("issues", b"not JSON"),
        ("issues", b"\xff\xfe"),
        ("issues", b"[" * 100_000),
        ("issues", {**LABELLED, "issue": "one"}),
        ("pull_request", {**pull("opened", OLD), "pull_request": [1]}),
        ("pull_request", pull("opened", "main; rm -rf /")),
    ],
)
async def test_a_payload_that_makes_no_sense_is_noted_and_asks_for_nothing(database, event, body):
    assert await hand_over(database, "g1", event, body) == 0
    assert await outcome_of(database, "g1") == "invalid payload"
    assert await all_runs(database) == []


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("issues", []),
        ("issues", {**LABELLED, "installation": None}),
        ("issues", {**LABELLED, "sender": {"login": "quorum[bot]", "type": "Bot"}}),
        ("issues", {**LABELLED, "label": {"name": "bug"}}),
        ("star", payload("created")),
        ("unheard_of", {}),
    ],
)
async def test_what_asks_for_nothing_is_handled_all_the_same(database, event, body):
    assert await hand_over(database, "g1", event, json.dumps(body).encode()) == 0
    assert await outcome_of(database, "g1") == "nothing to do"


async def test_a_newer_head_ends_the_review_of_the_older_one(database):
    await hand_over(database, "g1", "pull_request", pull("opened", OLD))
    await hand_over(database, "g2", "pull_request", pull("synchronize", NEW))
    assert await all_runs(database) == [
        ("review", 2, OLD, "superseded"),
        ("recheck", 2, None, None),
        ("review", 2, NEW, None),
    ]


async def test_a_closed_pull_request_ends_its_review_and_a_closed_issue_its_solving(database):
    await hand_over(database, "g1", "pull_request", pull("opened", OLD))
    await hand_over(database, "g2", "pull_request", pull("closed", OLD))
    await hand_over(database, "g3", "issues", LABELLED)
    await hand_over(database, "g4", "issues", payload("closed", issue={"number": 1}))
    assert await all_runs(database) == [
        ("review", 2, OLD, "superseded"),
        ("recheck", 2, None, None),
        ("settle", 2, None, None),
        ("solve", 1, None, "cancelled"),
    ]


def group(action: str, head: str) -> dict[str, Any]:
    ref = f"refs/heads/gh-readonly-queue/main/pr-2-{'c' * 40}"
    return payload(action, merge_group={"head_sha": head, "head_ref": ref, "base_ref": "refs/heads/main"})


async def test_a_merge_group_is_judged_once_and_not_when_it_is_taken_away(database):
    await hand_over(database, "g1", "merge_group", group("checks_requested", OLD))
    await hand_over(database, "g2", "merge_group", group("checks_requested", OLD))
    await hand_over(database, "g3", "merge_group", group("checks_requested", NEW))
    assert await all_runs(database) == [("group", 2, OLD, None), ("group", 2, NEW, None)]
    await hand_over(database, "g4", "merge_group", group("destroyed", OLD))
    assert await all_runs(database) == [("group", 2, OLD, "cancelled"), ("group", 2, NEW, None)]


async def test_another_pull_requests_review_is_left_alone(database):
    await hand_over(database, "g1", "pull_request", pull("opened", OLD))
    other = pull("synchronize", NEW)
    other["pull_request"]["number"] = 3
    await hand_over(database, "g2", "pull_request", other)
    assert ("review", 2, OLD, None) in await all_runs(database)


async def test_the_sweep_routes_what_nobody_rang_for_and_leaves_what_just_came(database):
    await store(database, "old", "issues", LABELLED, age_s=60)
    await store(database, "bad", "issues", b"not JSON", age_s=60)
    await store(database, "new", "pull_request", pull("opened", OLD))
    await sweep_inbox(database, APP)
    assert [run[0] for run in await all_runs(database)] == ["solve"]
    assert await outcome_of(database, "bad") == "invalid payload"
    assert await outcome_of(database, "new") is None
