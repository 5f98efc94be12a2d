"""The merge queue: groups on top of each other, merged when their checks pass, thrown out when they do not."""

import pytest

from app.emulator.state import User

QUEUE = {
    "check_response_timeout_minutes": 60,
    "grouping_strategy": "ALLGREEN",
    "max_entries_to_build": 5,
    "max_entries_to_merge": 5,
    "merge_method": "MERGE",
    "min_entries_to_merge": 1,
    "min_entries_to_merge_wait_minutes": 0,
}


@pytest.fixture
def main(stage) -> str:
    """A branch with a queue that wants the check `gate`; the App hears what becomes of it."""
    stage.repository.owner = User("acme", stage.world.next_id(), "Organization")
    stage.app.subscriptions = frozenset(["issues", "merge_group", "pull_request"])
    sha = stage.pushed()
    require(stage)
    return sha


def rules_of(stage, **queue):
    check = {"context": "gate", "integration_id": stage.app.id}
    required = {"type": "required_status_checks", "parameters": {"required_status_checks": [check]}}
    return [required, {"type": "merge_queue", "parameters": {**QUEUE, **queue}}]


def require(stage, bypass=(), **queue):
    conditions = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}
    new = {"name": "trunk", "enforcement": "active", "conditions": conditions, "rules": rules_of(stage, **queue)}
    new["bypass_actors"] = list(bypass)
    known = stage.ask("GET", "rulesets", stage.person).json()
    how = ("PUT", f"rulesets/{known[0]['id']}") if known else ("POST", "rulesets")
    answer = stage.ask(*how, stage.person, new)
    assert answer.status_code in {200, 201}, answer.text


def judge(stage, sha, conclusion="success"):
    run = {"name": "gate", "head_sha": sha, "conclusion": conclusion}
    assert stage.ask("POST", "check-runs", stage.token(checks="write"), run).status_code == 201


def mutate(stage, name, *, token=None, **told):
    """GraphQL's answer to one mutation."""
    given = ", ".join(f"{key}: ${key}" for key in told)
    query = f"mutation({', '.join(f'${key}: ID!' for key in told)}) {{ {name}(input: {{{given}}}) {{ __typename }} }}"
    headers = {"authorization": f"Bearer {token or stage.writer}"}
    body = {"query": query, "variables": told}
    return stage.wire.post(f"{stage.url}/api/graphql", json=body, headers=headers).raise_for_status().json()


def node(stage, number):
    return stage.ask("GET", f"pulls/{number}", stage.person).json()["node_id"]


def enqueue(stage, number, **told):
    return mutate(stage, "enqueuePullRequest", pullRequestId=node(stage, number), **told)


def ready(stage, branch="topic"):
    """A pull request, on main as it is in the working copy, that may go into the queue; its number and head."""
    stage.git("checkout", "--quiet", "main", where=stage.folder / "copy")
    number, sha = stage.pull(branch)
    judge(stage, sha)
    return number, sha


def queued(stage, *branches):
    numbers = [ready(stage, branch)[0] for branch in branches]
    for number in numbers:
        assert "errors" not in enqueue(stage, number)
    return numbers


def groups(stage):
    """The queue's branches and the commits that they are at."""
    found = stage.ask("GET", "git/matching-refs/heads/gh-readonly-queue/", stage.person).json()
    return {each["ref"].removeprefix("refs/heads/"): each["object"]["sha"] for each in found}


def at(stage, ref):
    return stage.ask("GET", f"git/ref/heads/{ref}", stage.person).json()["object"]["sha"]


def parents(stage, sha):
    return [each["sha"] for each in stage.ask("GET", f"git/commits/{sha}", stage.person).json()["parents"]]


def state(stage, number):
    shown = stage.ask("GET", f"pulls/{number}", stage.person).json()
    return "merged" if shown["merged"] else shown["state"]


def heard(stage, receiver):
    """What was told so far: event and action, with the reason if there is one, and the payloads."""
    assert stage.ask("POST", "issues", stage.person, {"title": "The last word"}).status_code == 201
    found = []
    while (arrived := receiver.next()).headers["x-github-event"] != "issues":
        told = arrived.payload
        found.append(
            (f"{arrived.headers['x-github-event']} {told.get('action', '')} {told.get('reason', '')}".strip(), told)
        )
    return found


