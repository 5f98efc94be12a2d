"""A run that waits for people holds no worker, and hears whoever speaks to it, whenever that is."""

import pytest
from sqlalchemy import update

from app.policy.request import RunRequest
from app.policy.values import Repo
from app.runs.admission import find_run, request_run
from app.runs.drive import Workflows, drive
from app.runs.engine import Context
from app.runs.errors import RunEndingError
from app.runs.lease import claim
from app.runs.run import Run
from app.store.instructions import Instruction, instructions_of, keep_instruction
from app.store.tables import runs
from app.store.work import work
from app.workflows.waiting import tell, wait_for

REPO = Repo(1, 7, "mona", "sample")
GO = Instruction("comment-17", 7, 1, "go", "octocat", "write", "with the second plan", 100.0)


async def say(database, instruction: Instruction) -> bool:
    async with work(database) as db:
        kept = await keep_instruction(db, instruction)
        await tell(db, instruction.repo_id, instruction.number)
    return kept


async def begin(database) -> None:
    async with work(database) as db:
        await request_run(db, RunRequest("solve", REPO, 1, "k", "finished", "s"))


async def drive_due(database, workflow, heard: list) -> Run | None:
    for run in await claim(database, "w", 60.0):
        await drive(database, run, Workflows({"solve": workflow}, {}), heard)
        async with database.connect() as db:
            return await find_run(db, run.id)
    return None


async def test_it_sleeps_until_somebody_speaks_and_then_goes_on_with_what_was_said(database):
    await begin(database)
    heard: list[str] = []

    async def look() -> str | None:
        async with database.connect() as db:
            said = await instructions_of(db, 7, 1, verbs=("go",))
        return said[0].text if said else None

    async def workflow(ctx: Context, services: list) -> None:
        services.append(await wait_for(ctx, "go", str, look))

    assert (await drive_due(database, workflow, heard)).state == "waiting"
    assert await drive_due(database, workflow, heard) is None
    await say(database, GO)
    assert (await drive_due(database, workflow, heard)).state == "succeeded"
    assert heard == ["with the second plan"]


async def test_a_word_said_just_after_the_look_is_not_slept_through(database):
    await begin(database)
    looks: list[None] = []

    async def look() -> str | None:
        looks.append(None)
        if len(looks) > 1:
            return "heard"
        await say(database, GO)
        return None

    async def workflow(ctx: Context, _services: list) -> None:
        await wait_for(ctx, "go", str, look)

    assert (await drive_due(database, workflow, [])).state == "waiting"
    assert (await drive_due(database, workflow, [])).state == "succeeded"


@pytest.mark.parametrize("other", [(8, 1), (7, 2)])
async def test_a_word_to_others_wakes_nobody(database, other):
    await begin(database)

    async def nothing() -> str | None:
        return None

    async def workflow(ctx: Context, _services: list) -> None:
        await wait_for(ctx, "go", str, nothing)

    await drive_due(database, workflow, [])
    await say(database, Instruction("comment-18", *other, "go", "octocat", "write", "", 100.0))
    assert await drive_due(database, workflow, []) is None


async def test_what_was_said_is_kept_once_and_told_in_its_order(database):
    later = Instruction("comment-18", 7, 1, "tell", "octocat", "write", "smaller", 200.0)
    assert await say(database, later)
    assert await say(database, GO)
    assert not await say(database, GO)
    async with database.connect() as db:
        assert await instructions_of(db, 7, 1) == [GO, later]
        assert await instructions_of(db, 7, 1, since=150.0) == [later]
        assert await instructions_of(db, 7, 1, verbs=("go",)) == [GO]


async def test_a_run_that_found_out_by_itself_that_it_is_to_end_does_not_go_on_when_its_clean_up_is_cut_off(database):
    await begin(database)
    told: list[str] = []

    async def workflow(_ctx: Context, services: list) -> None:
        services.append("worked")
        if services == ["worked"]:
            raise RunEndingError("cancelled", "the issue was closed")

    async def clean_up(_ctx: Context, services: list, reason: str) -> None:
        services.append(reason)
        if len(services) == 2:
            raise ConnectionError("no network")

    (run,) = await claim(database, "w", 60.0)
    workflows = Workflows({"solve": workflow}, {"solve": clean_up})
    await drive(database, run, workflows, told)
    async with work(database) as db:
        await db.execute(update(runs).values(wake_at=0.0))
    (run,) = await claim(database, "w", 60.0)
    await drive(database, run, workflows, told)
    assert told == ["worked", "the issue was closed", "the issue was closed"]
    async with database.connect() as db:
        assert (await find_run(db, run.id)).state == "cancelled"
