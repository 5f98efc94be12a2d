"""The end of a step that can as well be done again is written along with what comes next, and never later than that."""

from types import SimpleNamespace

import pytest
from sqlalchemy import event, update

from app.llm.errors import BudgetExceededError
from app.llm.messages import Message, Reply, Request, Text
from app.policy.request import RunRequest
from app.policy.values import MicroUsd, Repo
from app.runs.admission import request_run
from app.runs.drive import Workflows, drive
from app.runs.engine import Context
from app.runs.errors import LeaseLostError, Suspended
from app.runs.journal import steps_of
from app.runs.lease import claim
from app.runs.run import Run
from app.settings import Settings
from app.store.tables import runs
from app.store.work import work
from app.workflows.metering import metered

REPO = Repo(1, 7, "mona", "sample")
ASKED = Request("writer", "You mend.", (Message("user", (Text("Mend it."),)),))


async def claimed(database) -> Run:
    async with work(database) as db:
        await request_run(db, RunRequest("solve", REPO, 1, "k", "finished", "serial-k"))
    (run,) = await claim(database, "w", 60.0)
    return run


async def names(database, run: Run) -> list[str]:
    async with database.connect() as db:
        return [step.name for step in await steps_of(db, run.id) if step.finished_at is not None]


async def looked() -> str:
    return "what is there"


def purse(ctx: Context, database, model, limit: int = 1000):
    services = SimpleNamespace(database=database, model=model, most=lambda _: MicroUsd(10), settings=Settings())
    return metered(ctx, services, MicroUsd(limit))


async def test_it_is_known_at_once_and_written_with_the_next_step_in_one_transaction(database):
    run = await claimed(database)
    ctx = Context(database, run)
    for name in ("read-1", "read-2"):
        assert await ctx.step(name, looked, put_off=True) == "what is there"
    assert await ctx.step("read-1", pytest.fail) == "what is there"
    assert await names(database, run) == []
    commits: list[None] = []
    event.listen(database.sync_engine, "commit", lambda _: commits.append(None))
    await ctx.step("next", looked)
    assert len(commits) == 1
    assert await names(database, run) == ["read-1", "read-2", "next"]


async def test_a_model_is_asked_after_it_was_written(database):
    run = await claimed(database)
    ctx = Context(database, run)
    written: list[list[str]] = []

    class Model:
        async def reply(self, _request: Request) -> Reply:
            written.append(await names(database, run))
            return Reply((Text("Done."),), "end", "m")

    await ctx.step("read", looked, put_off=True)
    await purse(ctx, database, Model()).reply(ASKED)
    assert written == [["read"]]


async def test_what_a_used_up_budget_takes_back_is_written_later(database):
    run = await claimed(database)
    ctx = Context(database, run)
    await ctx.step("read", looked, put_off=True)
    with pytest.raises(BudgetExceededError):
        await purse(ctx, database, None, limit=0).reply(ASKED)
    assert await names(database, run) == []
    await ctx.step("next", looked)
    assert await names(database, run) == ["read", "next"]


async def test_it_is_written_before_an_effect_and_before_a_step_that_is_never_blindly_repeated(database):
    run = await claimed(database)
    ctx = Context(database, run)
    seen: list[list[str]] = []

    async def look():
        seen.append(await names(database, run))
        return {}

    async def find():
        return None

    await ctx.step("read-1", looked, put_off=True)
    await ctx.step("bash", look, again=looked)
    await ctx.step("read-2", looked, put_off=True)
    await ctx.effect("push", look, find)
    assert seen == [["read-1"], ["read-1", "bash", "read-2"]]


@pytest.mark.parametrize("ends", [None, Suspended("word", 1e12), RuntimeError("it broke")], ids=repr)
async def test_no_drive_ends_without_it(database, ends):
    run = await claimed(database)

    async def workflow(ctx: Context, _services) -> None:
        await ctx.step("read", looked, put_off=True)
        if ends is not None:
            raise ends

    await drive(database, run, Workflows({"solve": workflow}, {}), None)
    assert await names(database, run) == ["read"]


async def test_what_a_crash_took_is_done_again_and_then_nothing_is_put_off(database):
    run = await claimed(database)
    await Context(database, run).step("read", looked, put_off=True)
    async with work(database) as db:
        await db.execute(update(runs).values(lease_until=0.0))
    (taken,) = await claim(database, "w2", 60.0)
    again: list[str] = []

    async def look():
        again.append("read")
        return "what is there"

    await Context(database, taken).step("read", look, put_off=True)
    assert again == ["read"]
    assert await names(database, taken) == ["read"]


async def test_who_lost_the_run_writes_none_and_asks_no_model(database):
    run = await claimed(database)
    ctx = Context(database, run)
    await ctx.step("read", looked, put_off=True)
    async with work(database) as db:
        await db.execute(update(runs).values(fence=runs.c.fence + 1))
    with pytest.raises(LeaseLostError):
        await purse(ctx, database, None).reply(ASKED)
    with pytest.raises(LeaseLostError):
        await ctx.catch_up()
    assert await names(database, run) == []
