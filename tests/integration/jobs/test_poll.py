"""What the poll asks GitHub, on the embedded one: work that no webhook told of is found, and only that."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import update

from app.cli.demo.stage import run_git
from app.forge.errors import UnknownOutcomeError
from app.jobs.sweep import outlive
from app.store.tables import runs
from app.store.work import work


@pytest.fixture
def database(sqlite):
    return sqlite


async def finish_all(database) -> None:
    async with work(database) as db:
        await db.execute(update(runs).values(state="succeeded", finished_at=1.0, dedupe_key=None))


async def test_a_labelled_issue_is_found_once_and_not_again_when_it_is_done(hosted, database):
    issue = hosted.labelled_issue()
    assert await hosted.poll(database, times=2) == [("solve", issue)]
    await finish_all(database)
    assert await hosted.poll(database) == [("solve", issue)], "its label was heard"


async def test_a_label_that_was_set_after_the_last_run_is_heard(hosted, database):
    issue = hosted.labelled_issue()
    await hosted.poll(database)
    await finish_all(database)
    async with work(database) as db:
        await db.execute(update(runs).values(created_at=runs.c.created_at - 3600))
    assert await hosted.poll(database) == [("solve", issue)] * 2


async def test_an_open_pull_request_is_reviewed_and_a_closed_one_is_not(hosted, database, tmp_path):
    kept, closed = hosted.pull(tmp_path, "kept"), hosted.pull(tmp_path, "closed")
    hosted.mona.call("PATCH", f"{hosted.repo}/issues/{closed}", {"state": "closed"})
    assert sorted(await hosted.poll(database, times=2)) == [("recheck", kept), ("review", kept)]


async def test_a_merge_group_that_no_event_told_of_is_found_once(hosted, database, tmp_path):
    number, tip = hosted.pull(tmp_path), "d" * 40
    head = hosted.mona.get(f"{hosted.repo}/pulls/{number}")["head"]["sha"]
    group = hosted.mona.get(f"{hosted.repo}/git/ref/heads/main")["object"]["sha"]
    refs = {
        f"main/pr-{number}-{tip}": group,
        f"main/pr-8-{tip}": head,
        "main/somebody": group,
        f"main/pr-x-{tip}": group,
    }
    for name, commit in refs.items():
        run_git(hosted.repository.path, "update-ref", f"refs/heads/gh-readonly-queue/{name}", commit)
    found = await hosted.poll(database, times=2)
    assert sorted(found) == [("group", number), ("recheck", number), ("review", number)]


async def test_a_comment_that_speaks_to_us_is_found_and_others_are_not(hosted, database):
    issue = hosted.mona.call("POST", f"{hosted.repo}/issues", {"title": "Talk"})["number"]
    for body in ("@quorum explain", "I asked @quorum-fan", "somebody@quorum.example"):
        hosted.mona.call("POST", f"{hosted.repo}/issues/{issue}/comments", {"body": body})
    assert await hosted.poll(database, times=2) == [("converse", issue)]


async def test_one_repository_in_trouble_does_not_keep_others_from_being_looked_at(hosted, database, tmp_path):
    issue = hosted.labelled_issue()
    other = await asyncio.to_thread(hosted.stage.new_repository, hosted.mona, "broken")
    installation = next(iter(hosted.stage.world.installations.values()))
    change = {"repository_ids": frozenset({*installation.repository_ids, other.id})}
    hosted.stage.world.installations[installation.id] = replace(installation, **change)
    hosted.break_down(f"/repositories/{other.id}/")
    assert await hosted.poll(database) == [("solve", issue)]


async def test_deliveries_that_cannot_be_listed_do_not_keep_work_from_being_found(hosted, database):
    issue = hosted.labelled_issue()
    hosted.break_down("/app/hook/deliveries")
    assert await hosted.poll(database) == [("solve", issue)]


async def test_a_sweep_that_fails_is_outlived(hosted, database):
    hosted.break_down("/app/installations")

    async def poll() -> None:
        await hosted.poll(database)

    with pytest.raises(UnknownOutcomeError):
        await poll()
    await outlive("github", poll)
