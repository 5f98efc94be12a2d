"""Which runs an event asks for: one line an event, as a story would tell it."""

import pytest

from app.policy.checks import check_name, external_id, perspective_of, pull_of
from app.policy.deploy_requests import deploy_request, land_request
from app.policy.event import Event
from app.policy.own_app import App
from app.policy.routes import route
from app.policy.values import Repo, Sha
from app.policy.work_requests import recheck_request, review_request, sweep_requests

APP = App(42, "quorum")
REPO = Repo(77, 5, "acme", "tally")
HEAD = Sha("a" * 40)
LAND = land_request(REPO, "main", {}).dedupe_key
DEPLOY = deploy_request(REPO, 9, "prod", {}).dedupe_key
PEOPLE = {"sender_login": "ada", "sender_type": "User"}


def event(name, action, **parts):
    values = {"delivery_id": "d1", "repo": REPO, "installation_id": 77, **PEOPLE, **parts}
    return Event(name=name, action=action, **values)


def pull(action, **parts):
    return event("pull_request", action, **{"number": 8, "is_pull": True, "head_sha": HEAD, **parts})


def comment(body="@quorum review", action="created", **parts):
    return event("issue_comment", action, **{"number": 8, "comment_id": 9, "comment_body": body, **parts})


def check(action, name="check_run", **parts):
    return event(name, action, **{"check_app_id": 42, "head_sha": HEAD, "number": 8, "pulls": (8,), **parts})


def pushed(**parts):
    return event("push", None, **{"branch": "main", "default_branch": "main", "before_sha": HEAD, **parts})


def asked(**parts):
    values = {"environment": "prod", "workflow_run_id": 9, "deployed_sha": HEAD, **parts}
    return event("deployment_protection_rule", "requested", **values)


def merge_group(action="checks_requested", **parts):
    ref = f"refs/heads/gh-readonly-queue/main/pr-8-{'b' * 40}"
    return event("merge_group", action, **{"head_ref": ref, "base_ref": "main", "head_sha": HEAD, **parts})


def keys(*args):
    return [request.dedupe_key for request in route(*args)]


