"""Several workers, one database, one budget."""

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from app.llm.errors import BudgetExceededError, OverloadedError
from app.llm.messages import Message, Reply, Request, Text, Tool, ToolUse
from app.policy.values import MicroUsd, Repo
from app.settings import Settings
from app.store import answers as cache
from app.store import purses
from app.store import usage as records
from app.store.engine import migrate, open_database
from app.store.tables import answers, usage
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
    database: AsyncEngine,
    model: Any,
    limit: int,
    run: str = "r1",
    repo: int = 7,
    fence: int = 1,
    installation: int = 1,
    **settings: Any,
):
    there = Repo(installation, repo, "mona", "tally")
    about = SimpleNamespace(id=run, workflow="review", repo=there, number=1, cause={}, fence=fence)
    services = SimpleNamespace(
        database=database, model=model, most=lambda _: MicroUsd(MOST), settings=Settings(**settings)
    )
    return metered(
        SimpleNamespace(run=about, begun=lambda _: [], put_off=(), wrote=lambda _: None), services, MicroUsd(limit)
    )


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


TURN = replace(ASKED, step="review-security.turn-1", tools=(Tool("report", "", {}),))


class Answering(Dear):
    """Each answer is another, so that an old one is told from a new one."""

    async def reply(self, request: Request) -> Reply:
        reply = await super().reply(request)
        return replace(reply, content=(ToolUse(f"t{self.asked}", "report", {}),), stop="tool_use")


async def rows(database: AsyncEngine) -> list[tuple[str, int]]:
    async with database.connect() as db:
        return [(row.model, row.cost) for row in await db.execute(select(usage).order_by(usage.c.at))]


async def test_what_was_answered_before_a_crash_is_not_asked_and_paid_again(database: AsyncEngine):
    """The answer is kept along with its price, before the journal has it."""
    model = Answering(70)
    first = await worker(database, model, 1000).reply(TURN)
    again = await worker(database, model, 50, fence=2).reply(TURN)
    assert (again.content, again.by, again.cost, model.asked) == (first.content, first.by, 0, 1)
    assert await rows(database) == [("m", 70), ("m", 0)], "it is on record, at no cost, whatever is left of the budget"
    async with database.connect() as db:
        told = await records.totals(db, "r1")
    assert (told.calls, told.known, told.cost) == (2, 1, 70)


OTHERS = {
    "another step": {"step": "review-security.turn-1.shorter-1"},
    "another role, with a model of its own": {"role": "reviewer:security"},
    "other words": {"messages": (Message("user", (Text("Mend that."),)),)},
    "other tools": {"tools": (Tool("report", "", {"type": "object"}),)},
    "no step": {"step": ""},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
async def test_whatever_else_is_asked_is_asked(database: AsyncEngine, other: dict[str, Any]):
    model = Answering()
    await worker(database, model, 1000).reply(TURN)
    for fence in (2, 3):
        await worker(database, model, 1000, fence=fence).reply(replace(TURN, **other))
    assert model.asked == (3 if other == {"step": ""} else 2), "and is known from then on, if it is of a step"


WHO = [{"run": "r2"}, {"installation": 2}, {"models": {"default": ["test:other"]}}]


@pytest.mark.parametrize("who", WHO, ids="-".join)
async def test_nobody_else_is_told(database: AsyncEngine, who: dict[str, Any]):
    model = Answering()
    await worker(database, model, 1000).reply(TURN)
    await worker(database, model, 1000, fence=2, **who).reply(TURN)
    assert model.asked == 2


USELESS = [
    Reply((Text("Hm."),), "end", "m"),
    Reply((), "refusal", "m"),
    Reply((ToolUse("t", "x", {}),), "max_tokens", "m"),
]


@pytest.mark.parametrize("said", USELESS, ids=lambda each: each.stop)
async def test_what_came_to_nothing_is_asked_again(database: AsyncEngine, said: Reply):
    class Useless(Dear):
        async def reply(self, request: Request) -> Reply:
            await super().reply(request)
            return said

    model = Useless()
    for fence in (1, 2):
        await worker(database, model, 1000, fence=fence).reply(TURN)
    assert model.asked == 2


@pytest.mark.parametrize(("kept_for", "digested"), [(None, False), (2, False), (1, True)])
async def test_a_conversation_is_digested_only_where_an_answer_may_be_kept(
    database: AsyncEngine, kept_for: int | None, digested: bool
):
    """That takes the longer the longer it is, and hardly ever is anything kept."""
    looked: list[str] = []

    class Input(dict[str, str]):
        def __repr__(self) -> str:
            looked.append("at it")
            return "{}"

    class Noting(Answering):
        async def reply(self, request: Request) -> Reply:
            digested_before.append(bool(looked))
            return await super().reply(request)

    digested_before: list[bool] = []
    if kept_for is not None:
        async with database.begin() as db:
            await cache.keep(db, "another", kept_for, "x")
    long = replace(TURN, messages=(*TURN.messages, Message("assistant", (ToolUse("t1", "bash", Input()),))))
    await worker(database, Noting(), 1000, fence=2).reply(long)
    assert digested_before == [digested]


async def test_answers_are_forgotten_after_a_day_and_beyond_a_number(
    database: AsyncEngine, monkeypatch: pytest.MonkeyPatch
):
    async def kept() -> list[str]:
        async with database.connect() as db:
            return sorted(await db.scalars(select(answers.c.digest)))

    async def keep(digest: str, reply: Any = "x") -> None:
        async with database.begin() as db:
            await cache.keep(db, digest, 1, reply)

    await keep("a-old")
    await keep("b-large", "x" * 64_000)
    assert await kept() == ["a-old"]
    async with database.begin() as db:
        await db.execute(update(answers).values(at=answers.c.at - cache.KEPT_S))
    async with database.connect() as db:
        assert await cache.find(db, "a-old", 1) is None
    await keep("0-tidies")
    assert await kept() == ["0-tidies"]
    monkeypatch.setattr("app.store.answers._MOST_ROWS", 2)
    for digest in ("b", "c", "0"):
        await keep(digest)
    assert await kept() == ["0", "c"]


async def test_the_sums_of_a_month_are_read_from_an_index_that_holds_them(tmp_path: Path):
    """One that only finds the rows makes it slower than to read all rows there are."""
    engine = open_database(f"sqlite+aiosqlite:///{tmp_path / 'quorum.db'}")
    await migrate(engine)
    asked: list[tuple[str, Any]] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    async with engine.connect() as db:
        for of, index in (({}, "usage_at"), ({"repo_id": 7}, "usage_repo")):
            await purses.stand(db, since=1.0, **of)
            statement, given = asked[-1]
            plan = str((await db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)).all())
            assert f"USING COVERING INDEX {index}" in plan
            assert "SCAN usage" not in plan
    await engine.dispose()
