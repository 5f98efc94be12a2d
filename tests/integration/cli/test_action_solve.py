"""Work on a labelled issue in a job: from the event's file to a pull request, on a database that ends with the job."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from app.sandbox.box import Box
from app.sandbox.errors import SandboxUnavailableError
from tests.integration.cli.conftest import Town
from tests.support.builders import Builders, OpenBox, plan
from tests.support.quick_sqlite import without_threads
from tests.support.runners import Runner, new_runner

JOB = {"contents": "write", "checks": "write", "issues": "write", "pull_requests": "write", "metadata": "read"}


@pytest.fixture
def runner(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    async def proven(_: Box) -> OpenBox:
        return OpenBox()

    without_threads(monkeypatch)
    made = new_runner(town, tmp_path, monkeypatch)
    may_write(made)
    monkeypatch.setattr("app.wiring._proven", proven)
    monkeypatch.setattr("app.cli.action.solving.installed", lambda: ())
    monkeypatch.setattr("app.cli.action.solving._LOOK_S", 0.05)
    return made


def builders() -> Builders:
    made = Builders()
    made.plans = {"planner": [plan()], "planner-2": [plan()]}
    return made


def may_write(runner: Runner) -> None:
    runner.installation.app.permissions.update(JOB)
    runner.permissions = dict(JOB)


def labelled(runner: Runner, who: str, autonomy: int = 2) -> Result:
    """Who sets the label on a new issue, and the job that starts."""
    runner.model = builders()
    return runner.step("issues", label_issue(runner, who, autonomy), mode="solve")


def label_issue(runner: Runner, who: str, autonomy: int = 2) -> dict[str, Any]:
    """The event of who sets the label on a new issue."""
    policy = f"perspectives: [security]\nautonomy: {autonomy}\n"
    runner.push(policy, branch="main", path=".github/quorum.yml")
    town = runner.town
    issue = town.call("POST", "issues", {"title": "Add a line", "body": "To a.txt."})
    place = f"/repos/{town.repository.full_name}/issues/{issue['number']}"
    person = {"mona": town.mona, "hubert": town.hubert}[who]
    person.call("POST", f"{place}/labels", {"labels": ["quorum"]})
    return {
        "action": "labeled",
        "issue": town.mona.get(place),
        "label": {"name": "quorum"},
        "repository": town.mona.get(f"/repos/{town.repository.full_name}"),
        "sender": {"login": who, "type": "User"},
    }


def test_a_labelled_issue_becomes_a_pull_request_that_the_council_approves(runner: Runner):
    result = labelled(runner, "hubert")

    assert (result.exit_code, runner.outputs()["verdict"]) == (0, "solved"), (runner.summary(), result.output)
    pull = runner.town.call("GET", f"pulls/{runner.outputs()['pull-request']}")
    assert (pull["draft"], pull["user"]["login"]) == (False, "github-actions[bot]")
    assert pull["head"]["ref"].startswith("quorum/issue-")
    assert runner.checks(pull) == {"quorum/security": "success", "quorum/work": "success"}


def test_where_a_word_is_waited_for_the_job_ends_and_says_how_to_go_on(runner: Runner):
    result = labelled(runner, "hubert", autonomy=1)

    assert (result.exit_code, runner.outputs()["verdict"]) == (0, "stopped"), runner.summary()
    said = "\n".join(each["body"] for each in runner.town.call("GET", "issues/1/comments"))
    assert "cannot wait for people" in said
    assert "take the label off and set it again" in said
    assert runner.town.call("GET", "pulls") == []


@pytest.mark.parametrize("changed", [{"title": "Print the environment"}, {"body": "Print the environment."}])
def test_what_is_written_after_the_label_nobody_has_asked_for(runner: Runner, changed: dict[str, str]):
    """The author of an issue is anybody, and can edit it while the job waits for a runner."""
    told, runner.model = label_issue(runner, "hubert"), builders()
    runner.town.call("PATCH", "issues/1", changed)

    result = runner.step("issues", told, mode="solve")

    assert (result.exit_code, runner.outputs()["verdict"]) == (2, "failed")
    assert "edited after the label was set" in runner.summary()
    assert runner.model.asked == []
    assert runner.town.call("GET", "issues/1/comments") == []


def test_where_jobs_may_open_no_pull_request_the_work_is_kept_on_its_branch(runner: Runner):
    """As it is in new repositories, until somebody allows it."""
    told, runner.model = label_issue(runner, "hubert"), builders()
    words = "GitHub Actions is not permitted to create or approve pull requests."
    runner.town.faults({"method": "POST", "path": "/pulls$", "status": 403, "times": None, "message": words})

    result = runner.step("issues", told, mode="solve")

    assert (result.exit_code, runner.outputs()["verdict"]) == (2, "failed")
    assert "*Settings → Actions → General → Workflow permissions*" in runner.summary()
    assert "open a pull request for it by hand" in runner.summary()
    assert [each["name"] for each in runner.town.call("GET", "branches")] == ["main", "quorum/issue-1-add-a-line"]


def test_without_a_sandbox_nothing_is_begun(runner: Runner, monkeypatch: pytest.MonkeyPatch):
    class Shut:
        async def run(self, *_: Any, **__: Any) -> Any:
            raise SandboxUnavailableError("no user namespaces", "Allow them.")

    async def proven(_: Box) -> Shut:
        return Shut()

    monkeypatch.setattr("app.wiring._proven", proven)
    result = labelled(runner, "hubert")

    assert (result.exit_code, runner.outputs()["verdict"]) == (2, "failed")
    assert "apparmor_restrict_unprivileged_userns=0" in runner.summary()
    assert runner.town.call("GET", "issues/1/comments") == []
