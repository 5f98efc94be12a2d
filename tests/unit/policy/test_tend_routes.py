"""Which events have somebody look after a pull request of our own, or after the default branch."""

import pytest

from app.policy.event import Event, parse_event
from app.policy.own_app import App
from app.policy.routes import route
from app.policy.tend_requests import amend_key, amend_request
from app.policy.values import Repo, Sha

APP = App(42, "quorum")
REPO = Repo(77, 5, "acme", "tally")
HEAD = Sha("a" * 40)
OURS = ("quorum/issue-3-cents",)


def event(name, action, **parts):
    values = {"delivery_id": "d1", "repo": REPO, "installation_id": 77, "default_branch": "main", **parts}
    return Event(name=name, action=action, **{"sender_login": "ada", "sender_type": "User", **values})


def ended(name="workflow_run", action="completed", **parts):
    return event(name, action, **{"pulls": (8,), "branches": OURS, "head_sha": HEAD, **parts})


def pull(name, action, **parts):
    values = {"number": 8, "is_pull": True, "pull_author": "quorum[bot]", "head_sha": HEAD, **parts}
    return event(name, action, **values)


STORIES = [
    ("a workflow on our branch ends", ended(), (), ["tend:5:8"]),
    ("one that names no pull request", ended(pulls=()), (8, 9), ["tend:5:8", "tend:5:9"]),
    ("a workflow on a person's branch ends", ended(branches=("topic",)), (), []),
    ("it begins", ended(action="requested"), (), []),
    ("a check run of others", ended("check_run", check_app_id=7), (), ["tend:5:8"]),
    ("a check run of our own", ended("check_run", check_app_id=42), (), []),
    ("a status", ended("status", None), (8,), ["tend:5:8"]),
    ("a workflow on the default branch ends", ended(branches=("main",)), (), ["watch:5"]),
    ("a person reviews our pull request", pull("pull_request_review", "submitted"), (), ["tend:5:8"]),
    ("a bot reviews it", pull("pull_request_review", "submitted", sender_type="Bot"), (), []),
    ("a person reviews a person's", pull("pull_request_review", "submitted", pull_author="ada"), (), []),
    ("ours is closed", pull("pull_request", "closed", sender_type="Bot"), (), ["tend:5:8"]),
    ("a person's is closed", pull("pull_request", "closed", pull_author="ada"), (), []),
    ("a base branch moves", event("push", None, branch="main", before_sha=HEAD), (8,), ["tend:5:0"]),
    ("one that nothing goes into", event("push", None, branch="main", before_sha=HEAD), (), []),
]


@pytest.mark.parametrize(("told", "known", "keys"), [each[1:] for each in STORIES], ids=[each[0] for each in STORIES])
def test_who_is_asked_to_look(told, known, keys):
    found = [request.dedupe_key for request in route(told, APP, known)]
    assert [key for key in found if key.startswith(("tend:", "watch:"))] == keys


def test_what_is_done_for_an_issue_is_done_in_turn_with_the_work_on_it():
    wish = amend_request(REPO, 8, 3, "checks", HEAD, {"head": HEAD})
    assert wish.serial_key == "issue:5:3"
    assert wish.dedupe_key == f"{amend_key(REPO, 8, 'checks')}{HEAD}"
    assert (wish.dedupe_until, wish.head_sha, wish.cause["need"]) == ("forever", HEAD, "checks")
    assert amend_request(REPO, 8, 3, "review", "17", {}).head_sha is None, "a review is for any head"


def test_branches_are_read_wherever_an_event_names_them():
    body = {"repository": {"default_branch": "main"}}
    check = {"check_run": {"check_suite": {"head_branch": "a"}, "head_sha": HEAD}}
    assert parse_event("check_run", "d", {**body, **check}).branches == ("a",)
    assert parse_event("workflow_run", "d", {**body, "workflow_run": {"head_branch": "a"}}).branches == ("a",)
    status = {"context": "ci", "branches": [{"name": "a"}, {"name": "b"}], "sha": HEAD}
    assert parse_event("status", "d", {**body, **status}).branches == ("a", "b")


def test_when_an_issue_was_changed_is_read_if_it_can_be():
    assert parse_event("issues", "d", {"issue": {"updated_at": "1970-01-01T00:01:00Z"}}).at == 60.0
    assert parse_event("issues", "d", {"issue": {"updated_at": "yesterday"}}).at is None
