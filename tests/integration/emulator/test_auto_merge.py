"""Auto-merge: waits for what is demanded, merges by itself, and ends when somebody gets in its way."""

import asyncio

import pytest

from app.emulator.automation import settle
from app.emulator.state import Actor


@pytest.fixture
def pull(stage) -> tuple[int, str]:
    """A pull request that waits for the check `gate`, in a repository that allows auto-merge."""
    stage.repository.allow_auto_merge = True
    stage.app.subscriptions = frozenset(["issues", "pull_request"])
    stage.pushed()
    number, sha = stage.pull()
    stage.protect(required_status_checks={"strict": False, "checks": [{"context": "gate", "app_id": None}]})
    return number, sha


def mutate(stage, name, number, *, token=None, **told):
    shown = stage.ask("GET", f"pulls/{number}", stage.person).json()
    query = f"mutation($input: Input!) {{ {name}(input: $input) {{ clientMutationId }} }}"
    body = {"query": query, "variables": {"input": {"pullRequestId": shown["node_id"], **told}}}
    headers = {"authorization": f"Bearer {token or stage.writer}"}
    return stage.wire.post(f"{stage.url}/api/graphql", json=body, headers=headers).raise_for_status().json()


def enable(stage, number, **told):
    answer = mutate(stage, "enablePullRequestAutoMerge", number, **told)
    assert "errors" not in answer, answer
    return answer["data"]["enablePullRequestAutoMerge"]["pullRequest"]["autoMergeRequest"]


def refused(stage, number, **told):
    return mutate(stage, "enablePullRequestAutoMerge", number, **told)["errors"][0]["message"]


def judge(stage, sha, state="success"):
    answer = stage.ask("POST", f"statuses/{sha}", stage.person, {"state": state, "context": "gate"})
    assert answer.status_code == 201, answer.text


def shown(stage, number):
    return stage.ask("GET", f"pulls/{number}", stage.person).json()


def heard(stage, receiver):
    """What was told of pull requests so far: actions with their reasons."""
    assert stage.ask("POST", "issues", stage.person, {"title": "The last word"}).status_code == 201
    found = []
    while (arrived := receiver.next()).headers["x-github-event"] != "issues":
        told = arrived.payload
        found.append(f"{told['action']} {told.get('reason', '')}".strip())
    return found


def test_it_is_merged_in_the_wanted_way_as_soon_as_the_check_passes(stage, receiver, pull):
    number, sha = pull
    told = enable(stage, number, mergeMethod="SQUASH", commitHeadline="All of it", expectedHeadOid=sha)
    assert (told["enabledBy"]["login"], told["mergeMethod"]) == ("bob", "SQUASH")
    auto = shown(stage, number)["auto_merge"]
    assert (auto["enabled_by"]["login"], auto["merge_method"], auto["commit_title"]) == ("bob", "squash", "All of it")
    judge(stage, sha, "pending")
    assert shown(stage, number)["state"] == "open"
    judge(stage, sha)
    merged = shown(stage, number)
    assert (merged["merged"], merged["merged_by"]["login"]) == (True, "bob")
    commit = stage.ask("GET", f"git/commits/{merged['merge_commit_sha']}", stage.person).json()
    assert (commit["message"].splitlines()[0], len(commit["parents"])) == ("All of it", 1)
    assert heard(stage, receiver) == ["opened", "auto_merge_enabled", "closed"]


def test_only_the_head_that_has_passed_is_merged(stage, pull):
    number, sha = pull
    enable(stage, number)
    later = stage.commit("more.txt", "more\n", "topic")
    assert stage.push(stage.writer, "topic").returncode == 0
    judge(stage, sha)
    assert shown(stage, number)["state"] == "open"
    judge(stage, later)
    assert shown(stage, number)["merged"] is True


def test_an_approval_that_was_missing_lets_it_through(stage, pull):
    number, _ = pull
    stage.protect(required_pull_request_reviews={"required_approving_review_count": 1})
    enable(stage, number)
    assert stage.ask("POST", f"pulls/{number}/reviews", stage.writer, {"event": "APPROVE"}).status_code == 200
    assert shown(stage, number)["merged"] is True


def test_it_ends_by_hand(stage, receiver, pull):
    number, sha = pull
    enable(stage, number)
    assert "errors" not in mutate(stage, "disablePullRequestAutoMerge", number)
    again = mutate(stage, "disablePullRequestAutoMerge", number)
    assert again["errors"][0]["message"] == "Can't disable auto-merge for this pull request"
    judge(stage, sha)
    assert (shown(stage, number)["state"], shown(stage, number)["auto_merge"]) == ("open", None)
    assert heard(stage, receiver)[1:] == ["auto_merge_enabled", "auto_merge_disabled Manually disabled by user"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"base": "release"}, ["edited", "auto_merge_disabled Base branch was modified"]),
        ({"state": "closed"}, ["closed", "auto_merge_disabled Pull request was closed"]),
    ],
)
def test_it_ends_when_the_pull_request_is_turned_elsewhere(stage, receiver, pull, change, told):
    number, _ = pull
    stage.git("branch", "release", "main", where=stage.folder / "copy")
    assert stage.push(stage.person, "release").returncode == 0
    enable(stage, number)
    assert stage.ask("PATCH", f"pulls/{number}", stage.person, change).status_code == 200
    assert shown(stage, number)["auto_merge"] is None
    assert heard(stage, receiver)[2:] == told


def test_it_ends_when_the_pull_request_becomes_a_draft(stage, receiver, pull):
    enable(stage, pull[0])
    mutate(stage, "convertPullRequestToDraft", pull[0])
    assert heard(stage, receiver)[-1] == "auto_merge_disabled Pull request was converted to draft"


def test_a_push_by_somebody_who_may_not_write_ends_it(stage, pull):
    """Nobody gets so far by git here, where there are no forks."""
    number, _ = pull
    enable(stage, number)
    stage.world.add_user("eve")
    stage.repository.issues[number]["pull"]["head_sha"] = "f" * 40
    asyncio.run(settle(stage.world, Actor(stage.world.users["eve"])))
    assert shown(stage, number)["auto_merge"] is None


def test_a_changed_base_is_told_with_what_it_was(stage, pull):
    number, sha = pull
    stage.git("branch", "release", "main", where=stage.folder / "copy")
    assert stage.push(stage.person, "release").returncode == 0
    answer = stage.ask("PATCH", f"pulls/{number}", stage.person, {"base": "release"}).json()
    assert (answer["base"]["ref"], answer["head"]["sha"]) == ("release", sha)
    assert stage.ask("PATCH", f"pulls/{number}", stage.person, {"base": "nowhere"}).status_code == 422


def test_what_need_not_wait_or_may_not_is_refused(stage, pull):
    number, sha = pull
    assert "Head branch was modified" in refused(stage, number, expectedHeadOid="0" * 40)
    assert refused(stage, number, mergeMethod="OCTOPUS") == "mergeMethod is none of MERGE, SQUASH, REBASE: OCTOPUS"
    judge(stage, sha)
    assert refused(stage, number) == "Pull request Pull request is in clean status"
    stage.ask("DELETE", "branches/main/protection", stage.person)
    assert refused(stage, number) == "Pull request Protected branch rules not configured for this branch"
    stage.repository.allow_auto_merge = False
    assert refused(stage, number) == "Pull request Auto merge is not allowed for this repository"
    stranger = stage.world.add_user("eve")
    answer = mutate(stage, "enablePullRequestAutoMerge", number, token=stranger)
    assert answer["errors"][0]["type"] == "FORBIDDEN"
