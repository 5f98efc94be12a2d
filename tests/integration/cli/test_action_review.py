"""The Action's entry point with the environment and the event that a runner gives, on the emulated GitHub."""

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.sandbox.box import Box
from tests.integration.cli.conftest import Town
from tests.support.runners import Runner, new_runner


@pytest.fixture
def runner(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    return new_runner(town, tmp_path, monkeypatch)


def forked(pull: dict[str, Any]) -> dict[str, Any]:
    """As if its branch were one of somebody else's repository."""
    return {**pull, "head": {**pull["head"], "repo": {"id": 1}}}


def test_a_pull_request_is_reviewed_once_and_shown(runner: Runner):
    pull = runner.pull("EVIL security\n")

    result = runner.start(pull, perspectives="security, testing")

    assert (result.exit_code, runner.outputs()["verdict"]) == (1, "refused"), runner.summary()
    shown = {"quorum-action/security": "failure", "quorum-action/testing": "success"}
    assert runner.checks(pull) == shown
    assert "Pull request #1 against main" in runner.summary()
    assert "::error" not in result.stdout
    assert runner.outputs()["kept"] == "true"

    asked, checks = len(runner.model.asked), runner.all_checks(pull)
    again = runner.start({**pull, "title": "Another title"}, action="edited", perspectives="security, testing")

    assert again.exit_code == 1
    assert len(runner.model.asked) == asked
    assert runner.outputs()["cost-usd"] == "0.0000"
    assert "Nothing was asked again" in runner.summary()
    assert runner.all_checks(pull) == checks


def test_a_fork_without_secrets_is_looked_at_by_analyzers_and_fails_nothing(runner: Runner, monkeypatch):
    monkeypatch.setattr("app.cli.reviewing.judging.installed", lambda: ("ruff",))
    pull = forked(runner.pull("import os\n"))
    runner.permissions = {"contents": "read", "metadata": "read"}

    result = runner.start(pull, anthropic_api_key="", fail_on="nit")

    assert (result.exit_code, runner.outputs()["verdict"]) == (0, "unjudged"), runner.summary()
    assert "nobody judged this change" in runner.summary()
    assert "::error file=a.py,line=1,endLine=1,title=ruff%3A F401::" in result.stdout

    monkeypatch.setattr("app.cli.reviewing.judging.installed", lambda: ())
    result = runner.start(pull, anthropic_api_key="")

    assert (result.exit_code, runner.outputs()["verdict"]) == (0, "unjudged")
    assert "Analyzers did not look either" in runner.summary()
    assert runner.model.asked == []


@pytest.mark.parametrize("key", ["key", ""], ids=["council", "programs alone"])
def test_what_github_knows_of_packages_is_said_with_a_model_and_without(runner: Runner, monkeypatch, key: str):
    monkeypatch.setattr("app.cli.reviewing.judging.installed", lambda: ("ruff",))
    flaw = {"name": "left", "version": "1.0", "ghsa_id": "GHSA-2222-3333-4444", "severity": "high", "summary": "So."}
    runner.town.repository.advisories = [flaw]
    pull = runner.pull("x = 1\n")
    runner.push("left==1.0\n", path="requirements.txt")
    pull = dict(runner.town.call("GET", f"pulls/{pull['number']}"))
    pull = pull if key else forked(pull)

    result = runner.start(pull, anthropic_api_key=key, post="annotations", perspectives="dependencies")

    assert "file=requirements.txt,line=1,endLine=1" in result.stdout
    assert "GHSA-2222-3333-4444" in result.stdout
    assert "were not looked up" not in runner.summary()

    runner.town.repository.dependency_graph = False
    runner.push("left==1.0\nright==2\n", path="requirements.txt")
    pull = dict(runner.town.call("GET", f"pulls/{pull['number']}"))
    runner.start(pull if key else forked(pull), anthropic_api_key=key, post="annotations", perspectives="dependencies")
    assert "known vulnerabilities of changed packages were not looked up" in runner.summary()


def test_a_key_that_is_missing_in_ones_own_repository_is_a_mistake(runner: Runner, monkeypatch):
    pull = runner.pull("1\n")
    wrong = runner.start(pull, fail_on="sometimes")
    assert (wrong.exit_code, "the input `fail-on` cannot be used" in runner.summary()) == (2, True)

    def broken() -> None:
        raise RuntimeError("the line is dead")

    logged: list[str] = []
    log = SimpleNamespace(error=lambda told, exc_info: logged.append(f"{told}: {exc_info}"))
    monkeypatch.setattr("app.telemetry.logger", lambda _: log)
    runner.model.meanwhile = broken
    off = runner.start(pull, perspectives="testing")
    assert (off.exit_code, "the line is dead" in runner.summary()) == (2, True)
    assert logged == ["it could not be done: the line is dead"]

    result = runner.start(pull, anthropic_api_key="")

    assert (result.exit_code, runner.outputs()["verdict"]) == (2, "failed")
    assert "secrets.ANTHROPIC_API_KEY" in runner.summary()
    assert "::error title=Quorum::" in result.stdout


def test_other_providers_are_asked_with_their_own_key(runner: Runner):
    pull, other = (
        runner.pull("EVIL testing\n"),
        {"anthropic_api_key": "", "perspectives": "testing", "fail_on": "never"},
    )
    azure = {**other, "model": "azure:ours", "azure_openai_api_key": "key-of-azure"}

    assert runner.start(pull, **azure).exit_code == 2
    assert "`azure-openai-endpoint: ${{ secrets.AZURE_OPENAI_ENDPOINT }}`" in runner.summary()
    assert runner.model.asked == []

    asked = [{**azure, "azure_openai_endpoint": "https://ours.openai.azure.com"}]
    asked.append({**other, "model": "gemini:gemini-3-pro", "gemini_api_key": "key-of-gemini"})
    for inputs in asked:
        assert runner.start(pull, **inputs).exit_code == 0, runner.summary()
        assert runner.outputs()["verdict"] == "refused"
        assert "key-of-" not in runner.summary()


def test_an_event_that_tells_of_no_pull_request_is_refused_by_its_name_or_passes(runner: Runner):
    pushed = runner.step("push", {"ref": "refs/heads/main"})
    assert (pushed.exit_code, "cannot be reviewed on `push`" in runner.summary()) == (2, True)

    queued = runner.step("merge_group", {"merge_group": {"head_sha": "1" * 40}})
    assert (queued.exit_code, runner.outputs()["verdict"]) == (0, "skipped")


@pytest.mark.parametrize("token", ["", f"ghs_{'x' * 40}"])
def test_a_token_that_is_none_is_told(runner: Runner, token: str):
    result = runner.start(runner.pull("1\n"), github_token=token)
    assert (result.exit_code, runner.outputs()["verdict"]) == (2, "failed")
    assert "`github-token`" in runner.summary()


def test_without_contents_nothing_can_be_fetched_and_the_page_says_so(runner: Runner):
    runner.permissions = {"checks": "write", "metadata": "read"}
    result = runner.start(runner.pull("1\n"))
    assert (result.exit_code, runner.outputs()["verdict"]) == (2, "failed")
    assert "refs/pull/1/head of " in runner.summary()
    assert "the job has the `permissions`" in runner.summary()
    assert runner.model.asked == []


def test_with_secrets_a_fork_is_read_and_never_executed(runner: Runner, monkeypatch):
    async def proven(box: Box) -> Box:
        raise AssertionError("there would have been a sandbox")

    monkeypatch.setattr("app.wiring._proven", proven)
    monkeypatch.setattr("app.cli.reviewing.judging.installed", lambda: ("ruff",))
    pull = forked(runner.pull("import os\n"))

    result = runner.start(pull, event="pull_request_target", perspectives="testing")

    assert (result.exit_code, runner.outputs()["verdict"]) == (0, "approved"), runner.summary()
    assert runner.checks(pull) == {"quorum-action/testing": "success"}
    assert "nothing of this change is executed here" in runner.summary()


def test_with_secrets_a_checked_out_fork_is_refused(runner: Runner):
    pull = forked(runner.pull("1\n"))
    place = runner.temp / "work" / "src" / "example.org" / "theirs"
    place.mkdir(parents=True)
    git = ["git", "-C", str(place)]
    subprocess.run([*git, "init", "-q"], check=True)
    made = f"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nparent {'1' * 40}\nparent {pull['head']['sha']}\n"
    made += "author a <a> 1 +0000\ncommitter a <a> 1 +0000\n\nMerge\n"
    command = [*git, "hash-object", "-t", "commit", "-w", "--stdin"]
    merge = subprocess.run(command, input=made, capture_output=True, text=True, check=True).stdout.strip()
    (place / ".git" / "HEAD").write_text(f"{merge}\n")

    result = runner.start(pull, event="pull_request_target")

    assert (result.exit_code, runner.outputs()["verdict"]) == (2, "failed")
    assert "is checked out in it" in runner.summary()
    assert runner.model.asked == []


def test_what_the_token_may_not_show_becomes_annotations(runner: Runner):
    runner.permissions = {"contents": "read", "metadata": "read"}
    result = runner.start(runner.pull("EVIL testing\n"), perspectives="testing", fail_on="critical")

    assert (result.exit_code, runner.outputs()["verdict"]) == (0, "refused"), runner.summary()
    assert "::error file=a.py,line=1,endLine=1,title=testing%3A evil::It says so itself." in result.stdout
    assert "permissions: checks: write" in runner.summary()


def test_as_a_review_as_a_comment_that_is_edited_and_as_an_alert_that_stays_the_same(runner: Runner):
    pull = runner.pull("EVIL testing\n")
    wanted = {"perspectives": "testing", "post": "review, comment", "fail_on": "never", "sarif_file": "out/q.sarif"}

    assert [runner.start(pull, **wanted).exit_code for _ in range(2)] == [0, 0]
    before = alert(Path(runner.outputs()["sarif-file"]))
    (review,) = runner.town.call("GET", f"pulls/{pull['number']}/reviews")
    (inline,) = runner.town.call("GET", f"pulls/{pull['number']}/comments")
    assert (review["state"], inline["path"], inline["line"]) == ("COMMENTED", "a.py", 1)

    runner.push("one = 1\ntwo = 2\nEVIL testing\n")
    newer = runner.town.call("GET", f"pulls/{pull['number']}")
    old = runner.start(pull, **wanted)
    assert (old.exit_code, runner.outputs()["verdict"]) == (0, "skipped")
    assert runner.start(newer, **wanted).exit_code == 0
    (comment,) = runner.town.call("GET", f"issues/{pull['number']}/comments")
    assert "`a.py:3`" in comment["body"]
    assert len(runner.town.call("GET", f"pulls/{pull['number']}/reviews")) == 2
    assert runner.checks(newer) == {}
    after = alert(runner.temp / "work" / "out" / "q.sarif")
    assert (before[0], after[0]) == (1, 3)
    assert before[1] == after[1]


@pytest.mark.parametrize("who", ["an App of one's own", "a person"])
def test_under_another_name_what_was_said_is_known_again_too(runner: Runner, monkeypatch, who: str):
    pull = runner.pull("EVIL testing\n")
    if who == "a person":
        monkeypatch.setattr(runner, "token", lambda: runner.town.hubert.token)
    else:
        runner.town.other.permissions.update(runner.permissions)
        held = runner.town.stage.world.installations.values()
        runner.installation = next(each for each in held if each.app is runner.town.other)
    wanted = {"perspectives": "testing", "post": "comment, review", "fail_on": "never", "keep_reviews": "false"}

    assert [runner.start(pull, **wanted).exit_code for _ in range(2)] == [0, 0], runner.summary()

    assert len(runner.town.call("GET", f"issues/{pull['number']}/comments")) == 1
    assert len(runner.town.call("GET", f"pulls/{pull['number']}/reviews")) == 1


def alert(file: Path) -> tuple[int, dict[str, str]]:
    """Line and fingerprints of the one result of a SARIF file."""
    (told,) = json.loads(file.read_text())["runs"][0]["results"]
    return told["locations"][0]["physicalLocation"]["region"]["startLine"], told["partialFingerprints"]


def test_a_pull_request_does_not_choose_its_judges(runner: Runner):
    runner.push("perspectives: [security]\n", branch="main", path=".github/quorum.yml")
    runner.pull("EVIL security\n")
    runner.push("perspectives: [security, documentation]\n", path=".github/quorum.yml")

    result = runner.start(runner.town.call("GET", "pulls/1"))

    assert result.exit_code == 1
    assert [each for each in runner.model.asked if each.startswith("reviewer:")] == ["reviewer:security"]
