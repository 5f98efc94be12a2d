"""Several workers, one database, one budget."""

import asyncio
import random
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from app.llm.errors import BudgetExceededError, OverloadedError
from app.llm.messages import Message, Reply, Request, Text
from app.policy.values import MicroUsd
from app.settings import Settings
from app.store import usage as records
from app.store.engine import open_database
from app.store.tables import usage
from app.workflows.metering import metered, month_of

ASKED = Request("writer", "You mend.", (Message("user", (Text("Mend it."),)),))
MOST = 100


class Dear:
    def __init__(self, *costs: int) -> None:
        self.costs, self.asked = list(costs), 0

    async def reply(self, _request: Request) -> Reply:
        self.asked += 1
        await asyncio.sleep(0)
        cost = self.costs.pop() if self.costs else MOST
        if cost < 0:
            raise OverloadedError("529")
        return Reply((Text("Done."),), "end", "m", cost=MicroUsd(cost))


def worker(
    database: AsyncEngine, model: Any, limit: int, run: str = "r1", repo: int = 7, fence: int = 1, **settings: Any
):
    about = SimpleNamespace(id=run, workflow="review", repo=SimpleNamespace(id=repo), number=1, cause={}, fence=fence)
    services = SimpleNamespace(
        database=database, model=model, most=lambda _: MicroUsd(MOST), settings=Settings(**settings)
    )
    return metered(SimpleNamespace(run=about, begun=lambda _: []), services, MicroUsd(limit))


async def test_workers_side_by_side_go_beyond_a_budget_by_one_call_at_most(database_url: str):
    engines = [open_database(database_url) for _ in range(2)]
    model = Dear()
    calls = [worker(engine, model, 250).reply(ASKED) for engine in engines for _ in range(6)]
    random.Random(7).shuffle(calls)  # noqa: S311 - an order, not a secret
    came = await asyncio.gather(*calls, return_exceptions=True)
    assert model.asked == 3
    assert sum(isinstance(each, BudgetExceededError) for each in came) == 9
    async with engines[0].connect() as db:
        assert (await records.totals(db, "r1")).cost == 300
    for engine in engines:
        await engine.dispose()


async def test_a_call_without_an_answer_leaves_no_trace(database: AsyncEngine):
    model = Dear(-1, -1)
    for _ in range(2):
        with pytest.raises(OverloadedError):
            await worker(database, model, 50).reply(ASKED)
    async with database.connect() as db:
        assert not (await db.execute(select(usage))).all()


class Dying:
    async def reply(self, _request: Request) -> Reply:
        raise KeyboardInterrupt


async def test_a_call_that_was_cut_off_is_waited_for_by_nobody_who_takes_its_run_up(database: AsyncEngine):
    with pytest.raises(KeyboardInterrupt):
        await worker(database, Dying(), 250).reply(ASKED)
    assert await worker(database, Dear(), 2 * MOST, fence=2).reply(ASKED)
    with pytest.raises(BudgetExceededError):
        await worker(database, Dear(), 2 * MOST, fence=2).reply(ASKED)


async def test_a_call_that_was_cut_off_counts_as_spent_when_it_can_be_under_way_no_more(database: AsyncEngine):
    with pytest.raises(KeyboardInterrupt):
        await worker(database, Dying(), 100).reply(ASKED)
    async with database.connect() as db:
        assert (await records.totals(db, "r1")).calls == 0, "nobody is told of an answer that did not come"
    async with database.begin() as db:
        await db.execute(update(usage).values(at=usage.c.at - 7200))
    with pytest.raises(BudgetExceededError):
        await worker(database, Dear(), 100).reply(ASKED)


async def test_a_month_has_a_budget_of_its_own_for_a_repository_and_for_all(database: AsyncEngine):
    model = Dear(*[10] * 20)
    both = {"repo_budget_usd_month": "0.00002", "budget_usd_month": "0.00003"}
    for run, repo in (("r1", 7), ("r2", 7), ("r3", 8)):
        await worker(database, model, 1000, run, repo, **both).reply(ASKED)
    with pytest.raises(BudgetExceededError, match=r"budget of all repositories .*QUORUM_BUDGET_USD_MONTH"):
        await worker(database, model, 1000, "r4", 8, **both).reply(ASKED)
    with pytest.raises(BudgetExceededError, match=r"this repository's budget .*QUORUM_REPO_BUDGET_USD_MONTH"):
        await worker(database, model, 1000, "r5", 7, repo_budget_usd_month="0.00002").reply(ASKED)
    assert model.asked == 3


async def test_the_month_before_is_paid(database: AsyncEngine):
    now = datetime.now(UTC)
    begun = month_of(now.timestamp())
    tokens = {"input": 0, "cache_read": 0, "cache_write": 0, "output": 0, "cost": 500}
    row = {"run_id": "old", "step": "s", "repo_id": 7, "role": "writer", "model": "m", "at": begun - 1, **tokens}
    async with database.begin() as db:
        await db.execute(insert(usage).values(row))
    assert await worker(database, Dear(), 1000, repo_budget_usd_month="0.0001").reply(ASKED)


def test_months_begin_at_their_first_midnight_in_utc():
    at = datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC).timestamp()
    assert datetime.fromtimestamp(month_of(at), UTC) == datetime(2026, 11, 1, tzinfo=UTC)
    assert month_of(month_of(at)) == month_of(at)
