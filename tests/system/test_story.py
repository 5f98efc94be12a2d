"""The life of an issue, from outside: the demo is run as a person would, and judged by what GitHub shows."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PERSPECTIVES = {"security", "performance", "architecture", "testing", "documentation"}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> dict:
    home = tmp_path_factory.mktemp("demo")
    seen = home / "seen.json"
    env = {**os.environ, "QUORUM_DATA_DIR": str(home / "data")}
    command = [sys.executable, "-m", "app.cli", "demo", "--json", str(seen), "--patience", "300"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=450, check=False)
    log = home / "data" / "demo" / "quorum.log"
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{log.read_text() if log.exists() else ''}"
    return {**json.loads(seen.read_text()), "told": done.stdout, "home": home / "data" / "demo"}


def test_the_issue_ends_closed_by_a_merged_pull_request(story):
    assert story["issue"]["state"] == "closed"
    assert story["pull"]["merged"] is True
    assert story["merge"]["merged"] is True


def test_the_model_is_named_as_a_script(story):
    assert "SCRIPT" in story["told"]


def test_merging_is_refused_until_the_council_has_approved(story):
    assert story["refused_merge"]["status"] == 405
    assert "quorum/gate" in story["refused_merge"]["message"]


def test_each_head_has_one_check_run_of_each_name_from_the_app(story):
    first, second = story["heads"]
    for head in (first, second):
        names = [run["name"] for run in story["check_runs"] if run["head_sha"] == head]
        assert sorted(names) == sorted([*(f"quorum/{name}" for name in PERSPECTIVES), "quorum/gate", "quorum/work"])
    assert len({run["app"]["id"] for run in story["check_runs"]}) == 1
    assert all(run["status"] == "completed" for run in story["check_runs"])


def test_the_check_of_the_work_goes_with_the_head_and_ends_well(story):
    told = {run["head_sha"]: run["conclusion"] for run in story["check_runs"] if run["name"] == "quorum/work"}
    assert [told[head] for head in story["heads"]] == ["neutral", "success"]


def test_one_perspective_blocks_the_first_patch_with_an_annotation(story):
    first, second = story["heads"]
    conclusions = {(run["head_sha"], run["name"]): run["conclusion"] for run in story["check_runs"]}
    assert conclusions[first, "quorum/testing"] == "failure"
    assert conclusions[first, "quorum/gate"] == "failure"
    assert conclusions[second, "quorum/gate"] == "success"
    blocking = next(run for run in story["check_runs"] if (run["head_sha"], run["name"]) == (first, "quorum/testing"))
    assert blocking["output"]["annotations_count"] == 1
    assert "Shown by running:" in blocking["output"]["summary"]
    assert "2 inline comments, 1 with a suggestion" in story["told"]


def test_the_pull_request_says_how_it_was_verified(story):
    verified = story["pull"]["body"]
    assert "before: passed" in verified
    assert "with the new tests on the old code: failed (exit code 1)" in verified
    assert "after: passed" in verified


def test_the_pull_request_says_what_the_repair_changed(story):
    first, _, later = story["pull"]["body"].partition("### After round 1 of the council")
    assert "goes to the first person" in first
    assert "A test checks twenty amounts" in later, "the code was wrong: a suggestion that passes the tests is no test"


def test_the_new_tests_fail_on_the_old_code_and_pass_on_what_was_merged(story):
    assert story["tests"]["old_code_with_new_tests"] != 0
    assert story["tests"]["merged"] == 0


def test_the_explanation_cites_findings_and_decisions(story):
    assert "testing blocked" in story["explanation"]
    assert "settled by a later commit" in story["explanation"]


def test_the_audit_log_holds_and_the_runs_can_be_shown(story):
    env = {**os.environ, "QUORUM_DATA_DIR": str(story["home"])}
    verify = [sys.executable, "-m", "app.cli", "audit", "verify"]
    assert "entries hold" in subprocess.run(verify, env=env, capture_output=True, text=True, check=True).stdout
    listing = [sys.executable, "-m", "app.cli", "runs", "list"]
    listed = subprocess.run(listing, env=env, capture_output=True, text=True, check=True).stdout
    solve = next(line for line in listed.splitlines() if " solve " in line)
    show = [sys.executable, "-m", "app.cli", "runs", "show", solve.split()[0]]
    shown = subprocess.run(show, env=env, capture_output=True, text=True, check=True).stdout
    assert "pull-request" in shown


def test_no_secret_is_kept_anywhere(story):
    """The private key, the webhook secret and tokens are in no log, row or file beside the key's own."""
    key = (story["home"] / "app.pem").read_text().splitlines()[5]
    for path in Path(story["home"]).rglob("*"):
        if path.is_file() and path.name != "app.pem" and not path.is_relative_to(story["home"] / "github"):
            content = path.read_bytes()
            assert key.encode() not in content, path
            assert b"ghs_1" not in content, path