def names(found):
    return [name for name, _ in found]


def test_a_group_is_a_real_merge_on_a_branch_of_its_own_and_its_checks_are_asked_for(stage, receiver, main):
    number, sha = ready(stage)
    heard(stage, receiver)
    answer = enqueue(stage, number, expectedHeadOid=sha)
    assert answer["data"]["enqueuePullRequest"]["mergeQueueEntry"]["position"] == 1
    ((branch, head),) = groups(stage).items()
    assert branch == f"gh-readonly-queue/main/pr-{number}-{main}"
    assert parents(stage, head) == [main, sha]
    (enqueued, _), (asked, told) = heard(stage, receiver)
    assert (enqueued, asked) == ("pull_request enqueued", "merge_group checks_requested")
    group = told["merge_group"]
    assert (group["head_sha"], group["head_ref"]) == (head, f"refs/heads/{branch}")
    assert (group["base_sha"], group["base_ref"]) == (main, "refs/heads/main")
    assert group["head_commit"]["id"] == head
    assert state(stage, number) == "open"


def test_a_group_whose_checks_pass_is_what_the_base_branch_is_moved_to(stage, receiver, main):
    (number,) = queued(stage, "topic")
    ((branch, head),) = groups(stage).items()
    heard(stage, receiver)
    stage.app.subscriptions |= {"push"}
    judge(stage, head)
    assert at(stage, "main") == head
    shown = stage.ask("GET", f"pulls/{number}", stage.person).json()
    assert (shown["merged"], shown["merge_commit_sha"], shown["merged_by"]["login"]) == (True, head, "bob")
    assert groups(stage) == {}
    told = heard(stage, receiver)
    pushes = [(each["ref"], each["after"]) for name, each in told if name.startswith("push")]
    assert pushes == [("refs/heads/main", head), (f"refs/heads/{branch}", "0" * 40)]
    others = [name for name in names(told) if not name.startswith("push")]
    assert others == ["pull_request dequeued MERGE", "pull_request closed", "merge_group destroyed merged"]


def test_the_second_group_stands_on_the_first_and_waits_for_it(stage, main):
    first, second = queued(stage, "one", "two")
    (one, on_one) = (each for _, each in sorted(groups(stage).items()))
    assert set(groups(stage)) == {
        f"gh-readonly-queue/main/pr-{first}-{main}",
        f"gh-readonly-queue/main/pr-{second}-{one}",
    }
    judge(stage, on_one)
    assert (state(stage, first), state(stage, second)) == ("open", "open")
    judge(stage, one)
    assert (state(stage, first), state(stage, second), at(stage, "main")) == ("merged", "merged", on_one)


def test_a_group_that_fails_is_thrown_out_and_those_on_top_of_it_are_built_anew(stage, receiver, main):
    first, second = queued(stage, "one", "two")
    one, on_one = (each for _, each in sorted(groups(stage).items()))
    heard(stage, receiver)
    judge(stage, one, "failure")
    told = heard(stage, receiver)
    assert names(told) == [
        "pull_request dequeued CI_FAILURE",
        "merge_group destroyed dequeued",
        "merge_group destroyed invalidated",
        "merge_group checks_requested",
    ]
    assert (told[0][1]["number"], told[2][1]["merge_group"]["head_sha"]) == (first, on_one)
    ((branch, head),) = groups(stage).items()
    assert branch == f"gh-readonly-queue/main/pr-{second}-{main}"
    judge(stage, head)
    assert (state(stage, first), state(stage, second)) == ("open", "merged")


def test_a_group_that_is_built_again_is_another_commit_whose_checks_begin_anew(stage, main):
    (number,) = queued(stage, "topic")
    ((_, head),) = groups(stage).items()
    judge(stage, head, "failure")
    assert groups(stage) == {}
    assert "errors" not in enqueue(stage, number)
    ((_, again),) = groups(stage).items()
    assert again != head


