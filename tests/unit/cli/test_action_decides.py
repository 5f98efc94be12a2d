"""What the Action does for an event, and what it may: a stranger's code is never beside a secret and executed."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli.action.deciding import Look, Nothing, Refusal, decide, no_model, refuse_checkout, unfit
from app.cli.action.event import read_pull_event
from app.cli.action.job import Job
from app.cli.action.solving import wanted

PULL = {
    "number": 7,
    "title": "Write",
    "body": None,
    "state": "open",
    "head": {"sha": "1" * 40, "ref": "x", "repo": {"id": 5}},
    "base": {"ref": "main", "sha": "2" * 40},
}
OURS = {"id": 5, "name": "shop", "owner": {"login": "mona"}}


def event(**changes: Any) -> bytes:
    return json.dumps({"action": "opened", "pull_request": {**PULL, **changes}, "repository": OURS}).encode()


OWN = read_pull_event(event())
FORK = read_pull_event(event(head={**PULL["head"], "repo": {"id": 6}}))
GONE = read_pull_event(event(head={**PULL["head"], "repo": None}))


def test_what_is_needed_of_an_event_is_read_and_the_rest_left_alone():
    assert (OWN.repo.full_name, OWN.repo.id, OWN.number, OWN.body, OWN.head) == ("mona/shop", 5, 7, "", "1" * 40)
    assert [each.from_fork for each in (OWN, FORK, GONE)] == [False, True, True]


@pytest.mark.parametrize("told", [b"", b"{}", b"[]", event(number=0), event(head={**PULL["head"], "sha": "HEAD"})])
def test_an_event_of_something_else_is_told(told: bytes):
    with pytest.raises(ValueError, match="tells of no pull request"):
        read_pull_event(told)


@pytest.mark.parametrize(
    ("name", "pull", "actor", "has_model", "expected"),
    [
        ("pull_request", OWN, "mona", True, (True, "")),
        ("pull_request", FORK, "eve", True, (False, "")),
        ("pull_request", FORK, "eve", False, (True, "a fork")),
        ("pull_request", GONE, "eve", False, (True, "a fork")),
        ("pull_request", OWN, "dependabot[bot]", False, (True, "Dependabot")),
        ("pull_request", OWN, "dependabot[bot]", True, (True, "")),
        ("pull_request_target", OWN, "mona", True, (False, "")),
        ("pull_request_target", FORK, "eve", True, (False, "")),
    ],
)
def test_what_is_looked_at_and_how(name, pull, actor, has_model, expected):
    decision = decide(name, pull, actor, missing="" if has_model else "ANTHROPIC_API_KEY")
    assert isinstance(decision, Look)
    assert (decision.executes, bool(decision.unjudged)) == (expected[0], bool(expected[1]))
    assert expected[1] in decision.unjudged


@pytest.mark.parametrize(
    ("decision", "remedy"),
    [
        (
            decide("pull_request", OWN, "mona", missing="OPENAI_API_KEY"),
            "openai-api-key: ${{ secrets.OPENAI_API_KEY }}",
        ),
        (decide("pull_request_target", FORK, "mona", missing="GEMINI_API_KEY"), "gemini-api-key: ${{"),
        (no_model("AWS_REGION"), "`env:`"),
        (unfit("push"), "on `pull_request`"),
        (unfit("workflow_run"), "on `pull_request`"),
        (unfit("issue_comment"), "on `pull_request`"),
    ],
)
def test_what_is_a_mistake_of_the_workflow_is_refused(decision, remedy):
    assert isinstance(decision, Refusal)
    assert remedy in decision.remedy


def test_a_merge_queue_is_not_held_up():
    assert isinstance(unfit("merge_group"), Nothing)
    assert [unfit(name) for name in ("pull_request", "pull_request_target")] == [None, None]


def test_nothing_is_done_for_a_closed_one():
    assert isinstance(decide("pull_request", read_pull_event(event(state="closed")), "mona", missing=""), Nothing)


def test_only_a_forks_commit_in_the_workspace_is_refused():
    assert refuse_checkout(FORK, {"3" * 40, FORK.head}) is not None
    assert refuse_checkout(FORK, {"3" * 40}) is None
    assert refuse_checkout(OWN, {OWN.head}) is None


def labelled(name: str = "issues", **changes: Any) -> Job:
    told = {
        "action": "labeled",
        "issue": {"number": 3},
        "label": {"name": "Quorum"},
        "repository": OURS,
        "sender": {"login": "mona", "type": "User"},
    }
    here = Path("/nowhere")
    return Job(name, json.dumps({**told, **changes}).encode(), "https://github.com", "mona", here, here, here, here)


def test_a_label_that_a_person_sets_on_an_issue_begins_work():
    request = wanted(labelled())
    assert request is not None
    assert (request.workflow, request.number, request.repo.full_name) == ("solve", 3, "mona/shop")


@pytest.mark.parametrize(
    "job",
    [
        labelled(sender={"login": "helper[bot]", "type": "Bot"}),
        labelled(label={"name": "bug"}),
        labelled(action="opened"),
        labelled(issue={"number": 3, "pull_request": {"url": "x"}}),
        labelled("pull_request"),
        labelled("issue_comment", action="created", comment={"id": 1, "body": "@quorum go"}),
    ],
)
def test_nothing_else_begins_any(job: Job):
    assert wanted(job) is None