STORIES = [
    ("an issue gets the label", event("issues", "labeled", number=3, label="quorum"), ["solve:5:3"]),
    ("the label in capitals", event("issues", "labeled", number=3, label="Quorum"), ["solve:5:3"]),
    ("another label", event("issues", "labeled", number=3, label="bug"), []),
    ("a pull request gets the label", event("issues", "labeled", number=3, label="quorum", is_pull=True), []),
    ("a bot sets the label", event("issues", "labeled", number=3, label="quorum", sender_type="Bot"), []),
    ("an unknown sender sets the label", event("issues", "labeled", number=3, label="quorum", sender_type=None), []),
    ("an issue is opened", event("issues", "opened", number=3, label="quorum"), []),
    ("an issue is closed", event("issues", "closed", number=3), []),
    ("the label is taken off", event("issues", "unlabeled", number=3, label="quorum"), []),
    ("a merge group asks for checks", merge_group(), [f"group:5:{HEAD}"]),
    ("a merge group is of another base", merge_group(base_ref="next"), []),
    ("a merge group has a strange branch", merge_group(head_ref=None), []),
    ("a merge group has no commit", merge_group(head_sha=None), []),
    ("a merge group is taken away", merge_group("destroyed"), []),
    ("a pull request is opened", pull("opened"), [f"review:5:8:{HEAD}", "recheck:5:8"]),
    ("one is opened by our own bot", pull("opened", sender_login="quorum[bot]", sender_type="Bot"),
     [f"review:5:8:{HEAD}", "recheck:5:8"]),
    ("one is opened by another bot", pull("opened", sender_login="dependabot[bot]", sender_type="Bot"),
     [f"review:5:8:{HEAD}", "recheck:5:8"]),
    ("one gets a push", pull("synchronize"), [f"review:5:8:{HEAD}", "recheck:5:8"]),
    ("one gets our own push", pull("synchronize", sender_login="quorum[bot]"), [f"review:5:8:{HEAD}", "recheck:5:8"]),
    ("one is opened again", pull("reopened"), [f"review:5:8:{HEAD}", "recheck:5:8"]),
    ("one is ready", pull("ready_for_review"), [f"review:5:8:{HEAD}", "recheck:5:8"]),
    ("one goes back to draft", pull("converted_to_draft"), ["recheck:5:8"]),
    ("one is closed", pull("closed"), ["recheck:5:8", "settle:5:8"]),
    ("one is merged", pull("closed", merged=True, base_ref="main"), ["recheck:5:8", "settle:5:8", LAND]),
    ("the default branch gets a push", pushed(), [LAND]),
    ("another branch gets a push", pushed(branch="topic"), []),
    ("a tag is pushed", pushed(branch=None), []),
    ("a workflow asks to deploy", asked(), [DEPLOY]),
    ("it asks to deploy to the same by another name", asked(environment="PROD"), [DEPLOY]),
    ("it does not say which run it is", asked(workflow_run_id=None), []),
    ("something was deployed", event("deployment_status", "created", environment="prod"), []),
    ("one gets a label", pull("labeled", label="bug"), ["recheck:5:8:small"]),
    ("one gets a label of our own", pull("labeled", label="bug", sender_login="quorum[bot]"), []),
    ("one loses a label", pull("unlabeled"), ["recheck:5:8:small"]),
    ("one gets another title", pull("edited"), ["recheck:5:8:small"]),
    ("one gets another base", pull("edited", base_changed=True), [f"review:5:8:{HEAD}:d1", "recheck:5:8"]),
    ("one is assigned", pull("assigned"), []),
    ("the head is not known", pull("opened", head_sha=None), ["review:5:8:unknown", "recheck:5:8"]),
    ("somebody writes to us", comment(), ["converse:5:9"]),
    ("somebody asks in words", comment("What do you say, @Quorum?"), ["converse:5:9"]),
    ("somebody uses a slash", comment("/review"), ["converse:5:9"]),
    ("somebody writes to somebody else", comment("@quorum-two review"), []),
    ("a comment is empty", comment(None), []),
    ("a comment is edited", comment(action="edited"), []),
    ("a comment is deleted", comment(action="deleted"), []),
    ("we write ourselves", comment(sender_login="quorum[bot]", sender_type="Bot"), []),
    ("we write under the name of a user", comment(sender_login="quorum[bot]"), []),
    ("another bot writes", comment(sender_login="other[bot]", sender_type="Bot"), []),
    ("a check is re-run", check("rerequested", check_name="quorum/security"), [f"review:5:8:{HEAD}:d1"]),
    ("the gate is re-run", check("rerequested", check_name="quorum/gate"), ["recheck:5:8"]),
    ("all checks are re-run", check("rerequested", "check_suite"), [f"review:5:8:{HEAD}:d1"]),
    ("two pull requests share the head", check("rerequested", "check_suite", pulls=(8, 9)),
     [f"review:5:8:{HEAD}:d1", f"review:5:9:{HEAD}:d1"]),
    ("a fork's check is re-run", check("rerequested", pulls=(), number=None, check_external_id="pull-12/x"),
     [f"review:5:12:{HEAD}:d1"]),
    ("another app's check is re-run", check("rerequested", check_app_id=43), []),
    ("a bot re-runs a check", check("rerequested", sender_type="Bot"), []),
    ("our own check is created", check("created"), []),
    ("our own check is completed", check("completed"), []),
    ("a suite is requested", check("requested", "check_suite"), []),
    ("a button of a perspective is pressed", check("requested_action", requested_action="fix"), ["converse:5:d1"]),
    ("a button is pressed", check("requested_action", requested_action="explain"), ["converse:5:d1"]),
    ("a button without a name", check("requested_action"), []),
    ("another app's button", check("requested_action", requested_action="x", check_app_id=43), []),
    ("no repository", event("issues", "labeled", number=3, label="quorum", repo=None), []),
    ("an event of another kind", event("push", None), []),
]  # fmt: skip


@pytest.mark.parametrize(("story", "happened", "expected"), STORIES, ids=[story[0] for story in STORIES])
def test_what_an_event_asks_for(story, happened, expected):
    assert keys(happened, APP) == expected


def test_a_delivery_that_comes_twice_asks_for_the_same():
    for _, happened, _ in STORIES:
        assert route(happened, APP) == route(happened, APP)


