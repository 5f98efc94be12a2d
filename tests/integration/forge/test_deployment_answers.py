"""Answering a protection rule, and reading what became of deployments, on the embedded GitHub."""

import pytest

from app.forge import landed
from app.forge.deployments import answer_rule, has_our_rule, read_pending, read_successes, read_workflow_run
from app.forge.errors import RefusedError
from app.forge.landed import MergedPull, read_merged_pulls
from app.forge.permissions import CHECKS, DEPLOY, READ


@pytest.fixture
def asked(installed):
    """A run that waits for `prod`, whose rule is ours."""
    installed.call("PUT", "environments/prod", {})
    rule = {"integration_id": installed.stage.app_id}
    installed.call("POST", "environments/prod/deployment_protection_rules", rule)
    return deploy(installed, "prod")


def deploy(installed, environment, **more):
    wish = {"login": "mona", "repository": installed.repository.full_name, "environment": environment, **more}
    return installed.mona.call("PUT", f"{installed.stage.github_url}/_emulator/deploys", wish)["run"]


def given(installed, run):
    return [(each["state"], each["comment"]) for each in installed.repository.workflow_runs[run]["answers"]]


async def test_an_answer_is_found_again(installed, asked):
    effect = answer_rule(installed.on(DEPLOY), asked, "Prod", "approved", "All of it was approved.")
    assert await effect.find() is None
    assert await effect.do() == await effect.find() == {"run": asked, "environment": "Prod", "state": "approved"}
    assert given(installed, asked) == [("approved", "All of it was approved.")]


async def test_an_answer_while_others_are_waited_for_is_given_once(installed, asked):
    installed.repository.workflow_runs[asked]["waits_for"]["prod"].append(1)
    effect = answer_rule(installed.on(DEPLOY), asked, "prod", "approved", "Yes.")
    assert await effect.do() == await effect.do()
    assert given(installed, asked) == [("approved", "Yes.")]


async def test_without_the_permission_it_is_refused(installed, asked):
    with pytest.raises(RefusedError, match="not accessible"):
        await answer_rule(installed.on(CHECKS), asked, "prod", "approved", "Yes.").do()
    assert given(installed, asked) == []


async def test_what_waits_and_for_whom_is_read(installed, asked):
    gh = installed.on(DEPLOY)
    assert await read_pending(gh, asked) == ["prod"]
    assert await read_pending(gh, 1) == []
    assert await has_our_rule(gh, "prod")
    assert not await has_our_rule(gh, "nowhere")
    installed.repository.environments["prod"]["rules"].clear()
    assert not await has_our_rule(gh, "prod")
    run = await read_workflow_run(gh, asked)
    assert (run.attempt, run.head_sha, run.head_branch) == (1, installed.git("rev-parse", "main"), "main")


async def test_successes_are_read_and_failures_are_not(installed):
    gh, sha = installed.on(DEPLOY), installed.git("rev-parse", "main")
    assert await read_successes(gh, "staging") == []
    deploy(installed, "staging", run=deploy(installed, "staging"), state="failure")
    assert await read_successes(gh, "staging") == []
    for _ in range(2):
        deploy(installed, "staging", run=deploy(installed, "staging"))
    found = await read_successes(gh, "staging")
    assert [each.sha for each in found] == [sha, sha], "also one that another took the place of"


async def test_the_pull_request_of_a_commit_is_the_one_that_was_merged_as_it_into_this_branch(installed):
    base = installed.git("rev-parse", "main")
    head = installed.commit({"a.txt": b"changed\n"}, base, branch="topic")
    number = installed.call("POST", "pulls", {"head": "topic", "base": "main", "title": "Topic"})["number"]
    gh = installed.on(READ)
    assert await read_merged_pulls(gh, "main", [head]) == {}, "it is open"
    landed = installed.call("PUT", f"pulls/{number}/merge", {})["sha"]
    assert await read_merged_pulls(gh, "main", [base, landed]) == {landed: MergedPull(number, head)}
    assert await read_merged_pulls(gh, "next", [landed]) == {}
    assert await read_merged_pulls(gh, "main", ["1" * 40]) == {}


async def test_as_many_closed_pull_requests_are_listed_as_there_are_commits(installed, monkeypatch):
    """The newest are no help to who comes back after a week; of what is not listed each commit is asked for."""
    monkeypatch.setattr(landed, "_PAGE", 2)
    base = installed.git("rev-parse", "main")
    wanted = {}
    for name in ("one", "two", "three", "four"):
        head = installed.commit({f"{name}.txt": b"new\n"}, base, branch=name)
        number = installed.call("POST", "pulls", {"head": name, "base": "main", "title": name})["number"]
        wanted[installed.call("PUT", f"pulls/{number}/merge", {})["sha"]] = MergedPull(number, head)
    asked = installed.forge.requests
    assert await read_merged_pulls(installed.on(READ), "main", list(wanted)) == wanted
    assert installed.forge.requests - asked == 2
