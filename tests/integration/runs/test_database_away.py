"""A database that breaks off in the middle of a run costs the run a pause, not its life."""

from sqlalchemy import text, update

from app.policy.request import RunRequest
from app.policy.values import Repo
from app.runs.admission import find_run, request_run
from app.runs.drive import Workflows, drive
from app.runs.engine import Context
from app.runs.lease import claim
from app.store.tables import runs
from app.store.work import work

ASKED = RunRequest("solve", Repo(1, 7, "mona", "sample"), 1, "k", "finished", "s")


async def drive_once(database, workflow, ended: list[str]):
    async def clean_up(_ctx: Context, _services: None, reason: str) -> None:
        ended.append(reason)

    (run,) = await claim(database, "w", 60.0)
    await drive(database, run, Workflows({"solve": workflow}, {"solve": clean_up}), None)
    async with database.connect() as db:
        return await find_run(db, run.id)


async def ask_and_wake(database) -> None:
    async with work(database) as db:
        await request_run(db, ASKED)
        await db.execute(update(runs).values(wake_at=0.0))


async def break_off(database) -> None:
    """As at a restart: the server ends the connection beneath a statement. SQLite has no server; there, a fault."""
    async with database.begin() as db:
        if db.dialect.name == "postgresql":
            await db.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        await db.execute(text("SELECT * FROM of_a_newer_version"))


async def test_a_run_whose_database_breaks_off_sleeps_and_goes_on_where_it_was(database):
    done: list[str] = []

    async def workflow(ctx: Context, _services: None) -> None:
        async def first() -> str:
            done.append("first")
            return "value"

        await ctx.step("first", first)
        if "broken" not in done:
            done.append("broken")
            await break_off(database)

    ended: list[str] = []
    await ask_and_wake(database)
    assert (await drive_once(database, workflow, ended)).state == "waiting"
    await ask_and_wake(database)
    assert (await drive_once(database, workflow, ended)).state == "succeeded"
    assert done == ["first", "broken"]
    assert not ended


async def test_a_database_that_fails_for_hours_ends_the_run_in_words_that_anybody_may_read(database):
    """The reason is said on GitHub; the statement, its values and the server's address stay in the log."""

    async def workflow(_ctx: Context, _services: None) -> None:
        await break_off(database)

    ended: list[str] = []
    await ask_and_wake(database)
    async with work(database) as db:
        await db.execute(update(runs).values(trouble_at=runs.c.created_at - 7 * 3600))
    run = await drive_once(database, workflow, ended)
    assert run.state == "failed"
    (reason,) = ended
    assert "Quorum's database failed" in reason
    assert "worker's log" in reason
    assert "of_a_newer_version" not in reason
    assert "server" not in reason
