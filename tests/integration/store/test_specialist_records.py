"""How specialists have done: told by the journal, by what landed and by what was closed."""

import pytest
from sqlalchemy import update

from app.policy.request import RunRequest
from app.policy.specialists import Past
from app.policy.values import Repo, Sha
from app.runs.admission import find_run, request_run
from app.runs.journal import finish_step
from app.store.landings import Landing, record_landing
from app.store.outcomes import keep_outcomes
from app.store.specialists import past_of_specialists
from app.store.tables import runs
from app.store.work import work

HERE, THERE = Repo(1, 7, "mona", "sample"), Repo(1, 8, "mona", "other")


async def run(database, number: int, state: str, *names: str, pull: int | None = None, repo: Repo = HERE) -> None:
    async with work(database) as db:
        key = f"{repo.id}-{number}"
        run_id = str(await request_run(db, RunRequest("solve", repo, number, key, "finished", key)))
        await db.execute(update(runs).where(runs.c.id == run_id).values(state="running", lease_owner="w", fence=1))
        found = await find_run(db, run_id)
    chosen = [{"name": name, "because": "so"} for name in names]
    await finish_step(database, found, "specialists", {"chosen": chosen, "plan": ""})
    if pull is not None:
        await finish_step(database, found, "pull-request", {"number": pull, "node_id": "P"})
    async with work(database) as db:
        ended = {"state": state, "finished_at": None if state == "running" else 5.0}
        await db.execute(update(runs).where(runs.c.id == run_id).values(**ended))


async def land(database, pull: int, repo_id: int = 7) -> None:
    sha = Sha(f"{pull:040}")
    landing = Landing(repo_id, "main", Sha("0" * 40), sha, pull, sha, "f", True, "r", False, "p", None, None, 1.0)
    async with work(database) as db:
        await record_landing(db, landing)


async def past(database, repo_id: int = 7):
    async with database.connect() as db:
        return await past_of_specialists(db, repo_id)


async def test_a_pull_request_that_landed_counts_for_them_whatever_became_of_the_run(database):
    await run(database, 1, "succeeded", "database", "security", pull=21)
    await run(database, 2, "cancelled", "database", pull=22)
    for pull in (21, 22):
        await land(database, pull)
    assert await past(database) == {"database": Past(merged=2), "security": Past(merged=1)}


async def test_a_run_that_failed_and_a_pull_request_that_was_closed_count_against_them(database):
    await run(database, 1, "failed", "database")
    await run(database, 2, "failed", "database", pull=22)
    await run(database, 3, "succeeded", "database", pull=23)
    await run(database, 4, "succeeded", "database", pull=24)
    async with work(database) as db:
        await keep_outcomes(db, 7, 23, [], seen_at=1.0)
        closed = RunRequest("settle", HERE, 24, "k", "started", "s", cause={"event": "pull_request.closed"})
        await request_run(db, closed)
        swept = RunRequest("settle", HERE, 22, "l", "started", "t", cause={"event": "sweep"})
        await request_run(db, swept)
    assert await past(database) == {"database": Past(closed=2, failed=2)}


@pytest.mark.parametrize(
    ("number", "state", "pull", "repo"),
    [(1, "succeeded", 21, HERE), (2, "cancelled", None, HERE), (3, "running", None, HERE), (4, "failed", None, THERE)],
)
async def test_what_is_open_or_stopped_or_elsewhere_does_not_count(database, number, state, pull, repo):
    await run(database, number, state, "database", pull=pull, repo=repo)
    await land(database, 21, repo_id=8)
    assert await past(database) == {}


async def test_runs_from_before_there_were_specialists_are_left_out(database):
    async with work(database) as db:
        await request_run(db, RunRequest("solve", HERE, 1, "k", "finished", "s"))
        await db.execute(update(runs).values(state="failed", finished_at=1.0))
    assert await past(database) == {}
