"""Runs that wait for an environment and whose event never came, and what wakes those that wait for another one."""

import json
import time

import pytest
from sqlalchemy import insert, select, update

from app.jobs.deliver import deliver
from app.policy.deploy_requests import deploy_request, deployments_of
from app.policy.values import Repo, Sha
from app.runs.admission import request_run
from app.store import inbox
from app.store.deployments import StoredDeployment, record_answer
from app.store.inbox import Delivery
from app.store.tables import deployments, landings, runs
from app.store.work import work

LATER = 4e9


@pytest.fixture
def database(sqlite):
    return sqlite


def ask(hosted, environment):
    wish = {"login": "mona", "repository": hosted.repository.full_name, "environment": environment}
    hosted.mona.call("PUT", f"{hosted.stage.github_url}/_emulator/deploys", wish)


def guard(hosted, environment):
    hosted.mona.call("PUT", f"{hosted.repo}/environments/{environment}", {})
    place = f"{hosted.repo}/environments/{environment}/deployment_protection_rules"
    hosted.mona.call("POST", place, {"integration_id": hosted.stage.app_id})


async def wanted(database, workflow):
    async with database.connect() as db:
        return [row.cause for row in await db.execute(select(runs).where(runs.c.workflow == workflow))]


async def test_a_run_that_waits_for_us_is_found_once_and_others_are_left_alone(hosted, database):
    guard(hosted, "prod")
    ask(hosted, "prod")
    ask(hosted, "free")
    await hosted.poll(database, times=2)
    (cause,) = await wanted(database, "deploy")
    (waiting,) = [run["id"] for run in hosted.repository.workflow_runs.values() if run["status"] == "waiting"]
    assert (cause["workflow_run"], cause["environment"]) == (waiting, "prod")


async def test_an_environment_that_asks_somebody_else_is_not_answered(hosted, database):
    other = hosted.stage.world.add_app("other", "", {}, frozenset(), ("", ""))
    guard(hosted, "prod")
    hosted.repository.environments["prod"]["rules"] = {1: other.id}
    ask(hosted, "prod")
    await hosted.poll(database)
    assert await wanted(database, "deploy") == []


async def test_the_record_of_a_branch_is_begun_once(hosted, database):
    await hosted.poll(database, times=2)
    assert [cause["branch"] for cause in await wanted(database, "land")] == ["main"]
    async with work(database) as db:
        await db.execute(update(runs).values(state="succeeded", finished_at=1.0, dedupe_key=None))
        common = {"repo_id": hosted.repository.id, "branch": "main", "head_sha": "a", "fingerprint": "", "at": 1.0}
        told = {"approved": False, "security": False, "policy_hash": "", "reason": "it stood there"}
        await db.execute(insert(landings).values(**common, **told, before_sha="a", after_sha="a"))
    await hosted.poll(database)
    assert len(await wanted(database, "land")) == 1


async def test_an_app_that_may_not_see_runs_still_finds_other_work(hosted, database):
    issue = hosted.labelled_issue()
    hosted.break_down("/actions/runs")
    assert await hosted.poll(database) == [("solve", issue)]


async def test_a_word_of_how_it_went_wakes_who_waits_for_it_and_is_noted(database):
    repo, sha = Repo(77, 5, "acme", "tally"), Sha("a" * 40)
    async with work(database) as db:
        sleeping = [await request_run(db, deploy_request(repo, run, "prod", {})) for run in (1, 2)]
        waits = {"state": "waiting", "wake_at": LATER}
        for run_id, repo_id in zip(sleeping, (5, 6), strict=True):
            mine = update(runs).where(runs.c.id == run_id)
            await db.execute(mine.values(**waits, waits_for=deployments_of(repo_id)))
        row = StoredDeployment(5, 1, 1, "Staging", sha, "approved", "It may", "waiting", "run", 1.0)
        assert await record_answer(db, row)
        assert not await record_answer(db, row)
        body = {
            "action": "created",
            "deployment": {"sha": sha, "environment": "STAGING"},
            "deployment_status": {"state": "success"},
            "repository": {"id": 5, "name": "tally", "owner": {"login": "acme"}},
            "installation": {"id": 77},
        }
        await inbox.accept(db, Delivery("d1", "deployment_status", json.dumps(body).encode(), time.time()))
    await deliver(database, None, "d1")
    async with database.connect() as db:
        woken = {row.id: row.wake_at < LATER for row in await db.execute(select(runs))}
        assert woken == dict(zip(sleeping, (True, False), strict=True))
        assert (await db.execute(select(deployments.c.state))).scalar_one() == "success"
