"""Of a payload that holds a part of every kind, an event takes what belongs to its name and leaves the rest."""

import pytest

from app.policy.errors import EventError
from app.policy.event import Event, parse_event
from app.policy.values import Repo

PULL, RUN, SUITE, GROUP, STATUS, BEFORE, DEPLOYED, ONTO = (digit * 40 for digit in "abcdef01")
REF = f"refs/heads/gh-readonly-queue/main/pr-14-{ONTO}"
EVERYTHING = {
    "action": "done",
    "installation": {"id": 77},
    "repository": {"id": 5, "name": "tally", "owner": {"login": "acme"}, "default_branch": "trunk"},
    "sender": {"login": "ada", "type": "User"},
    "issue": {"number": 11},
    "pull_request": {"number": 12, "head": {"sha": PULL}, "base": {"ref": "main"}, "merged": True},
    "check_run": {
        "head_sha": RUN,
        "name": "quorum/gate",
        "external_id": "pull-13/x",
        "app": {"id": 42},
        "pull_requests": [{"number": 13, "base": {"repo": {"id": 5}}}, {"number": 99, "base": {"repo": {"id": 6}}}],
    },
    "check_suite": {"head_sha": SUITE, "app": {"id": 43}, "pull_requests": []},
    "merge_group": {"head_sha": GROUP, "head_ref": REF, "base_ref": "refs/heads/main"},
    "comment": {"id": 15, "body": "@quorum help"},
    "label": {"name": "quorum"},
    "changes": {"base": {"ref": {"from": "main"}}},
    "sha": STATUS,
    "context": "ci",
    "ref": "refs/heads/topic",
    "before": BEFORE,
    "requested_action": {"identifier": "again"},
    "deployment": {"sha": DEPLOYED, "environment": "prod"},
    "deployment_status": {"state": "success"},
    "environment": "staging",
    "deployment_callback_url": "https://api.github.com/repos/acme/tally/actions/runs/16/deployment_protection_rule",
}
COMMON = {
    "delivery_id": "d1",
    "action": "done",
    "installation_id": 77,
    "repo": Repo(77, 5, "acme", "tally"),
    "sender_login": "ada",
    "sender_type": "User",
    "default_branch": "trunk",
}
OF_PULL = {
    "number": 12,
    "is_pull": True,
    "head_sha": PULL,
    "base_ref": "main",
    "base_changed": True,
    "merged": True,
}
OF_RUN = {
    "number": 13,
    "is_pull": True,
    "head_sha": RUN,
    "check_app_id": 42,
    "check_external_id": "pull-13/x",
    "check_name": "quorum/gate",
    "pulls": (13,),
    "requested_action": "again",
}
TAKEN = {
    "ping": {},
    "repository": {},
    "label": {},
    "issues": {"number": 11, "label": "quorum"},
    "issue_comment": {"number": 11, "comment_id": 15, "comment_body": "@quorum help"},
    "pull_request": {**OF_PULL, "label": "quorum"},
    "pull_request_review": OF_PULL,
    "check_run": OF_RUN,
    "check_suite": {"head_sha": SUITE, "check_app_id": 43, "requested_action": "again"},
    "merge_group": {"number": 14, "head_sha": GROUP, "base_ref": "main", "head_ref": REF},
    "status": {"head_sha": STATUS, "context": "ci"},
    "push": {"branch": "topic", "before_sha": BEFORE},
    "deployment": {"environment": "prod", "deployed_sha": DEPLOYED},
    "deployment_status": {"environment": "prod", "deployed_sha": DEPLOYED, "deployment_state": "success"},
    "deployment_protection_rule": {"environment": "staging", "deployed_sha": DEPLOYED, "workflow_run_id": 16},
}


def without(key):
    return {name: value for name, value in EVERYTHING.items() if name != key}


@pytest.mark.parametrize("name", TAKEN)
def test_each_event_takes_what_is_its_own(name):
    assert parse_event(name, "d1", EVERYTHING) == Event(name=name, **{**COMMON, **TAKEN[name]})


def test_what_an_event_falls_back_upon():
    asked = parse_event("deployment_protection_rule", "d1", without("deployment"))
    assert (asked.deployed_sha, asked.environment) == (STATUS, "staging")
    asked = parse_event("deployment_protection_rule", "d1", without("environment"))
    assert (asked.deployed_sha, asked.environment) == (DEPLOYED, "prod")
    assert parse_event("pull_request", "d1", without("changes")).base_changed is False
    assert parse_event("issue_comment", "d1", {**EVERYTHING, "issue": {"number": 1, "pull_request": {}}}).is_pull
    assert parse_event("push", "d1", {**EVERYTHING, "before": "0" * 40}).before_sha is None


def test_a_number_may_be_nought():
    assert parse_event("issue_comment", "d1", {**EVERYTHING, "comment": {"id": 0}}).comment_id == 0


@pytest.mark.parametrize("part", ["id", "name", "owner"])
def test_a_repository_that_lacks_a_part_is_none(part):
    repository = {key: value for key, value in EVERYTHING["repository"].items() if key != part}
    payloads = [{**EVERYTHING, "repository": repository}, {**EVERYTHING, "repository": {**repository, part: None}}]

    assert [parse_event("ping", "d1", each).repo for each in payloads] == [None, None]
    assert parse_event("ping", "d1", without("installation")).repo is None


@pytest.mark.parametrize(
    ("name", "changes", "path", "told"),
    [
        ("issues", {"issue": [1]}, "issue", "should be an object but is list"),
        ("check_run", {"check_run": {"pull_requests": {}}}, "check_run.pull_requests", "should be a list but is dict"),
        ("check_run", {"check_run": {"pull_requests": ["x"]}}, "check_run.pull_requests[0]", "an object but is str"),
        ("issues", {"action": 3}, "action", "should be text but is int"),
        ("issues", {"issue": {"number": True}}, "issue.number", "should be a number from 0 but is bool"),
        ("issues", {"issue": {"number": -1}}, "issue.number", "should be a number from 0 but is int"),
        ("pull_request", {"pull_request": {"merged": "yes"}}, "pull_request.merged", "true or false but is str"),
        ("push", {"before": "HEAD"}, "before", "should be a commit id of 40 hexadecimal digits but is str"),
    ],
)
def test_what_is_odd_is_told_with_its_place_and_what_stands_there(name, changes, path, told):
    with pytest.raises(EventError) as caught:
        parse_event(name, "d1", {**EVERYTHING, **changes})
    assert caught.value.path == path
    assert str(caught.value).startswith(f"the payload's `{path}` should be")
    assert told in str(caught.value)
    assert caught.value.expected in told