def test_head_green_wants_the_last_group_only(stage, main):
    require(stage, grouping_strategy="HEADGREEN")
    first, second = queued(stage, "one", "two")
    one, on_one = (each for _, each in sorted(groups(stage).items()))
    judge(stage, one, "failure")
    assert len(groups(stage)) == 2
    judge(stage, on_one)
    assert (state(stage, first), state(stage, second), at(stage, "main")) == ("merged", "merged", on_one)


def test_no_more_groups_are_built_than_the_rule_allows(stage, main):
    require(stage, max_entries_to_build=1)
    first, second = queued(stage, "one", "two")
    assert list(groups(stage)) == [f"gh-readonly-queue/main/pr-{first}-{main}"]
    judge(stage, groups(stage).popitem()[1])
    assert list(groups(stage)) == [f"gh-readonly-queue/main/pr-{second}-{at(stage, 'main')}"]


def test_a_push_to_the_head_takes_it_out_of_the_queue(stage, receiver, main):
    (number,) = queued(stage, "topic")
    heard(stage, receiver)
    stage.commit("more.txt", "more\n", "topic")
    assert stage.push(stage.writer, "topic").returncode == 0
    told = heard(stage, receiver)
    assert names(told)[:1] == ["pull_request synchronize"]
    assert names(told)[1:] == ["pull_request dequeued BRANCH_PROTECTIONS", "merge_group destroyed dequeued"]
    assert told[1][1]["sender"]["login"] == "bob"
    assert (groups(stage), state(stage, number)) == ({}, "open")


def test_who_is_taken_out_by_hand_leaves_at_once(stage, receiver, main):
    (number,) = queued(stage, "topic")
    heard(stage, receiver)
    answer = mutate(stage, "dequeuePullRequest", id=node(stage, number))
    assert answer["data"]["dequeuePullRequest"]["mergeQueueEntry"]["state"] == "AWAITING_CHECKS"
    assert names(heard(stage, receiver)) == ["pull_request dequeued MANUAL", "merge_group destroyed dequeued"]
    again = mutate(stage, "dequeuePullRequest", id=node(stage, number))
    assert again["errors"][0]["message"] == f"Pull request #{number} is not in the merge queue"


def test_who_jumps_the_queue_has_the_others_built_on_top(stage, main):
    first, _ = queued(stage, "one", "two")
    third, _ = ready(stage, "three")
    enqueue(stage, third, jump=True)
    (head,) = (sha for name, sha in groups(stage).items() if name == f"gh-readonly-queue/main/pr-{third}-{main}")
    assert f"gh-readonly-queue/main/pr-{first}-{head}" in groups(stage)
    assert len(groups(stage)) == 3


def test_a_conflict_with_an_entry_ahead_takes_the_later_one_out(stage, receiver, main):
    first, _ = ready(stage, "one")
    stage.git("checkout", "--quiet", "main", where=stage.folder / "copy")
    sha = stage.commit("one.txt", "other\n", "two")
    assert stage.push(stage.person, "two").returncode == 0
    body = {"title": "Two", "head": "two", "base": "main"}
    second = stage.ask("POST", "pulls", stage.person, body).json()["number"]
    judge(stage, sha)
    enqueue(stage, first)
    heard(stage, receiver)
    enqueue(stage, second)
    assert names(heard(stage, receiver)) == ["pull_request enqueued", "pull_request dequeued MERGE_CONFLICT"]
    assert len(groups(stage)) == 1


def test_the_queue_is_cleared_when_its_rule_goes(stage, receiver, main):
    queued(stage, "topic")
    heard(stage, receiver)
    (ruleset,) = stage.ask("GET", "rulesets", stage.person).json()
    assert stage.ask("DELETE", f"rulesets/{ruleset['id']}", stage.person).status_code == 204
    assert names(heard(stage, receiver)) == ["pull_request dequeued QUEUE_CLEARED", "merge_group destroyed dequeued"]


