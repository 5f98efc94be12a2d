"""Each request to the letter: what runs, on what, how soon, beside what else, and what it is told to look at."""

import pytest

from app.policy.deploy_requests import deploy_request, land_request
from app.policy.event import Event
from app.policy.own_app import App
from app.policy.queue_refs import QueueRef
from app.policy.request import RunRequest
from app.policy.routes import route
from app.policy.tend_requests import tend_request
from app.policy.values import Repo, Sha
from app.policy.work_requests import converse_request, group_request, recheck_request, review_request, sweep_requests

APP = App(42, "quorum")
US = "quorum[bot]"
REPO = Repo(77, 5, "acme", "tally")
HEAD, ONTO = Sha("a" * 40), Sha("b" * 40)
FIX = "2049213f8bc31fdccddef2a0ab53fe883570d4377775bd65c2d5e6590424475d"
"""SHA-256 of `@quorum fix`."""
REF = f"refs/heads/gh-readonly-queue/main/pr-8-{ONTO}"
CAUSE = {"event": "told", "more": 1}


def cause(name, action, sender="ada", **more):
    return {"event": f"{name}.{action}", "delivery": "d1", "sender": sender, **more}


def solve(told, number=8):
    return RunRequest("solve", REPO, number, f"solve:5:{number}", "finished", f"issue:5:{number}", None, 100, told)


def review(told, number=8, head=HEAD, again=""):
    key = f"review:5:{number}:{head or 'unknown'}{again}"
    until = "forever" if head else "finished"
    return RunRequest("review", REPO, number, key, until, f"review:5:{number}", head, 50, told)


def recheck(told, number=8):
    return RunRequest("recheck", REPO, number, f"recheck:5:{number}", "started", f"recheck:5:{number}", None, 20, told)


def tend(branch):
    """All own pull requests into a base branch that moved are looked at."""
    return tend_request(REPO, 0, {"event": "push.None", "delivery": "d1", "branch": branch})


def small(told, number=8):
    key = f"recheck:5:{number}"
    return RunRequest("recheck", REPO, number, f"{key}:small", "started", key, None, 20, {**told, "look": "small"})


def settle(told, number=8):
    key = f"settle:5:{number}"
    return RunRequest("settle", REPO, number, key, "started", key, None, 110, told)


def converse(told, key="9", number=8):
    name = f"converse:5:{key}"
    return RunRequest("converse", REPO, number, name, "forever", f"converse:5:{number}", None, 10, told)


def group(told, again=""):
    key = f"group:5:{HEAD}"
    return RunRequest("group", REPO, 8, f"{key}{again}", "forever", key, HEAD, 15, {**told, "head_ref": REF})


def land(told, number=0, before=None):
    key = "land:5:0d6e4079e36703ebd37c0072"
    return RunRequest("land", REPO, number, key, "started", key, None, 30, {**told, "branch": "main", "before": before})


def deploy(told, head=None):
    key = "deploy:5:9:6754af9632a2745e85c293e5"
    told = {**told, "workflow_run": 9, "environment": "Prod"}
    return RunRequest("deploy", REPO, 0, key, "finished", key, head, 15, told)


def happened(name, action, **parts):
    people = {"sender_login": "ada", "sender_type": "User"}
    return Event(name=name, action=action, **{"delivery_id": "d1", "repo": REPO, "number": 8, **people, **parts})


def ask(name, action, known=(), **parts):
    return route(happened(name, action, **parts), APP, known)


def test_what_a_sweep_asks_for():
    told = {"event": "sweep"}

    assert sweep_requests(REPO, [3], [(8, HEAD)]) == [solve(told, 3), review(told), recheck(told)]


def test_what_a_run_asks_for():
    assert review_request(REPO, 8, HEAD) == review({"event": "run", "cause": ""})
    asked = review_request(REPO, 8, HEAD, cause="c1")
    assert asked == review({"event": "asked", "cause": "c1"}, again=":c1")
    missing = review_request(REPO, 8, HEAD, cause="c1", event="missing")
    assert missing == review({"event": "missing", "cause": "c1"}, again=":c1")
    wished = review_request(REPO, 8, HEAD, cause="c1", sender="ada")
    assert wished == review({"event": "asked", "cause": "c1", "sender": "ada"}, again=":c1")
    assert recheck_request(REPO, 8) == recheck({"event": "run", "cause": ""})
    once = recheck_request(REPO, 8, cause="c1")
    assert (once.dedupe_key, once.dedupe_until) == ("recheck:5:8:c1", "forever")
    assert (once.serial_key, once.cause) == ("recheck:5:8", {"event": "run", "cause": "c1"})
    assert converse_request(REPO, 8, 9) == converse({"event": "sweep", "comment_id": 9})


