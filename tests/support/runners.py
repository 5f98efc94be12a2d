"""A runner with one job, as GitHub has them: environment, event file, the job's token, and what it leaves behind."""

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.emulator.state import Installation
from app.sandbox.box import Box
from tests.integration.cli.conftest import Town
from tests.support.opinions import Opinions

JOB = {"contents": "read", "checks": "write", "pull_requests": "write", "issues": "write", "metadata": "read"}
"""What the job's token may do where a workflow asks for it."""


@dataclass
class Runner:
    """A runner with one job. `model` answers when there is a key. `permissions` are those of the job's token."""

    town: Town
    installation: Installation
    temp: Path
    model: Opinions = field(default_factory=Opinions)
    permissions: dict[str, str] = field(default_factory=lambda: dict(JOB))

    def pull(self, text: str, *, branch: str = "topic", title: str = "Write") -> dict[str, Any]:
        """One that adds `a.py`, as an event tells of it."""
        main = self.town.call("GET", "git/ref/heads/main")["object"]["sha"]
        self.town.call("POST", "git/refs", {"ref": f"refs/heads/{branch}", "sha": main})
        self.push(text, branch=branch)
        return dict(self.town.call("POST", "pulls", {"title": title, "head": branch, "base": "main"}))

    def push(self, text: str, *, branch: str = "topic", path: str = "a.py") -> None:
        place = f"contents/{path}"
        body: dict[str, Any] = {"message": "Write", "branch": branch}
        body["content"] = base64.b64encode(text.encode()).decode()
        there = self.town.mona.try_call(
            "GET", f"/repos/{self.town.repository.full_name}/{place}", params={"ref": branch}
        )
        if there.is_success:
            body["sha"] = there.json()["sha"]
        self.town.call("PUT", place, body)

    def start(
        self, pull: dict[str, Any], *, event: str = "pull_request", action: str = "opened", **inputs: str
    ) -> Result:
        """One step of a new job, with inputs as in `with:`."""
        return self.step(event, told_of(pull, action), **inputs)

    def step(self, event: str, told: dict[str, Any], **inputs: str) -> Result:
        for name in ("output", "summary"):
            (self.temp / name).write_text("")
        token = self.token()
        given = {"github_token": token, "anthropic_api_key": "key", "keep_reviews": "true", **inputs}
        env: dict[str, str | None] = {
            **self.environ(event, told),
            "GITHUB_OUTPUT": str(self.temp / "output"),
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary"),
            "QUORUM_ACTION_CACHE": str(self.temp / "cache"),
            **{f"QUORUM_INPUT_{name.upper()}": value for name, value in given.items()},
        }
        result = CliRunner().invoke(app, ["action"], env=env)
        assert token not in result.output + self.summary()
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def environ(self, event: str, told: dict[str, Any]) -> dict[str, str]:
        """What is the same for all steps of a job that this event started."""
        (self.temp / "event.json").write_text(json.dumps(told))
        (self.temp / "work").mkdir(exist_ok=True)
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTOR": "hubert",
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(self.temp / "event.json"),
            "GITHUB_SERVER_URL": self.town.stage.github_url,
            "GITHUB_WORKSPACE": str(self.temp / "work"),
            "RUNNER_TEMP": str(self.temp),
            "QUORUM_WRITE_GAP_S": "0",
        }

    def token(self) -> str:
        """The job's."""
        return self.town.stage.world.mint(self.installation, self.permissions, [self.town.repository.id])[0]

    def summary(self) -> str:
        return (self.temp / "summary").read_text()

    def outputs(self) -> dict[str, str]:
        lines = (self.temp / "output").read_text().splitlines()
        return {head.partition("<<")[0]: value for head, value in zip(lines[::3], lines[1::3], strict=True)}

    def all_checks(self, pull: dict[str, Any]) -> list[dict[str, Any]]:
        place = f"commits/{pull['head']['sha']}/check-runs"
        return list(self.town.mona.get(f"/repos/{self.town.repository.full_name}/{place}", filter="all")["check_runs"])

    def checks(self, pull: dict[str, Any]) -> dict[str, str]:
        return {each["name"]: each["conclusion"] for each in self.all_checks(pull)}


def told_of(pull: dict[str, Any], action: str = "opened") -> dict[str, Any]:
    """The event."""
    return {"action": action, "number": pull["number"], "pull_request": pull, "repository": pull["base"]["repo"]}


def new_runner(town: Town, temp: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """With GitHub's own App for jobs, on this repository."""

    async def shown_elsewhere(box: Box) -> None:
        """That the sandbox holds takes seconds to show, and has tests of its own."""

    world = town.stage.world
    actions = next((each for each in world.apps.values() if each.slug == "github-actions"), None)
    actions = actions or world.add_app("github-actions", "no key", dict(JOB), frozenset(), ("http://127.0.0.1:9", ""))
    made = Runner(town, world.install(actions, [town.repository]), temp)
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        for key in (name, f"QUORUM_{name}"):
            monkeypatch.delenv(key, raising=False)
    monkeypatch.setattr("app.wiring.require", shown_elsewhere)
    monkeypatch.setattr("app.wiring._model", lambda *_: made.model)
    monkeypatch.setattr("app.telemetry.configure", lambda *_, **__: None)
    monkeypatch.setattr("app.cli.reviewing.judging.installed", lambda: ())
    return made
