"""An embedded GitHub with the App and another one on it, and `quorum setup protect` as somebody would type it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.cli.demo.github import Person
from app.cli.demo.stage import Stage
from app.cli.playground import SCRIPT
from app.emulator.app import add_repository
from app.emulator.state import App, Repository
from tests.support.commits import Commits

_NUMBERS = count(1)


@dataclass
class Town:
    """mona is an administrator, hubert may write. `other` is another App on the same repository."""

    stage: Stage
    mona: Person
    hubert: Person
    repository: Repository
    values: dict[str, str]
    other: App

    @property
    def ours(self) -> App:
        return self.stage.world.apps[self.stage.app_id]

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return self.mona.call(method, f"/repos/{self.repository.full_name}/{path}", body)

    def setup(self, *words: str, token: str | None = None) -> tuple[int, str]:
        """How `quorum setup protect` ends, and all that it says. Without a word about it: with mona's token."""
        held = {"GITHUB_TOKEN": self.mona.token if token is None else token, "QUORUM_GITHUB_TOKEN": None}
        command = ["setup", "protect", self.repository.full_name, *words]
        result = CliRunner().invoke(app, command, env={**self.values, **held})
        told = result.output + (str(result.exception) if isinstance(result.exception, ValueError) else "")
        assert result.exception is None or isinstance(result.exception, ValueError | SystemExit), result.exception
        assert self.mona.token not in told
        return result.exit_code, told

    def quorum(self, *words: str) -> Result:
        """How `quorum WORDS` ends, as the App and with nobody's token."""
        return CliRunner().invoke(app, words, env={**self.values, "GITHUB_TOKEN": None, "QUORUM_GITHUB_TOKEN": None})

    def pull(self) -> tuple[int, str]:
        """A pull request with one commit of its own, and its head."""
        branch, main = f"topic-{next(_NUMBERS)}", self.call("GET", "git/ref/heads/main")["object"]["sha"]
        self.call("POST", "git/refs", {"ref": f"refs/heads/{branch}", "sha": main})
        body = {"message": "Write", "content": "YQ==", "branch": branch}
        sha = self.call("PUT", f"contents/{branch}.txt", body)["commit"]["sha"]
        made = self.call("POST", "pulls", {"title": "Write", "head": branch, "base": "main"})
        return int(made["number"]), str(sha)

    def conclude(self, app: App, sha: str, conclusion: str = "success") -> None:
        """`quorum/gate` as that App says it."""
        installed = next(each for each in self.stage.world.installations.values() if each.app is app)
        token, _ = self.stage.world.mint(installed, {"checks": "write"}, [self.repository.id])
        bot = Person(f"{self.stage.github_url}/api/v3", app.slug, token)
        run = {"name": "quorum/gate", "head_sha": sha, "conclusion": conclusion}
        bot.call("POST", f"/repos/{self.repository.full_name}/check-runs", run)
        bot.close()

    def merge(self, number: int) -> int:
        place = f"/repos/{self.repository.full_name}/pulls/{number}/merge"
        return self.mona.try_call("PUT", place, {}).status_code

    def ruleset(self, *checks: Any, name: str = "trunk", pulls: bool = True, **more: Any) -> int:
        """One for the default branch."""
        rules: list[Any] = [{"type": "pull_request"}] if pulls else []
        required = {"required_status_checks": list(checks)}
        rules += [{"type": "required_status_checks", "parameters": required}] if checks else []
        conditions = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}
        body = {"name": name, "enforcement": "active", "conditions": conditions, "rules": rules, **more}
        return int(self.call("POST", "rulesets", body)["id"])

    def protect(self, *checks: Any, **more: Any) -> None:
        """Classic protection of main."""
        required = {"strict": False, "checks": list(checks)}
        body = {"required_status_checks": required, "enforce_admins": True, "restrictions": None}
        self.call("PUT", "branches/main/protection", {**body, "required_pull_request_reviews": None, **more})

    def faults(self, *faults: Any) -> None:
        self.mona.call("PUT", f"{self.stage.github_url}/_emulator/faults", {"faults": list(faults)})

    def without_rulesets(self) -> None:
        """As an old Enterprise Server answers."""
        self.faults({"method": ".*", "path": "/(rulesets|rules/branches/.*)$", "status": 404, "times": None})

    def no_writes(self) -> None:
        """From now on a change of any rule goes wrong."""
        self.faults({"method": "POST|PUT|DELETE", "path": "/(rulesets|protection)", "status": 500, "times": None})


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, Person, Person, dict[str, str], App]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUORUM_DATA_DIR", str(tmp_path_factory.mktemp("setup")))
        with Stage(f"scripted:{SCRIPT}") as stage:
            mona, hubert = stage.person("mona"), stage.person("hubert")
            first = stage.new_repository(mona, "first")
            values = stage.install_app(first)
            other = stage.world.add_app("other", "no key", {"checks": "write"}, frozenset(), ("http://127.0.0.1:9", ""))
            stage.world.install(other, [first])
            yield stage, mona, hubert, values, other


@pytest.fixture
def town(grounds, tmp_path: Path) -> Iterator[Town]:
    stage, mona, hubert, values, other = grounds
    roles = {"mona": "admin", "hubert": "write"}
    name = f"r{next(_NUMBERS)}"
    repository = asyncio.run(add_repository(stage.world, stage.world.users["mona"], name, roles))
    for installation in stage.world.installations.values():
        installation.repository_ids.append(repository.id)
    commits = Commits(repository.path)
    commits.point("refs/heads/main", commits.make({"a.txt": "a\n"}))
    made = Town(stage, mona, hubert, repository, values, other)
    yield made
    made.faults()
    made.ours.permissions["administration"] = "read"
    # `quorum doctor` looks at twenty repositories of an installation.
    for installation in stage.world.installations.values():
        if repository.id in installation.repository_ids:
            installation.repository_ids.remove(repository.id)