def test_with_a_queue_nobody_merges_or_pushes_past_it(stage, main):
    number, sha = ready(stage)
    refused = "Repository rule violations found\n\nChanges must be made through the merge queue\n\n"
    assert stage.merge(number) == (405, refused)
    answer = stage.ask("PATCH", "git/refs/heads/main", stage.person, {"sha": sha})
    assert (answer.status_code, answer.json()["message"]) == (422, refused)
    stage.commit("more.txt", "more\n", "main")
    assert "Changes must be made through the merge queue" in stage.push(stage.person).stderr


def test_who_bypasses_the_queue_makes_its_groups_invalid(stage, receiver, main):
    (number,) = queued(stage, "topic")
    require(stage, bypass=[{"actor_type": "RepositoryRole", "actor_id": 5, "bypass_mode": "always"}])
    heard(stage, receiver)
    stage.git("checkout", "--quiet", "main", where=stage.folder / "copy")
    sha = stage.commit("more.txt", "more\n")
    assert stage.push(stage.person).returncode == 0
    assert names(heard(stage, receiver)) == ["merge_group destroyed invalidated", "merge_group checks_requested"]
    assert list(groups(stage)) == [f"gh-readonly-queue/main/pr-{number}-{sha}"]


def test_the_branches_of_the_queue_are_for_the_queue_only(stage, main):
    _, sha = ready(stage)
    queued(stage, "other")
    ((branch, head),) = groups(stage).items()
    assert stage.ask("DELETE", f"git/refs/heads/{branch}", stage.person).status_code == 422
    assert stage.ask("PATCH", f"git/refs/heads/{branch}", stage.person, {"sha": sha, "force": True}).status_code == 422
    assert groups(stage) == {branch: head}


def test_only_what_may_be_merged_gets_into_the_queue(stage, main):
    number, sha = stage.pull()

    def refused(**told):
        return enqueue(stage, number, **told)["errors"][0]["message"]

    assert 'Required status check "gate" is expected.' in refused()
    judge(stage, sha)
    assert "Head branch was modified" in refused(expectedHeadOid="0" * 40)
    assert "errors" not in enqueue(stage, number)
    assert refused() == f"Pull request #{number} is already in the merge queue"
    stranger = stage.world.add_user("eve")
    answer = mutate(stage, "enqueuePullRequest", token=stranger, pullRequestId=node(stage, number))
    assert answer["errors"][0]["type"] == "FORBIDDEN"


def test_only_organizations_have_queues_and_only_with_whole_rules(stage, main):
    new = {"name": "more", "enforcement": "active"}
    rule = rules_of(stage)[1]
    for wrong in ({"max_entries_to_merge": 101}, {"grouping_strategy": "ANY"}, {"merge_method": None}):
        given = {"type": "merge_queue", "parameters": {**rule["parameters"], **wrong}}
        assert stage.ask("POST", "rulesets", stage.person, {**new, "rules": [given]}).status_code == 422
    stage.repository.owner = stage.world.users["ada"]
    answer = stage.ask("POST", "rulesets", stage.person, {**new, "rules": [rule]})
    assert answer.json()["errors"][0]["message"] == "Invalid rule 'merge_queue': invalid parameters"


def test_auto_merge_puts_into_the_queue_what_is_ready(stage, receiver, main):
    stage.repository.allow_auto_merge = True
    number, sha = stage.pull()
    mutate(stage, "enablePullRequestAutoMerge", pullRequestId=node(stage, number))
    assert groups(stage) == {}
    judge(stage, sha)
    ((_, head),) = groups(stage).items()
    assert stage.ask("GET", f"pulls/{number}", stage.person).json()["auto_merge"] is None
    judge(stage, head)
    assert state(stage, number) == "merged"


def test_a_group_that_got_no_answer_in_time_is_thrown_out(stage, receiver, main):
    (number,) = queued(stage, "topic")
    heard(stage, receiver)
    entry = {"repository": stage.repository.full_name, "number": number}
    stage.control("queue-timeouts", entry)
    assert names(heard(stage, receiver)) == ["pull_request dequeued CI_TIMEOUT", "merge_group destroyed dequeued"]
    assert stage.wire.put(f"{stage.url}/_emulator/queue-timeouts", json=entry).status_code == 422
