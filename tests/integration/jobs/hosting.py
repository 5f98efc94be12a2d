"""An embedded GitHub with one repository and the App on it, and the poll of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.cli.demo.github import Person
from app.cli.demo.stage import Stage, run_git, with_token
from app.emulator.state import Repository
from app.forge.api import Forge
from app.jobs.sweep import poll_github
from app.policy.own_app import App
from app.settings import Settings
from app.store.tables import runs
from tests.support.commits import Commits


@dataclass(frozen=True)
class Hosted:
    stage: Stage
    mona: Person
    repository: Repository
    settings: Settings
    key_file: Path

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

    def break_down(self, path: str, method: str = "GET", **more: Any) -> None:
        faults = [{"method": method, "path": path, "status": 502, "times": None, **more}]
        httpx.put(f"{self.stage.github_url}/_emulator/faults", json={"faults": faults}, timeout=60.0, trust_env=False)

    async def poll(self, database, times: int = 1, **hooks: Any) -> list[tuple[str, int]]:
        """`hooks` are httpx's: what happens meanwhile. Returns the runs that there are on issues and pull requests."""
        async with httpx.AsyncClient(timeout=60.0, trust_env=False, event_hooks=hooks) as client:
            forge = Forge(self.settings, client, self.key_file.read_text())
            for _ in range(times):
                await poll_github(database, forge, self.app)
        query = select(runs).where(runs.c.number > 0).order_by(runs.c.created_at)
        async with database.connect() as db:
            return [(row.workflow, row.number) for row in await db.execute(query)]


@contextmanager
def begin_hosting(home: Path) -> Iterator[Hosted]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUORUM_DATA_DIR", str(home / "data"))
        with Stage("scripted:none") as stage:
            mona = stage.person("mona")
            repository = stage.new_repository(mona, "sample")
            values = stage.install_app(repository)
            commits = Commits(repository.path)
            commits.point("refs/heads/main", commits.make({"a.txt": "a\n"}))
            settings = Settings(
                github_url=stage.github_url, app_id=stage.app_id, app_client_id=values["QUORUM_APP_CLIENT_ID"]
            )
            yield Hosted(stage, mona, repository, settings, Path(values["QUORUM_PRIVATE_KEY_FILE"]))
