"""Playing the life of an issue under adverse conditions, and telling what GitHub shows of it at the end."""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from app.cli.demo.github import Person, wait_until
from app.cli.demo.stage import Stage, push_folder
from app.cli.demo.story import GATE, Story, council_agrees
from app.cli.serve import start_with_us

SAMPLE = Path(__file__).parents[2] / "app" / "cli" / "demo"
SCRIPT = SAMPLE / "script.yml"
_PATIENCE_S = 300.0
"""With a death every two or three seconds a round takes its time."""
_LOOK_AT_LEAST_S = 0.4
QUICK = {"QUORUM_SWEEP_S": "0.5"}
DYING = {"QUORUM_LEASE_S": "2"}
"""For workers that are killed. One that lives may come late on a busy machine, and is to keep what it drives."""
_PASSING = re.compile(
    r"<!--.*?-->|<sub>Its reviews so far: .*?</sub>|### What became of findings here so far\n.*", re.DOTALL
)
"""What depends on the moment: an answer given while a merge is still being settled tells of no outcome yet."""
_NUMBERS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,}|\b[0-9a-f]{40}\b|\b[0-9a-f]{12}\b")


class Theatre(Stage):
    """The demo's stage with a repository, an App and protection set up; Quorum is started with `command`."""

    def __init__(self, model: str, command: list[str] | None = None, **settings: str) -> None:
        super().__init__(model)
        # GitHub's ten seconds are no part of these stories: what comes too late on a busy machine would be lost.
        self._emulator.asgi.app.state.hooks.timeout_s = 120.0
        self.command = command or [sys.executable, "-m", "app.cli", "serve"]
        self.settings = {**QUICK, **(DYING if command else {}), **settings}
        self.timeline: list[str] = []
        self._database: Engine | None = None
        self._heard = 0
        self.meanwhile: Callable[[], None] = lambda: None
        """Called whenever something is waited for."""

    def set_up(self) -> Story:
        self.mona: Person = self.person("mona")
        self.repository = self.new_repository(self.mona, "sample")
        self.quorum_settings = {**self.install_app(self.repository), **self.settings}
        remote = f"{self.github_url}/{self.repository.full_name}.git"
        push_folder(SAMPLE / "sample", remote, self.mona.token, "Tally 0.3.0")
        self.protect("main")
        story = Story(self.repository.full_name, self.mona, self._tell, self.alive, _PATIENCE_S)
        text = (SAMPLE / "issue.md").read_text().partition("\n")
        self.mona.call("POST", f"/repos/{story.repo}/issues", {"title": text[0].lstrip("# "), "body": text[2]})
        story.seen.issue = {"number": 1}
        return story

    def protect(self, branch: str) -> None:
        """Require the gate from our App."""
        checks = {"strict": False, "checks": [{"context": GATE, "app_id": self.app_id}]}
        body = {"required_status_checks": checks, "enforce_admins": True}
        place = f"/repos/{self.repository.full_name}/branches/{branch}/protection"
        self.mona.call("PUT", place, {**body, "required_pull_request_reviews": None, "restrictions": None})

    def start(self) -> None:
        with self.log.open("ab") as log:
            env = {**os.environ, **self.quorum_settings}
            options = {"stdout": log, "stderr": subprocess.STDOUT, "env": env, "start_new_session": True}
            self.process = start_with_us(self.command, **options)
        self.until("the web server", self._is_ready)

    def alive(self) -> None:
        super().alive()
        self.meanwhile()
        self._wait_for_a_write()

    def _wait_for_a_write(self) -> None:
        """A story gets on by what is written on GitHub; looking again and again before that costs as much as playing.

        What shows in the database alone is seen a little later.
        """
        deadline = time.monotonic() + _LOOK_AT_LEAST_S
        while time.monotonic() < deadline:
            new = self._emulator.log[self._heard :]
            self._heard += len(new)
            if any(method != "GET" for method, _, _ in new):
                return
            time.sleep(0.02)

    def until(self, what: str, look: Callable[[], Any], timeout_s: float = 180.0) -> Any:
        deadline = time.monotonic() + timeout_s
        while not (seen := look()):
            self.alive()
            assert time.monotonic() < deadline, f"{what} did not come; {self.report()}"
            time.sleep(0.1)
        return seen

    def report(self) -> str:
        return "\n".join([*self.timeline, self.log.read_text(errors="replace")[-6000:]])

    def rows(self, query: str) -> list[Any]:
        """What the database answers, whichever it is."""
        if self._database is None:
            url = self.settings.get("QUORUM_DATABASE_URL", f"sqlite:///{self.home / 'quorum.db'}")
            self._database = create_engine(url, poolclass=NullPool)
        with self._database.connect() as db:
            return [tuple(row) for row in db.execute(text(query))]

    def control(self, path: str, body: dict[str, Any]) -> Any:
        return (
            httpx.put(f"{self.github_url}/_emulator/{path}", json=body, timeout=60.0, trust_env=False)
            .raise_for_status()
            .json()
        )

    def _tell(self, who: str, what: str) -> None:
        self.timeline.append(f"{who}: {what}")