def test_what_is_asked_for_a_merge_group():
    ref = QueueRef(REF, "main", 8, ONTO)

    assert group_request(REPO, ref, HEAD, CAUSE) == group(CAUSE)
    assert group_request(REPO, ref, HEAD, CAUSE, again="later") == group(CAUSE, ":later")


def test_what_is_asked_for_what_landed_and_what_is_to_be_deployed():
    assert land_request(REPO, "main", CAUSE) == land(CAUSE)
    assert land_request(REPO, "main", CAUSE, number=8, before=ONTO) == land(CAUSE, 8, ONTO)
    assert deploy_request(REPO, 9, "Prod", CAUSE) == deploy(CAUSE)
    assert deploy_request(REPO, 9, "Prod", CAUSE, HEAD) == deploy(CAUSE, HEAD)
    odd = land_request(REPO, "a\ud800", CAUSE).dedupe_key
    assert odd != land_request(REPO, "a", CAUSE).dedupe_key


STORIES = [
    ("labelled", ("issues", "labeled"), {"label": "quorum"}, (), [solve(cause("issues", "labeled"))]),
    ("opened", ("pull_request", "opened"), {"head_sha": HEAD}, (),
     [review(cause("pull_request", "opened")), recheck(cause("pull_request", "opened"))]),
    ("opened at an unknown head", ("pull_request", "opened"), {}, (),
     [review(cause("pull_request", "opened"), head=None), recheck(cause("pull_request", "opened"))]),
    ("relabelled", ("pull_request", "unlabeled"), {}, (), [small(cause("pull_request", "unlabeled"))]),
    ("relabelled by us", ("pull_request", "unlabeled"), {"sender_login": US}, (), []),
    ("reviewed", ("pull_request_review", "submitted"), {}, (), [recheck(cause("pull_request_review", "submitted"))]),
    ("reviewed with a word to us", ("pull_request_review", "submitted"),
     {"comment_id": 9, "comment_body": "@quorum fix"}, (),
     [recheck(cause("pull_request_review", "submitted")),
      converse(cause("pull_request_review", "submitted", comment_id=9, in_review=FIX), "review-9")]),
    ("a word to us in a review that was edited", ("pull_request_review", "edited"),
     {"comment_id": 9, "comment_body": "@quorum fix"}, (), [recheck(cause("pull_request_review", "edited"))]),
    ("reviewed by a bot with a word to us", ("pull_request_review", "submitted"),
     {"comment_id": 9, "comment_body": "@quorum fix", "sender_type": "Bot"}, (), []),
    ("reviewed by a bot", ("pull_request_review", "submitted"), {"sender_type": "Bot"}, (), []),
    ("reviewed by us", ("pull_request_review", "edited"), {"sender_login": US}, (), []),
    ("a review without a number", ("pull_request_review", "dismissed"), {"number": None}, (), []),
    ("pushed to a topic", ("push", None), {"branch": "topic", "default_branch": "main"}, (6, 7),
     [recheck(cause("push", None), 6), recheck(cause("push", None), 7), tend("topic")]),
    ("pushed to the default branch", ("push", None), {"branch": "main", "default_branch": "main", "before_sha": ONTO},
     (6,), [recheck(cause("push", None), 6), land(cause("push", None), before=ONTO), tend("main")]),
    ("pushed, no branch known", ("push", None), {}, (), []),
    ("a status", ("status", None), {"context": "ci"}, (6,), [small(cause("status", None), 6)]),
    ("a status named as the gate", ("status", None), {"context": "Quorum/Gate", "check_name": "ci"}, (6,),
     [recheck(cause("status", None), 6)]),
    ("a status without a name", ("status", None), {}, (6,), [small(cause("status", None), 6)]),
    ("another App's check", ("check_run", "completed"), {"check_app_id": 9, "check_name": "ci", "pulls": (8, 6)},
     (6, 7), [small(cause("check_run", "completed"), each) for each in (8, 6, 7)]),
    ("another App's gate", ("check_run", "created"), {"check_app_id": 9, "check_name": "quorum/gate"}, (6,),
     [recheck(cause("check_run", "created"), 6)]),
    ("our own check", ("check_run", "completed"), {"check_app_id": 42, "check_name": "quorum/gate"}, (6,), []),
    ("a workflow of Actions", ("workflow_run", "completed"), {"pulls": (8,)}, (8, 6),
     [small(cause("workflow_run", "completed"), each) for each in (8, 6)]),
    ("a workflow that has begun", ("workflow_run", "requested"), {"pulls": (8,)}, (6,), []),
    ("nobody's check", ("check_run", "completed"), {"check_app_id": None}, (6,), []),
    ("queued", ("merge_group", "checks_requested"), {"head_ref": REF, "head_sha": HEAD, "base_ref": "main"}, (),
     [group(cause("merge_group", "checks_requested"))]),
    ("queued, base not told", ("merge_group", "checks_requested"), {"head_ref": REF, "head_sha": HEAD}, (),
     [group(cause("merge_group", "checks_requested"))]),
    ("a draft again", ("pull_request", "converted_to_draft"), {}, (),
     [recheck(cause("pull_request", "converted_to_draft"))]),
    ("a draft again by us", ("pull_request", "converted_to_draft"), {"sender_login": US}, (), []),
    ("a draft without a number", ("pull_request", "converted_to_draft"), {"number": None}, (), []),
    ("merged", ("pull_request", "closed"), {"merged": True, "base_ref": "main"}, (),
     [recheck(cause("pull_request", "closed")), settle(cause("pull_request", "closed")),
      land(cause("pull_request", "closed"), 8)]),
    ("merged by us", ("pull_request", "closed"), {"merged": True, "base_ref": "main", "sender_login": US}, (),
     [settle(cause("pull_request", "closed", US)), land(cause("pull_request", "closed", US), 8)]),
    ("merged nobody knows where", ("pull_request", "closed"), {"merged": True}, (),
     [recheck(cause("pull_request", "closed")), settle(cause("pull_request", "closed"))]),
    ("closed", ("pull_request", "closed"), {"base_ref": "main"}, (),
     [recheck(cause("pull_request", "closed")), settle(cause("pull_request", "closed"))]),
    ("merged without a number", ("pull_request", "closed"), {"merged": True, "base_ref": "main", "number": None}, (),
     []),
    ("retitled", ("pull_request", "edited"), {}, (), [small(cause("pull_request", "edited"))]),
    ("another base", ("pull_request", "edited"), {"base_changed": True, "head_sha": HEAD}, (),
     [review(cause("pull_request", "edited"), again=":d1"), recheck(cause("pull_request", "edited"))]),
    ("another base by us", ("pull_request", "edited"), {"base_changed": True, "head_sha": HEAD, "sender_login": US},
     (), [review(cause("pull_request", "edited", US), again=":d1")]),
    ("asked to deploy", ("deployment_protection_rule", "requested"),
     {"workflow_run_id": 9, "environment": "Prod", "deployed_sha": HEAD}, (),
     [deploy(cause("deployment_protection_rule", "requested"), HEAD)]),
    ("asked to deploy nowhere", ("deployment_protection_rule", "requested"), {"workflow_run_id": 9}, (), []),
    ("written to", ("issue_comment", "created"), {"comment_id": 9, "comment_body": "@quorum help"}, (),
     [converse(cause("issue_comment", "created", comment_id=9))]),
    ("written to, no id", ("issue_comment", "created"), {"comment_body": "@quorum help"}, (), []),
    ("written to, no number", ("issue_comment", "created"),
     {"comment_id": 9, "comment_body": "@quorum help", "number": None}, (), []),
    ("re-run", ("check_run", "rerequested"),
     {"check_app_id": 42, "check_name": "quorum/testing", "head_sha": HEAD, "check_external_id": "pull-8/x"}, (),
     [review(cause("check_run", "rerequested", only="testing"), again=":d1")]),
    ("the gate re-run", ("check_run", "rerequested"), {"check_app_id": 42, "check_name": "quorum/gate"}, (6,),
     [recheck(cause("check_run", "rerequested"), 6)]),
    ("all re-run", ("check_suite", "rerequested"), {"check_app_id": 42, "head_sha": HEAD}, (6,),
     [review(cause("check_suite", "rerequested", only=None), 6, again=":d1")]),
    ("a button", ("check_run", "requested_action"),
     {"check_app_id": 42, "requested_action": "again", "check_name": "quorum/gate", "pulls": (8, 6)}, (7,),
     [converse(cause("check_run", "requested_action", requested_action="again", check="quorum/gate"), "d1")]),
    ("a button where others share the head", ("check_run", "requested_action"),
     {"check_app_id": 42, "requested_action": "fix", "check_name": "quorum/api", "pulls": (3, 8),
      "check_external_id": "pull-8/x"}, (3,),
     [converse(cause("check_run", "requested_action", requested_action="fix", check="quorum/api"), "d1")]),
    ("a button on an older head", ("check_run", "requested_action"),
     {"check_app_id": 42, "requested_action": "fix", "check_name": "quorum/api", "pulls": (8,), "head_sha": HEAD}, (),
     [converse(cause("check_run", "requested_action", requested_action="fix", check="quorum/api", head=HEAD), "d1")]),
    ("a button of another App", ("check_run", "requested_action"),
     {"check_app_id": 9, "requested_action": "again", "pulls": (8,)}, (), []),
]  # fmt: skip


@pytest.mark.parametrize(("story", "what", "parts", "known", "expected"), STORIES, ids=[each[0] for each in STORIES])
def test_what_an_event_asks_for(story, what, parts, known, expected):
    assert ask(*what, known, **parts) == expected
