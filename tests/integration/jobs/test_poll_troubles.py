"""The poll when GitHub fails in part, and when webhooks come after all while it is looking."""

import asyncio
import json
import time
from pathlib import Path

import httpx
from hosting import Hosted
from sqlalchemy import select, update

from app.cli.demo.stage import run_git
from app.jobs.deliver import deliver
from app.store import inbox
from app.store.inbox import Delivery
from app.store.tables import runs
from app.store.work import work


def another_installation(hosted: Hosted, name: str) -> int:
    """The App on a second repository, as another installation; returns the first one's id."""
    (first,) = hosted.stage.world.installations.values()
    other = hosted.stage.new_repository(hosted.mona, name)
    hosted.stage.world.install(first.app, [other])
    issues = f"/repos/{other.full_name}/issues"
    hosted.mona.call("POST", issues, {"title": "Cents are lost"})
    hosted.mona.call("POST", f"{issues}/1/labels", {"labels": ["quorum"]})
    return first.id


async def test_one_installation_in_trouble_does_not_keep_others_from_being_looked_at(hosted, sqlite):
    broken = await asyncio.to_thread(another_installation, hosted, "other")
    hosted.break_down(f"/app/installations/{broken}/", method="POST", status=403)
    assert await hosted.poll(sqlite) == [("solve", 1)]


async def test_one_delivery_that_github_has_forgotten_does_not_keep_others_from_being_sent(hosted, sqlite):
    hosted.labelled_issue()
    forgotten, *others = await failed(hosted)
    assert others
    hosted.break_down(f"/deliveries/{forgotten}/attempts", method="POST", status=404)
    await hosted.poll(sqlite)
    sent = [path for method, path, status in hosted.stage.requests() if path.endswith("/attempts") and status == 202]
    assert {int(path.split("/")[-2]) for path in sent} == set(others)


async def failed(hosted: Hosted) -> list[int]:
    """Deliveries in the order in which they are asked for again; nobody listens, so every one fails."""
    hooks = hosted.stage._emulator.asgi.app.state.hooks
    async with asyncio.timeout(60):
        while not hooks.deliveries or any(each["status_code"] != 502 for each in hooks.deliveries):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return [each["id"] for each in hooks.deliveries]


async def test_an_answer_that_makes_no_sense_is_one_repositorys_trouble(hosted, sqlite):
    """200 and another thing than a list, or whatever GitHub shows us next."""
    await asyncio.to_thread(another_installation, hosted, "other")
    hosted.break_down(f"/repositories/{hosted.repository.id}/issues$", status=200)
    assert await hosted.poll(sqlite) == [("solve", 1)]


async def test_a_head_that_moved_unheard_is_reviewed(hosted, sqlite, tmp_path: Path):
    number = hosted.pull(tmp_path)
    await hosted.poll(sqlite)
    run_git(tmp_path / "mend", "commit", "--quiet", "--allow-empty", "--message", "more")
    remote = run_git(tmp_path / "mend", "remote", "get-url", "origin").strip()
    run_git(tmp_path / "mend", "push", "--quiet", remote, "HEAD:refs/heads/mend")
    await hosted.poll(sqlite, times=2)
    head = run_git(tmp_path / "mend", "rev-parse", "HEAD").strip()
    async with sqlite.connect() as db:
        reviews = list(await db.execute(select(runs).where(runs.c.workflow == "review")))
    assert [row.number for row in reviews] == [number, number]
    assert reviews[-1].head_sha == head


async def test_a_label_whose_webhook_comes_while_the_poll_looks_is_heard_once(hosted, sqlite):
    """It comes after the poll saw that nobody had heard of the label, and its run ends before the poll asks for one."""
    issue = hosted.labelled_issue()

    async def meanwhile(response: httpx.Response) -> None:
        if not response.request.url.path.endswith("/issues/comments"):
            return
        body = webhook(hosted, issue)
        async with work(sqlite) as db:
            await inbox.accept(db, Delivery("late", "issues", body, time.time()))
        assert await deliver(sqlite, hosted.app, "late") == 1
        async with work(sqlite) as db:
            await db.execute(update(runs).values(state="failed", finished_at=time.time(), dedupe_key=None))

    assert await hosted.poll(sqlite, response=[meanwhile]) == [("solve", issue)]


def webhook(hosted: Hosted, issue: int) -> bytes:
    (installation,) = hosted.stage.world.installations.values()
    owner = {"login": "mona", "type": "User"}
    repository = {"id": hosted.repository.id, "name": hosted.repository.name, "owner": owner}
    body = {"action": "labeled", "issue": {"number": issue}, "label": {"name": "quorum"}, "sender": owner}
    return json.dumps({**body, "repository": repository, "installation": {"id": installation.id}}).encode()


async def test_comments_and_issues_that_are_done_are_not_begun_again(hosted, sqlite):
    issue = hosted.labelled_issue()
    hosted.mona.call("POST", f"{hosted.repo}/issues/{issue}/comments", {"body": "@quorum explain"})
    first = await hosted.poll(sqlite)
    async with work(sqlite) as db:
        ended = {"state": "succeeded", "finished_at": time.time()}
        await db.execute(update(runs).values(ended))
        await db.execute(update(runs).where(runs.c.dedupe_until != "forever").values(dedupe_key=None))
    assert await hosted.poll(sqlite, times=2) == first
    assert sorted(name for name, _ in first) == ["converse", "solve"]