def tell(home: Path, disturb: Callable[[Theatre], None] = lambda _: None, **options: Any) -> "Telling":
    """Play the whole story in `home`; `disturb` is called once everything is up, before anything happens."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUORUM_DATA_DIR", str(home))
        with Theatre(f"scripted:{SCRIPT}", **options) as theatre:
            story = theatre.set_up()
            theatre.start()
            disturb(theatre)
            play_to_the_end(story)
            going_on = "SELECT 1 FROM runs WHERE finished_at IS NULL"
            theatre.until("the end of all runs", lambda: not theatre.rows(going_on), _PATIENCE_S)
            steps = theatre.rows("SELECT runs.workflow, steps.name FROM steps JOIN runs ON runs.id = steps.run_id")
            return Telling(end_state(theatre), steps, theatre.report())


@dataclass(frozen=True)
class Telling:
    """`state`: what GitHub shows at the end. `steps`: (workflow, step) of the journal. `report`: for a failed test."""

    state: dict[str, Any]
    steps: list[tuple[str, str]]
    report: str


def play_to_the_end(story: Story) -> None:
    """Label, council, repair, merge, explain: every scene that needs nobody's refusal."""
    story.label(1)
    pull = story.watch_pull(1)
    for round_ in (1, 2, 3):
        if council_agrees(story.watch_council(pull, round_)):
            break
    wait_until(
        "the end of the work on the issue",
        lambda: any("Quorum is done" in comment["body"] for comment in story.own_comments(1)),
        timeout_s=_PATIENCE_S,
        alive=story.alive,
    )
    story.merge(pull)
    story.ask(pull, "@quorum")


def end_state(theatre: Theatre) -> dict[str, Any]:
    """What GitHub shows, with ids and hashes taken out, so that two tellings of one story are alike."""
    repository = theatre.repository
    heads = [run["head_sha"] for run in repository.check_runs.values()]
    order = {head: number for number, head in enumerate(dict.fromkeys(heads), start=1)}
    runs = Counter(
        (order[run["head_sha"]], run["name"], run["conclusion"], len(run["annotations"]))
        for run in repository.check_runs.values()
    )
    return {
        "issues": {number: issue["state"] for number, issue in repository.issues.items()},
        "draft": [issue["pull"]["draft"] for issue in repository.issues.values() if issue["pull"]],
        "merged": [issue["pull"]["merged"] for issue in repository.issues.values() if issue["pull"]],
        "check runs": {str(key): count for key, count in sorted(runs.items())},
        "comments": sorted((each["issue"], _plain(each["body"])) for each in repository.comments.values()),
        "reviews": sorted(_plain(each["body"]) for each in repository.reviews.values()),
        "review comments": sorted((each["path"], each["line"]) for each in repository.review_comments.values()),
        "reactions": sorted((each["issue"], each["user"]) for each in repository.reactions),
        "commits": _git(repository.path, "log", "--format=%s", "--all").splitlines(),
        "branches": _git(repository.path, "for-each-ref", "--format=%(refname)", "refs/heads/").split(),
    }


def assert_alike(calm: "Telling", told: "Telling") -> None:
    unlike = _differences(calm.state, told.state)
    if unlike:
        pytest.fail("\n".join([*unlike, told.report]), pytrace=False)


def _differences(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """What the two tellings do not have in common, a line each."""
    told = []
    for key, value in expected.items():
        before, after = (
            set(map(str, each.items() if isinstance(each, dict) else each)) for each in (value, found[key])
        )
        told += [f"{key}: only in the calm one: {each}" for each in sorted(before - after)]
        told += [f"{key}: only in this one: {each}" for each in sorted(after - before)]
        if not told and value != found[key]:
            told.append(f"{key}: {value} is not {found[key]}")
    return told


def _plain(text: str) -> str:
    return _NUMBERS.sub("#", _PASSING.sub("", text)).strip()


def _git(folder: Path, *args: str) -> str:
    done = subprocess.run(["git", *args], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout
