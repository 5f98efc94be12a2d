"""`quorum config check` and `gate simulate` read the project's own perspectives beside the policy file."""

import pytest
from typer.testing import CliRunner

from app.cli import app
from tests.support.own import own_text

RUNNER = CliRunner()
NAMED = "perspectives: [security, wording]\n"


@pytest.fixture
def policy(tmp_path):
    (tmp_path / "quorum" / "perspectives").mkdir(parents=True)
    file = tmp_path / "quorum.yml"
    file.write_text(NAMED, encoding="utf-8")
    return file


def check(policy):
    return RUNNER.invoke(app, ["config", "check", str(policy)])


def put(policy, text, name="wording.md"):
    (policy.parent / "quorum" / "perspectives" / name).write_text(text, encoding="utf-8")


def test_a_policy_may_name_what_has_a_file_beside_it(policy):
    assert "there is no perspective `wording`" in check(policy).stderr

    put(policy, own_text())
    result = check(policy)
    assert (result.exit_code, "Own perspectives: wording." in result.stdout) == (0, True)


def test_a_fault_is_shown_in_the_file_that_has_it(policy):
    put(policy, own_text(tools="[bash]"))
    result = check(policy)

    assert result.exit_code == 1
    assert f"{policy.parent}/quorum/perspectives/wording.md:4:1: there is no key `tools`\n" in result.stderr


def test_links_and_a_link_for_the_folder_are_faults(policy):
    folder = policy.parent / "quorum" / "perspectives"
    (folder / "wording.md").symlink_to("/etc/hostname")
    assert "wording.md:1:1: it is no plain file" in check(policy).stderr

    (folder / "wording.md").unlink()
    folder.rename(policy.parent / "elsewhere")
    folder.symlink_to(policy.parent / "elsewhere")
    assert f"{folder}:1:1: it is a link" in check(policy).stderr


def test_one_that_nobody_asks_is_warned_of(policy):
    put(policy, own_text())
    put(policy, own_text("style"), "style.md")

    assert "warning: the perspective `style` has a file, and nobody asks it" in check(policy).stderr


def test_a_policy_with_one_can_be_tried_on_a_described_pull_request(policy):
    put(policy, own_text(paths="['*.html']"))
    facts = policy.parent / "facts.yml"
    for verdicts, code, told in (("wording: block", 1, "Fix"), ("wording: approve", 0, "Approved: security, wording")):
        facts.write_text(f"files: [{{path: a.html}}]\nverdicts: {{{verdicts}}}\n", encoding="utf-8")
        result = RUNNER.invoke(app, ["gate", "simulate", "--policy", str(policy), "--facts", str(facts)])
        assert (result.exit_code, told in result.stdout) == (code, True), result.output
