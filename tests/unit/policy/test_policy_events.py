"""From payload to event: what is absent is None, what is odd is an error with its path, and nothing else is raised."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.errors import EventError
from app.policy.event import Event, parse_event
from app.policy.own_app import App
from app.policy.routes import route
from app.policy.values import Repo

SHA = "0123456789abcdef0123456789abcdef01234567"
COMMON = {
    "installation": {"id": 77},
    "repository": {"id": 5, "name": "tally", "owner": {"login": "acme"}},
    "sender": {"login": "ada", "type": "User"},
}
EVENTS = [
    "issues",
    "issue_comment",
    "pull_request",
    "pull_request_review",
    "check_run",
    "check_suite",
    "push",
    "merge_group",
    "ping",
]


def read(name, **parts):
    return parse_event(name, "delivery-1", {**COMMON, **parts})


def test_a_labelled_issue():
    event = read("issues", action="labeled", issue={"number": 3}, label={"name": "quorum"})

    assert event.repo == Repo(77, 5, "acme", "tally")
    assert (event.installation_id, event.sender_login, event.sender_type) == (77, "ada", "User")
    assert (event.delivery_id, event.name, event.action) == ("delivery-1", "issues", "labeled")
    assert (event.number, event.is_pull, event.label) == (3, False, "quorum")


def test_a_comment_on_a_pull_request():
    issue = {"number": 4, "pull_request": {"url": "https://example.com"}}
    event = read("issue_comment", action="created", issue=issue, comment={"id": 9, "body": "@quorum help"})

    assert (event.number, event.is_pull, event.comment_id, event.comment_body) == (4, True, 9, "@quorum help")


def test_a_pull_request_that_moved_to_another_base():
    pull = {"number": 8, "head": {"sha": SHA}, "base": {"ref": "release"}, "merged": True}
    event = read("pull_request", action="edited", pull_request=pull, changes={"base": {"ref": {"from": "main"}}})

    assert (event.number, event.is_pull, event.head_sha, event.base_ref) == (8, True, SHA, "release")
    assert (event.base_changed, event.merged) == (True, True)


def test_a_merge_group_is_named_by_its_branch():
    ref = f"refs/heads/gh-readonly-queue/main/pr-104-{SHA}"
    group = {"head_sha": SHA[::-1], "head_ref": ref, "base_ref": "refs/heads/main", "base_sha": SHA}
    event = read("merge_group", action="checks_requested", merge_group=group)

    assert (event.number, event.head_sha, event.base_ref, event.head_ref) == (104, SHA[::-1], "main", ref)
    assert not event.is_pull
    strange = read("merge_group", action="checks_requested", merge_group={**group, "head_ref": "refs/heads/main"})
    assert (strange.number, strange.head_ref) == (None, None)


def test_a_check_run_names_only_the_pull_requests_of_its_own_repository():
    pulls = [
        {"number": 6, "base": {"repo": {"id": 5}}},
        {"number": 66, "base": {"repo": {"id": 999}}},
        {"number": 7},
    ]
    check = {
        "head_sha": SHA,
        "name": "quorum/gate",
        "external_id": "pull-6/x",
        "app": {"id": 42},
        "pull_requests": pulls,
    }
    event = read("check_run", action="requested_action", check_run=check, requested_action={"identifier": "explain"})

    assert (event.check_app_id, event.check_name, event.check_external_id) == (42, "quorum/gate", "pull-6/x")
    assert (event.head_sha, event.pulls, event.number, event.requested_action) == (SHA, (6, 7), 6, "explain")


@pytest.mark.parametrize("name", EVENTS)
def test_an_empty_payload_is_an_event_of_which_nothing_is_known(name):
    assert parse_event(name, "d", {}) == Event("d", name)


@pytest.mark.parametrize("gone", ["installation", "repository"])
def test_without_an_installation_or_a_repository_there_is_nothing_to_act_on(gone):
    assert parse_event("issues", "d", {key: part for key, part in COMMON.items() if key != gone}).repo is None


def test_deleted_people_and_forks_are_null_and_that_is_no_error():
    event = read("pull_request", action="opened", sender=None, pull_request={"number": 1, "head": None, "base": None})

    assert (event.number, event.head_sha, event.sender_login) == (1, None, None)


@pytest.mark.parametrize(
    ("name", "parts", "path"),
    [
        ("issues", {"action": 5}, "action"),
        ("issues", {"issue": []}, "issue"),
        ("issues", {"issue": {"number": "3"}}, "issue.number"),
        ("issues", {"issue": {"number": True}}, "issue.number"),
        ("issues", {"issue": {"number": -1}}, "issue.number"),
        ("issues", {"label": "quorum"}, "label"),
        ("issues", {"repository": {"owner": "acme"}}, "repository.owner"),
        ("issue_comment", {"comment": {"body": {}}}, "comment.body"),
        ("pull_request", {"pull_request": {"head": {"sha": "main"}}}, "pull_request.head.sha"),
        ("pull_request", {"pull_request": {"head": {"sha": SHA + "\n"}}}, "pull_request.head.sha"),
        ("pull_request", {"pull_request": {"merged": "no"}}, "pull_request.merged"),
        ("check_run", {"check_run": {"pull_requests": {}}}, "check_run.pull_requests"),
        ("check_run", {"check_run": {"pull_requests": [{}, {"number": 1.5}]}}, "check_run.pull_requests[1].number"),
    ],
)
def test_what_is_of_another_kind_is_an_error_with_its_path(name, parts, path):
    with pytest.raises(EventError) as caught:
        read(name, **parts)

    assert caught.value.path == path
    assert f"`{path}`" in str(caught.value)


def test_parts_that_another_event_uses_otherwise_are_not_looked_at():
    assert read("push", issue="text", comment=5, pull_request=[], label=1, check_run="x").number is None


keys = st.sampled_from(
    [
        "id",
        "number",
        "name",
        "login",
        "type",
        "sha",
        "head",
        "base",
        "repo",
        "ref",
        "pull_request",
        "app",
        "pull_requests",
        "body",
        "owner",
        "external_id",
        "identifier",
        "merged",
    ]
)
top = st.sampled_from(
    [
        "action",
        "installation",
        "repository",
        "sender",
        "issue",
        "pull_request",
        "comment",
        "label",
        "check_run",
        "check_suite",
        "changes",
        "requested_action",
    ]
)
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(SHA),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
actions = st.sampled_from(["labeled", "created", "opened", "edited", "closed", "rerequested", "requested_action"])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(EVENTS), st.dictionaries(top, json, max_size=8), actions | json)
def test_any_json_object_is_an_event_or_an_event_error_and_can_be_routed(name, body, action):
    for payload in (body, {**COMMON, **body, "action": action}):
        try:
            event = parse_event(name, "d", payload)
        except EventError:
            continue
        requests = route(event, App(1, "quorum"))
        assert all(request.repo == event.repo for request in requests)


def test_a_push_names_its_branch_and_where_it_began():
    body = {"ref": "refs/heads/release/1", "before": SHA, "after": SHA, "deleted": False}
    event = read("push", **body)

    assert (event.branch, event.before_sha, event.action) == ("release/1", SHA, None)
    assert read("push", **{**body, "ref": "refs/tags/v1"}).branch is None
    assert read("push", **{**body, "before": "0" * 40}).before_sha is None


def test_of_a_deployment_s_callback_only_the_run_is_taken():
    deployment = {"sha": SHA, "environment": "prod"}
    place = "https://elsewhere.example/api/v3/repos/a/b/actions/runs/17000000000/deployment_protection_rule"
    body = {"action": "requested", "environment": "prod", "deployment": deployment, "deployment_callback_url": place}
    event = read("deployment_protection_rule", **body)

    assert (event.workflow_run_id, event.environment, event.deployed_sha) == (17_000_000_000, "prod", SHA)
    assert read("deployment_protection_rule", **{**body, "deployment": None, "sha": SHA}).deployed_sha == SHA
    for odd in ("", f"{place}/x", place.replace("17000000000", "../1"), None):
        assert read("deployment_protection_rule", **{**body, "deployment_callback_url": odd}).workflow_run_id is None


def test_a_deployment_status_says_how_it_went_and_where():
    deployment = {"sha": SHA, "environment": "staging"}
    event = read("deployment_status", action="created", deployment=deployment, deployment_status={"state": "success"})

    assert (event.environment, event.deployed_sha, event.deployment_state) == ("staging", SHA, "success")
