"""What the poll asks GitHub, on the embedded one: work that no webhook told of is found, and only that."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from app.cli.demo.github import Person
from app.cli.demo.stage import Stage, push_folder, run_git, with_token
from app.emulator.state import Repository
from app.forge.api import Forge
from app.forge.errors import UnknownOutcomeError
from app.jobs.sweep import outlive, poll_github
from app.policy.routes import App
from app.settings import Settings
from app.store.engine import migrate, open_database
from app.store.tables import runs
from app.store.work import work


@dataclass(frozen=True)
class Hosted:
    stage: Stage
    mona: Person
    repository: Repository
    settings: Settings
    key: str

    @property
    def app(self) -> App:
        return App(self.settings.app_id, self.settings.app_slug)

    @property
    def repo(self) -> str:
        return f"/repos/{self.repository.full_name}"

    def labelled_issue(self) -> int:
        number = self.mona.call("POST", f"{self.repo}/issues", {"title": "Cents are lost"})["number"]
        self.mona.call("POST", f"{self.repo}/issues/{number}/labels", {"labels": ["quorum"]})
        return int(number)

    def pull(self, tmp_path: Path, branch: str = "mend") -> int:
        remote = with_token(f"{self.stage.github_url}/{self.repository.full_name}.git", self.mona.token)
        run_git(tmp_path, "clone", "--quiet", remote, branch)
        run_git(tmp_path / branch, "commit", "--quiet", "--allow-empty", "--message", branch)
        run_git(tmp_path / branch, "push", "--quiet", remote, f"HEAD:refs/heads/{branch}")
        made = self.mona.call("POST", f"{self.repo}/pulls", {"title": branch, "head": branch, "base": "main"})
        return int(made["number"])

    def break_down(self, path: str) -> None:
        faults = [{"method": "GET", "path": path, "status": 502, "times": None}]
        httpx.put(f"{self.stage.github_url}/_emulator/faults", json={"faults": faults}, trust_env=False)

    async def poll(self, database, times: int = 1) -> list[tuple[str, int]]:
        async with httpx.AsyncClient(trust_env=False) as client:
            forge = Forge(self.settings, client, self.key)
            for _ in range(times):
                await poll_github(database, forge, self.app)
        async with database.connect() as db:
            return [(row.workflow, row.number) for row in await db.execute(select(runs).order_by(runs.c.created_at))]


@pytest.fixture
def hosted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hosted]:
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path / "data"))
    with Stage("scripted:none") as stage:
        mona = stage.person("mona")
        repository = stage.new_repository(mona, "sample")
        values = stage.install_app(repository)
        source = tmp_path / "source"
        source.mkdir()
        (source / "a.txt").write_text("a\n")
        push_folder(source, f"{stage.github_url}/{repository.full_name}.git", mona.token, "First")
        settings = Settings(
            github_url=stage.github_url, app_id=stage.app_id, app_client_id=values["QUORUM_APP_CLIENT_ID"]
        )
        yield Hosted(stage, mona, repository, settings, Path(values["QUORUM_PRIVATE_KEY_FILE"]).read_text())


@pytest.fixture
async def database(tmp_path: Path):
    engine = open_database(f"sqlite+aiosqlite:///{tmp_path / 'quorum.db'}")
    await migrate(engine)
    yield engine
    await engine.dispose()


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
