"""Workflows that wait for an environment: who is asked, whose answer counts, and what comes of it."""

import pytest

ASKED = {"environment_name": "prod"}


@pytest.fixture
def prod(stage):
    """An environment whose rule is the App's, which hears of it; its address."""
    stage.app.subscriptions = frozenset(["deployment_protection_rule", "deployment_status"])
    stage.ask("PUT", "environments/prod", stage.person, {})
    rule = {"integration_id": stage.app.id}
    assert stage.ask("POST", "environments/prod/deployment_protection_rules", stage.person, rule).status_code == 201
    return "environments/prod"


def deploy(stage, **more):
    return stage.control("deploys", {"login": "ada", "repository": "ada/engine", "environment": "prod", **more})


def answer(stage, run, token=None, **said):
    token = token or stage.token(deployments="write")
    return stage.ask("POST", f"actions/runs/{run}/deployment_protection_rule", token, {**ASKED, **said})


def pending(stage, run):
    found = stage.ask("GET", f"actions/runs/{run}/pending_deployments", stage.token(actions="read")).json()
    return [each["environment"]["name"] for each in found]


def states(stage):
    (deployment,) = stage.ask("GET", "deployments?environment=prod", stage.person).json()
    listed = stage.ask("GET", f"deployments/{deployment['id']}/statuses", stage.person).json()
    return [each["state"] for each in listed]


def test_the_app_is_asked_and_its_approval_lets_the_run_go_on(stage, receiver, prod):
    sha = stage.pushed()
    run = deploy(stage)["run"]
    told = receiver.next().payload
    assert (told["action"], told["environment"], told["deployment"]["sha"]) == ("requested", "prod", sha)
    assert told["deployment_callback_url"].endswith(f"/actions/runs/{run}/deployment_protection_rule")
    assert pending(stage, run) == ["prod"]
    assert answer(stage, run, state="approved", comment="Approved.").status_code == 204
    assert pending(stage, run) == []
    assert deploy(stage, run=run)["answers"] == [
        {"environment": "prod", "app_id": stage.app.id, "state": "approved", "comment": "Approved."}
    ]
    assert states(stage) == ["success", "in_progress"]


def test_a_refusal_ends_the_run(stage, prod):
    stage.pushed()
    run = deploy(stage)["run"]
    assert answer(stage, run, state="rejected").status_code == 204
    shown = stage.ask("GET", f"actions/runs/{run}", stage.person).json()
    assert (shown["status"], shown["conclusion"]) == ("completed", "failure")
    assert states(stage) == ["failure"]


def test_a_comment_alone_decides_nothing(stage, prod):
    stage.pushed()
    run = deploy(stage)["run"]
    assert answer(stage, run, comment="Looking.").status_code == 204
    assert pending(stage, run) == ["prod"]


def test_nobody_else_may_answer_and_nobody_twice(stage, prod):
    stage.pushed()
    run = deploy(stage)["run"]
    assert answer(stage, run, stage.token(actions="read"), state="approved").status_code == 403
    assert answer(stage, run, stage.person, state="approved").status_code == 422
    assert answer(stage, run, state="approved", comment="a" * 1025).status_code == 422
    assert answer(stage, run, state="approved").status_code == 204
    assert answer(stage, run, state="approved").status_code == 422


def test_names_of_environments_know_no_case(stage, prod):
    stage.pushed()
    run = deploy(stage, environment="PROD")["run"]
    assert pending(stage, run) == ["prod"]


def test_an_environment_without_a_rule_is_not_waited_for(stage):
    stage.pushed()
    assert deploy(stage, environment="staging")["status"] == "in_progress"


def test_a_job_that_is_run_again_asks_again(stage, prod):
    stage.pushed()
    run = deploy(stage)["run"]
    answer(stage, run, state="rejected")
    deploy(stage, run=run, again=True)
    assert pending(stage, run) == ["prod"]
    assert stage.ask("GET", f"actions/runs/{run}", stage.person).json()["run_attempt"] == 2


def test_a_success_puts_the_one_before_it_out_of_use(stage):
    stage.pushed()
    for _ in range(2):
        deploy(stage, run=deploy(stage)["run"])
    newest, older = stage.ask("GET", "deployments", stage.person).json()
    first = stage.ask("GET", f"deployments/{newest['id']}/statuses", stage.person).json()
    second = stage.ask("GET", f"deployments/{older['id']}/statuses", stage.person).json()
    assert [each["state"] for each in first] == ["success"]
    assert [each["state"] for each in second] == ["inactive", "success"]


def test_the_pull_request_that_brought_a_commit_is_named(stage):
    stage.pushed()
    number, head = stage.pull()
    opened = stage.ask("GET", f"commits/{head}/pulls", stage.person).json()
    assert [each["number"] for each in opened] == [number]
    landed = stage.ask("PUT", f"pulls/{number}/merge", stage.person, {"merge_method": "squash"}).json()["sha"]
    (found,) = stage.ask("GET", f"commits/{landed}/pulls", stage.person).json()
    assert (found["number"], found["merge_commit_sha"]) == (number, landed)
    assert stage.ask("GET", "commits/main~1/pulls", stage.person).json() == []
