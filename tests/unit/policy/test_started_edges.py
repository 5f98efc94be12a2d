"""What an event or a person starts, to the letter: who looks after a pull request, who repairs it, who builds."""

import hashlib

import pytest

from app.policy.event import Event, parse_event
from app.policy.own_app import App
from app.policy.part_requests import PartCause, part_request
from app.policy.record_requests import mend_request, remedy_request
from app.policy.request import RunRequest
from app.policy.routes import route
from app.policy.tend_requests import amend_request, tend_request, watch_request, wished_by
from app.policy.values import Repo, Sha
from app.policy.work_requests import converse_request, review_request, solve_request

APP = App(42, "quorum")
REPO = Repo(77, 5, "acme", "tally")
HEAD = Sha("a" * 40)
TOLD = {"event": "workflow_run.completed", "delivery": "d1"}


def happened(name, action, **parts):
    people = {"sender_login": "ada", "sender_type": "User", "default_branch": "main"}
    return Event(name=name, action=action, **{"delivery_id": "d1", "repo": REPO, **people, **parts})


def test_a_look_at_our_own_pull_request_is_told_of_its_event():
    ended = happened("workflow_run", "completed", pulls=(8,), branches=("quorum/issue-3",))

    assert route(ended, APP)[1:] == [tend_request(REPO, 8, TOLD)], "beside the gate's own look"


def test_a_persons_review_of_ours_is_told_of_too():
    reviewed = happened("pull_request_review", "submitted", number=8, is_pull=True, pull_author="quorum[bot]")

    told = {"event": "pull_request_review.submitted", "delivery": "d1"}
    assert tend_request(REPO, 8, told) in route(reviewed, APP)


def test_the_default_branch_is_watched_for_one_repository_at_a_time():
    ended = happened("workflow_run", "completed", branches=("main",))

    asked = RunRequest("watch", REPO, 0, "watch:5", "started", "watch:5", None, 110, TOLD)
    assert route(ended, APP) == [asked] == [watch_request(REPO, TOLD)]


def test_a_change_of_our_own_pull_request():
    wish = wished_by("ada", "write", 7)

    assert wish == {"sender": "ada", "permission": "write", "account": 7}
    told = {"head": HEAD, **wish, "issue": 3, "need": "checks"}
    asked = RunRequest("amend", REPO, 8, f"amend:5:8:checks:{HEAD}", "forever", "issue:5:3", HEAD, 90, told)
    assert amend_request(REPO, 8, 3, "checks", HEAD, {"head": HEAD, **wish}) == asked


def test_a_repair_that_a_person_asks_for():
    told = {"issue": 3, "sender": "ada", "permission": "write"}
    mend = RunRequest("mend", REPO, 8, f"mend:5:8:{HEAD}", "finished", "issue:5:3", HEAD, 90, told)
    assert mend_request(REPO, 8, HEAD, 3, sender="ada", permission="write") == mend

    names = hashlib.sha256(b"security testing").hexdigest()[:16]
    told = {"perspectives": ["security", "testing"], "sender": "ada", "permission": "write"}
    key = f"remedy:5:8:{HEAD}:{names}"
    remedy = RunRequest("remedy", REPO, 8, key, "finished", "remedy:5:8", HEAD, 90, told)
    assert remedy_request(REPO, 8, HEAD, {"testing", "security"}, sender="ada", permission="write") == remedy


def test_a_part_is_built_beside_the_others_of_its_issue():
    told = {"parent": "run", "issue": 1, "part": 2, "base_ref": "main", "base": "a", "start": "b", "sender": "ada"}
    cause = PartCause.model_validate({**told, "permission": "write"})

    whole = cause.model_dump(mode="json")
    asked = RunRequest("part", REPO, 9, "part:run:2", "forever", "issue:5:1:part:9", None, 100, whole)
    assert part_request(REPO, 9, cause) == asked


def test_work_on_an_issue_begins_again_for_whoever_asked():
    told = {"event": "asked", "cause": "c1", "asker": "ada"}

    asked = RunRequest("solve", REPO, 8, "solve:5:8", "finished", "issue:5:8", None, 120, told)
    assert solve_request(REPO, 8, asker="ada", cause="c1", priority=120) == asked
    assert solve_request(REPO, 8, asker="ada", cause="c1").priority == 100


def test_a_review_by_one_perspective_names_it():
    assert review_request(REPO, 8, HEAD, cause="c1", only="testing").cause["only"] == "testing"


def test_a_comment_on_lines_is_apart_from_another_of_its_number():
    parts = {"number": 8, "is_pull": True, "comment_id": 9, "comment_body": "@quorum help"}
    on_lines = route(happened("pull_request_review_comment", "created", **parts), APP)
    below = route(happened("issue_comment", "created", **parts), APP)

    assert [(each.dedupe_key, each.cause.get("on_lines")) for each in (*on_lines, *below)] == [
        ("converse:5:line-9", True),
        ("converse:5:9", None),
    ]
    swept = converse_request(REPO, 8, 9, on_lines=True)
    assert swept.dedupe_key == "converse:5:line-9"
    assert swept.cause == {"event": "sweep", "comment_id": 9, "on_lines": True}


@pytest.mark.parametrize("name", ["pull_request", "pull_request_review"])
def test_whose_a_pull_request_is_and_which_branch_it_has_is_read(name):
    pull = {"number": 8, "user": {"login": "quorum[bot]"}, "head": {"ref": "quorum/issue-3", "sha": HEAD}}
    event = parse_event(name, "d1", {"action": "closed", "pull_request": pull})

    assert (event.pull_author, event.branches) == ("quorum[bot]", ("quorum/issue-3",))


def test_only_a_status_names_branches_of_its_own():
    assert parse_event("ping", "d1", {"branches": [{"name": "quorum/a"}]}).branches == ()
