"""Pushes by git past protection: refused in GitHub's words, ref by ref, and told of once."""

import pytest


@pytest.fixture
def main(stage) -> str:
    return stage.pushed()


def on_main(stage) -> str:
    return stage.git("ls-remote", stage.remote(stage.person), "refs/heads/main").stdout.split()[0]


def test_a_push_to_a_branch_with_required_checks_is_refused(stage, main):
    stage.protect(required_status_checks={"strict": False, "checks": [{"context": "gate", "app_id": stage.app.id}]})
    stage.commit("more.txt", "more\n")
    done = stage.push(stage.writer)
    assert done.returncode != 0
    assert "remote: error: GH006: Protected branch update failed for refs/heads/main." in done.stderr
    assert 'remote: error: Required status check "gate" is expected.' in done.stderr
    assert "main -> main (protected branch hook declined)" in done.stderr
    assert on_main(stage) == main


def test_a_push_of_a_commit_whose_check_passed_is_taken(stage, main):
    stage.protect(required_status_checks={"strict": False, "checks": [{"context": "gate", "app_id": stage.app.id}]})
    sha = stage.commit("more.txt", "more\n")
    stage.git("branch", "trial", where=stage.folder / "copy")
    assert stage.push(stage.writer, "trial").returncode == 0
    run = {"name": "gate", "head_sha": sha, "conclusion": "success"}
    assert stage.ask("POST", "check-runs", stage.token(checks="write"), run).status_code == 201
    assert stage.push(stage.writer).returncode == 0


def test_a_refused_ref_does_not_hold_back_another_one_nor_is_it_told_of(stage, receiver, main):
    assert receiver.next().payload["after"] == main
    stage.protect(required_pull_request_reviews={"required_approving_review_count": 1})
    stage.commit("more.txt", "more\n")
    stage.git("branch", "topic", where=stage.folder / "copy")
    done = stage.push(stage.writer, "main", "topic")
    assert "Changes must be made through a pull request." in done.stderr
    assert "topic -> topic" in done.stderr
    assert receiver.next().payload["ref"] == "refs/heads/topic"
    assert on_main(stage) == main


def test_a_protected_branch_is_deleted_only_if_that_is_allowed(stage, main):
    stage.git("branch", "topic", where=stage.folder / "copy")
    assert stage.push(stage.writer, "topic").returncode == 0
    delete = ("push", stage.remote(stage.writer), ":topic")
    stage.protect("topic")
    assert "Cannot delete this branch" in stage.git(*delete, where=stage.folder / "copy").stderr
    assert stage.ask("DELETE", "git/refs/heads/topic", stage.writer).status_code == 422
    stage.protect("topic", allow_deletions=True)
    assert stage.git(*delete, where=stage.folder / "copy").returncode == 0


def test_history_is_rewritten_only_if_that_is_allowed(stage, main):
    stage.protect()
    stage.git("commit", "--quiet", "--amend", "-m", "Another story", where=stage.folder / "copy")
    assert "Cannot force-push to this branch" in stage.push(stage.writer, force=True).stderr
    stage.protect(allow_force_pushes=True)
    assert stage.push(stage.writer, force=True).returncode == 0


def test_administrators_pass_unless_they_are_bound_too(stage, main):
    stage.protect(required_pull_request_reviews={}, enforce_admins=False)
    stage.commit("more.txt", "more\n")
    assert stage.push(stage.writer).returncode != 0
    assert stage.push(stage.person).returncode == 0
    stage.protect(required_pull_request_reviews={}, enforce_admins=True)
    stage.commit("again.txt", "again\n")
    assert stage.push(stage.person).returncode != 0


def test_pushes_side_by_side_are_each_told_once(stage, receiver, main):
    assert receiver.next().payload["after"] == main
    branches = [f"topic-{number}" for number in range(6)]
    for branch in branches:
        stage.git("branch", branch, where=stage.folder / "copy")
    assert stage.push_at_once(*branches) == [0] * 6
    assert stage.ask("POST", "issues", stage.person, {"title": "The last word"}).status_code == 201
    told = [receiver.next() for _ in range(7)]
    assert sorted(each.payload.get("ref", "") for each in told) == ["", *(f"refs/heads/{each}" for each in branches)]
    assert told[-1].headers["x-github-event"] == "issues"
