"""Work on an issue ends with its label or its pull request, whatever the order in which that is told."""

import json
import time
from typing import Any

from sqlalchemy import select

from app.jobs.deliver import deliver
from app.policy.own_app import App
from app.policy.request import RunRequest
from app.policy.values import Repo
from app.runs.admission import request_run
from app.runs.journal import finish_step
from app.runs.lease import claim
from app.store import inbox
from app.store.inbox import Delivery
from app.store.tables import runs
from app.store.tended import attempts_of, find_origin, keys_held, not_over
from app.store.work import work

APP = App(1003, "quorum")
REPO = Repo(1, 7, "mona", "sample")
OWNER = {"id": 5, "login": "mona", "type": "User"}
BRANCH = "quorum/issue-1-cents"


async def hand_over(database, guid: str, event: str, action: str, **more: Any) -> None:
    told = {"installation": {"id": 1}, "repository": {"id": 7, "name": "sample", "owner": OWNER}, "sender": OWNER}
    body = json.dumps({"action": action, **told, **more}).encode()
    async with work(database) as db:
        await inbox.accept(db, Delivery(guid, event, body, time.time()))
    await deliver(database, APP, guid)


def issue(at: str) -> dict[str, Any]:
    return {"issue": {"number": 1, "updated_at": at}, "label": {"name": "Quorum"}}


def closed(**more: Any) -> dict[str, Any]:
    sides = {"head": {"sha": "a" * 40, "ref": BRANCH}, "base": {"ref": "main"}}
    return {"pull_request": {"number": 2, "user": {"login": "quorum[bot]"}, **sides, **more}}


async def of_solving(database) -> list[tuple[str | None, str | None]]:
    async with database.connect() as db:
        found = await db.execute(select(runs).where(runs.c.workflow == "solve").order_by(runs.c.created_at))
        return [(row.ending, row.reason) for row in found]


async def begin(database, **steps: Any) -> None:
    async with work(database) as db:
        await request_run(db, RunRequest("solve", REPO, 1, f"solve:{time.time()}", "finished", "issue:7:1"))
    (run,) = await claim(database, "w", 60.0)
    for name, value in steps.items():
        await finish_step(database, run, name, value)


async def test_who_takes_the_label_off_ends_the_work_and_may_set_it_again_at_once(database):
    await hand_over(database, "d1", "issues", "labeled", **issue("2026-01-01T00:00:00Z"))
    await hand_over(database, "d2", "issues", "unlabeled", **issue("2099-01-01T00:00:00Z"))
    ended = ("cancelled", "the label `quorum` was taken off the issue")
    assert await of_solving(database) == [ended]
    await hand_over(database, "d3", "issues", "labeled", **issue("2099-01-01T00:00:01Z"))
    assert await of_solving(database) == [ended, (None, None)]


async def test_a_label_that_was_taken_off_before_it_was_set_ends_nothing(database):
    await hand_over(database, "d1", "issues", "labeled", **issue("2026-01-01T00:00:01Z"))
    await hand_over(database, "d2", "issues", "unlabeled", **issue("2026-01-01T00:00:00Z"))
    assert await of_solving(database) == [(None, None)]


async def test_a_pull_request_that_is_merged_ends_the_work_that_opened_it_and_no_other(database):
    await begin(database, branch=BRANCH)
    await hand_over(database, "d1", "pull_request", "closed", **closed(user={"login": "ada"}))
    assert await of_solving(database) == [(None, None)], "somebody else's, of a branch with that name"
    await hand_over(database, "d2", "pull_request", "closed", **closed(merged=True))
    assert await of_solving(database) == [("cancelled", "pull request #2 was merged")]


async def test_a_later_run_on_the_issue_goes_on(database):
    await begin(database, branch=BRANCH)
    async with work(database) as db:
        await request_run(db, RunRequest("solve", REPO, 1, "again", "finished", "issue:7:1"))
    await hand_over(database, "d1", "pull_request", "closed", **closed())
    assert await of_solving(database) == [(None, None), (None, None)]


async def test_the_journals_tell_whose_a_branch_is_and_what_was_tried(database):
    receipt = {"number": 2, "node_id": "PR_2"}
    asker = {"login": "ada", "permission": "write", "id": 9}
    await begin(database, branch=BRANCH, asker=asker, **{"pull-request": receipt})
    key = "amend:7:2:checks:"
    wish = RunRequest("amend", REPO, 2, f"{key}a", "forever", "s", cause={"checks": ["build"]})
    async with work(database) as db:
        await request_run(db, wish)
    (run,) = await claim(database, "w", 60.0)
    await finish_step(database, run, "pushed", "b" * 40)
    async with database.connect() as db:
        origin = await find_origin(db, 7, BRANCH)
        assert origin is not None
        assert (origin.issue, origin.asker, origin.permission, origin.account) == (1, "ada", "write", 9)
        assert await find_origin(db, 7, "quorum/other") is None
        (tried,) = await attempts_of(db, 7, 2, key, 0.0)
        assert (tried.checks, tried.commit, tried.state) == (("build",), "b" * 40, "running")
        assert await attempts_of(db, 7, 2, key, time.time() + 1) == []
        assert await attempts_of(db, 7, 2, "amend:7:2:review:", 0.0) == []
        assert await keys_held(db, 7, 2, key) == {f"{key}a"}
        assert await not_over(db, 7, {2}) == []
        assert await not_over(db, 7, set()) == [2]
    await finish_step(database, run, "over", False)
    async with database.connect() as db:
        assert await not_over(db, 7, set()) == []
