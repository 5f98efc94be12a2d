"""Merging: what lands, what closes, and how GitHub says no."""

import pytest


@pytest.fixture
def pull(stage) -> tuple[int, str]:
    stage.pushed()
    return stage.pull()


def put(stage, number, **body):
    return stage.ask("PUT", f"pulls/{number}/merge", stage.person, body)


def log(stage, form, *more):
    stage.git("fetch", "--quiet", stage.remote(stage.person), "main", where=stage.folder / "copy")
    return stage.git("log", f"--format={form}", *more, "FETCH_HEAD", where=stage.folder / "copy").stdout.splitlines()


def test_a_merge_lands_closes_what_it_names_and_is_told(stage, receiver, pull):
    number, sha = pull
    issue = stage.ask("POST", "issues", stage.person, {"title": "It breaks"}).json()["number"]
    stage.ask("PATCH", f"pulls/{number}", stage.person, {"body": f"Fixes #{issue}"})
    answer = put(stage, number, sha=sha)
    assert answer.json() == {"sha": log(stage, "%H")[0], "merged": True, "message": "Pull Request successfully merged"}
    assert sha in log(stage, "%P", "-1")[0]
    shown = stage.ask("GET", f"pulls/{number}", stage.person).json()
    assert (shown["state"], shown["merged"], shown["merged_by"]["login"]) == ("closed", True, "ada")
    assert stage.ask("GET", f"issues/{issue}", stage.person).json()["state"] == "closed"
    events = stage.ask("GET", f"issues/{number}/events", stage.person).json()
    assert [each["event"] for each in events] == ["merged", "closed"]


def test_a_squash_lands_as_one_commit_with_the_title(stage, pull):
    number, _ = pull
    put(stage, number, merge_method="squash")
    assert (log(stage, "%s")[0], len(log(stage, "%P", "-1")[0].split())) == (f"Topic (#{number})", 1)


def test_a_head_that_moved_is_a_conflict_and_an_end_is_an_end(stage, pull):
    number, sha = pull
    assert put(stage, number, sha="0" * 40).status_code == 409
    assert put(stage, number, sha=sha).status_code == 200
    assert put(stage, number, sha=sha).status_code == 405


def test_conflicts_and_drafts_are_refused(stage):
    stage.pushed()
    number, _ = stage.pull()
    stage.git("checkout", "--quiet", "main", where=stage.folder / "copy")
    stage.commit("topic.txt", "other\n")
    assert stage.push(stage.person).returncode == 0
    assert stage.merge(number) == (405, "Pull Request has merge conflicts")
    stage.ask("GET", f"pulls/{number}", stage.person)
    shown = stage.ask("GET", f"pulls/{number}", stage.person).json()
    assert (shown["mergeable"], shown["mergeable_state"]) == (False, "dirty")
    body = {"title": "Draft", "head": "main", "base": "topic", "draft": True}
    draft = stage.ask("POST", "pulls", stage.person, body).json()["number"]
    assert stage.merge(draft) == (405, "Pull Request is still a draft")


def test_a_pull_request_that_may_not_be_merged_yet_is_shown_as_blocked(stage, pull):
    stage.protect(required_status_checks={"strict": False, "checks": [{"context": "gate", "app_id": None}]})
    states = [stage.ask("GET", f"pulls/{pull[0]}", stage.person).json()["mergeable_state"] for _ in range(2)]
    assert states == ["unknown", "blocked"]
    stage.ask("POST", f"statuses/{pull[1]}", stage.person, {"state": "success", "context": "gate"})
    assert stage.ask("GET", f"pulls/{pull[0]}", stage.person).json()["mergeable_state"] == "clean"


def test_files_and_size_of_a_pull_request_are_those_of_its_diff(stage, pull):
    shown = stage.ask("GET", f"pulls/{pull[0]}", stage.person).json()
    assert [shown[name] for name in ("commits", "additions", "deletions", "changed_files")] == [1, 1, 0, 1]
    (file,) = stage.ask("GET", f"pulls/{pull[0]}/files", stage.person).json()
    assert (file["filename"], file["status"], file["patch"]) == ("topic.txt", "added", "@@ -0,0 +1 @@\n+one")
    stage.commit("topic.txt", "one\ntwo\n", "topic")
    stage.git("mv", "topic.txt", "renamed.txt", where=stage.folder / "copy")
    stage.commit("more.txt", "more\n", "topic")
    assert stage.push(stage.person, "topic").returncode == 0
    assert stage.ask("GET", f"pulls/{pull[0]}", stage.person).json()["additions"] == 3
    files = stage.ask("GET", f"pulls/{pull[0]}/files", stage.person).json()
    assert [each["filename"] for each in files] == ["more.txt", "renamed.txt"]