def test_the_four_kinds_of_run_differ_in_priority_serial_key_and_memory():
    solve = route(event("issues", "labeled", number=3, label="quorum"), APP)[0]
    review, recheck = route(pull("synchronize"), APP)
    converse = route(comment(), APP)[0]

    assert (solve.workflow, solve.dedupe_until, solve.serial_key, solve.priority) == (
        "solve",
        "finished",
        "issue:5:3",
        100,
    )
    assert (review.workflow, review.dedupe_until, review.serial_key) == ("review", "forever", "review:5:8")
    assert (review.priority, review.head_sha, review.number) == (50, HEAD, 8)
    assert (recheck.workflow, recheck.dedupe_until, recheck.serial_key) == ("recheck", "started", "recheck:5:8")
    assert recheck.priority == 20
    assert (converse.workflow, converse.dedupe_until, converse.priority) == ("converse", "forever", 10)


def test_a_cause_says_where_to_look_and_holds_no_text_of_the_comment():
    request = route(comment("@quorum help, and a secret"), APP)[0]

    assert request.cause == {"event": "issue_comment.created", "delivery": "d1", "sender": "ada", "comment_id": 9}


def test_case_36_only_the_perspective_that_was_asked_for_is_run_again():
    one = route(check("rerequested", check_name="quorum/security"), APP)[0]
    every = route(check("rerequested", "check_suite"), APP)[0]

    assert (one.cause["only"], every.cause["only"]) == ("security", None)


def test_a_second_rerun_is_another_review_and_a_repeated_delivery_is_not():
    first, repeated = check("rerequested"), check("rerequested")
    second = check("rerequested", delivery_id="d2")

    assert keys(first, APP) == keys(repeated, APP)
    assert keys(first, APP) != keys(second, APP)


def test_pull_requests_of_a_fork_are_found_through_what_the_caller_knows():
    forked = check("rerequested", "check_suite", pulls=(), number=None)

    assert keys(forked, APP) == []
    assert keys(forked, APP, (8, 8)) == [f"review:5:8:{HEAD}:d1"]


def test_case_35_the_sweep_asks_for_what_lost_events_would_have_asked_for():
    swept = sweep_requests(REPO, [3], [(8, HEAD)])
    told = [*route(event("issues", "labeled", number=3, label="quorum"), APP), *route(pull("synchronize"), APP)]

    assert [request.dedupe_key for request in swept] == [request.dedupe_key for request in told]
    assert [request.serial_key for request in swept] == [request.serial_key for request in told]


def test_a_run_asks_under_the_keys_of_events_unless_it_names_a_cause():
    review, recheck = route(pull("synchronize"), APP)

    assert review_request(REPO, 8, HEAD).dedupe_key == review.dedupe_key
    assert recheck_request(REPO, 8).dedupe_key == recheck.dedupe_key
    apart = recheck_request(REPO, 8, cause="run-1-end")
    assert (apart.dedupe_key, apart.dedupe_until, apart.serial_key) == (
        "recheck:5:8:run-1-end",
        "forever",
        "recheck:5:8",
    )
    assert review_request(REPO, 8, HEAD, cause="run-1").dedupe_key == f"review:5:8:{HEAD}:run-1"


def test_a_check_is_named_after_its_perspective_and_remembers_its_pull_request():
    assert perspective_of(check_name("security")) == "security"
    assert [perspective_of(name) for name in ("quorum/gate", "ci/test", "quorum/", None)] == [None] * 4
    assert pull_of(external_id(12, "run-1/security")) == 12
    assert [pull_of(text) for text in ("pull-0/x", "pull-x/", "xpull-1/", "", None)] == [None] * 5


def test_a_deployment_is_asked_for_by_run_and_environment_and_named_whole_in_its_cause():
    (request,) = route(asked(environment="x" * 255), APP)
    assert (request.cause["workflow_run"], request.cause["environment"]) == (9, "x" * 255)
    assert (request.head_sha, request.number) == (HEAD, 0)
    assert len(request.dedupe_key) < 255
    assert request.dedupe_key != deploy_request(REPO, 9, "staging", {}).dedupe_key
    assert request.dedupe_key != deploy_request(REPO, 10, "x" * 255, {}).dedupe_key


def test_a_landing_remembers_where_the_push_began():
    (request,) = route(pushed(), APP)
    assert (request.cause["branch"], request.cause["before"]) == ("main", HEAD)
    assert request.dedupe_key != land_request(REPO, "next", {}).dedupe_key
