"""What a call of a model has cost is written with the end of its step, and is not lost where that does not come."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import event, select

from app.llm.messages import Message, Reply, Request, Text, ToolUse
from app.policy.request import RunRequest
from app.policy.values import MicroUsd, Repo
from app.runs.admission import cancel_subject, find_run, request_run
from app.runs.drive import Workflows, drive
from app.runs.engine import Context
from app.runs.journal import steps_of
from app.runs.lease import claim
from app.runs.run import Run
from app.settings import Settings
from app.store import usage
from app.store.tables import answers
from app.store.work import work
from app.workflows.metering import metered

REPO = Repo(1, 7, "mona", "sample")
ASKED = Request("writer", "You mend.", (Message("user", (Text("Mend it."),)),))
MOST = MicroUsd(100)


class Model:
    async def reply(self, _request: Request) -> Reply:
        return Reply((ToolUse("t", "submit", {}),), "tool_use", "m", cost=MicroUsd(40))


async def driven(database, step, limit: int = 1000) -> Run:
    """A run of one step; `step` is given the journal and a model with a budget."""
    async with work(database) as db:
        await request_run(db, RunRequest("solve", REPO, 1, "k", "finished", "serial-k"))
    (run,) = await claim(database, "w", 60.0)
    services = SimpleNamespace(database=database, model=Model(), most=lambda _: MOST, settings=Settings())

    async def workflow(ctx: Context, services) -> None:
        model = metered(ctx, services, MicroUsd(limit))
        await ctx.step("write.turn-1", lambda: step(ctx, model))

    await drive(database, run, Workflows({"solve": workflow}, {}), services)
    return run


async def spent(database, run_id: str | None = None) -> int:
    async with database.connect() as db:
        return (await usage.totals(db, run_id)).cost


async def test_the_cost_of_a_turn_commits_with_its_end(database):
    commits: list[None] = []
    before: list[int] = []

    async def step(ctx, model):
        await model.reply(ASKED)
        before.append(await spent(database))
        event.listen(database.sync_engine, "commit", lambda _: commits.append(None))
        return len(commits)

    run = await driven(database, step)
    assert (before, await spent(database, run.id)) == ([0], 40)
    assert len(commits) == 2  # the end of the step, and that of the run


async def test_a_step_that_breaks_off_has_its_cost_written(database):
    async def step(ctx, model):
        await model.reply(ASKED)
        raise RuntimeError("nothing comes of it")

    assert await spent(database, (await driven(database, step)).id) == 40


@pytest.mark.parametrize("breaks_off", [True, False])
async def test_an_answer_is_kept_only_where_the_journal_does_not_get_it(database, breaks_off):
    async def step(ctx, model):
        await model.reply(replace(ASKED, step="write.turn-1"))
        if breaks_off:
            raise RuntimeError("nothing comes of it")
        return "it is in the journal"

    await driven(database, step)
    async with database.connect() as db:
        assert len((await db.execute(select(answers))).all()) == breaks_off


async def test_a_run_that_was_told_to_end_meanwhile_has_its_cost_written(database):
    async def step(ctx, model):
        await model.reply(ASKED)
        async with work(database) as db:
            assert await cancel_subject(db, REPO.id, 1, ("solve",), "closed") == 1
        return "never journalled"

    run = await driven(database, step)
    assert await spent(database, run.id) == 40
    async with database.connect() as db:
        assert await steps_of(db, run.id) == []
        assert (await find_run(db, run.id)).state == "cancelled"


async def test_a_second_call_within_a_step_finds_what_the_first_left_over(database):
    """What a call under way may cost at most would be more than there is, and would be waited for forever."""

    async def step(ctx, model):
        await model.reply(ASKED)
        await model.reply(ASKED)
        return "two"

    assert await spent(database, (await driven(database, step, limit=100)).id) == 80


@pytest.mark.parametrize("nested", [True, False])
async def test_each_step_writes_its_own(database, nested):
    seen: list[int] = []

    async def step(ctx, model):
        async def ask():
            await model.reply(ASKED)
            return "asked"

        if nested:
            await ctx.step("research.turn-1", ask)
        else:
            await ask()
        seen.append(await spent(database))
        return "done"

    await driven(database, step)
    assert seen == [40 if nested else 0]
