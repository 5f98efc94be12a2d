"""Somebody uses a merge queue, or a branch that is named like one of its, to land what nobody approved."""

from collections.abc import Callable
from importlib import import_module

import pytest

from app.emulator.faults import Fault
from app.policy.queue import PATIENCE_S, in_time
from tests.support.house import House
from tests.support.places import Place
from tests.support.queues import queue_rules

NewPlace = Callable[..., Place]
OWNED = "perspectives: [security]\nrules:\n- {name: Owners, requires: {codeowners: true}}\n"


def queue_up(place: Place, number: int, base: str, head: str) -> str:
    """A ref like a queue's, made by hand; its name. A GitHub that knows no queues, as older servers, allows that."""
    ref = f"refs/heads/gh-readonly-queue/{base}/pr-{number}-{place.main}"
    place.git("update-ref", ref, head)
    place.house.sweep()
    return ref


def test_a_queue_s_branch_that_was_pushed_by_hand_keeps_no_success_on_a_head(place: Place):
    head, number = place.pull({"n.txt": "new\n"})
    place.git("update-ref", "-d", queue_up(place, number, "main", head))

    place.say("dora", number, "@quorum veto because it is a sample")
    place.house.settle()

    assert not place.merged(number)


def test_a_queue_s_branch_of_one_base_gives_no_success_for_another(new_place: NewPlace):
    """The way in asks for a person; `dev` does not, and requires the gate as well."""
    place = new_place("perspectives: [security]\nrules:\n- {name: A person, requires: {people: {}}}\n")
    place.push("dev", place.commit({".github/quorum.yml": "perspectives: [security]\n"}, place.main), "mona")
    place.protect("dev")
    head = place.push("topic", place.commit({"n.txt": "new\n"}, place.git("rev-parse", "dev")))
    harmless = place.open("topic", "dev")
    place.house.settle()
    assert place.gate(head).conclusion == "success"
    group = place.commit({"n.txt": "new\n"}, place.git("rev-parse", "dev"), message=f"New (#{harmless})")
    place.push("other", group)
    number = place.open("other")
    place.house.settle()

    queue_up(place, harmless, "dev", group)

    assert not place.merged(number)


def test_a_queue_s_branch_of_no_base_does_not_hold_a_head_shut(place: Place, monkeypatch: pytest.MonkeyPatch):
    head, number = place.pull({"n.txt": "new\n"})
    queue_up(place, number, "nowhere", head)
    monkeypatch.setattr(import_module("app.workflows.group"), "in_time", lambda found, _: in_time(found, PATIENCE_S))
    place.house.later()

    assert place.gate(head).conclusion == "success"
    assert place.merged(number)


def test_a_stacked_pull_request_does_not_take_back_what_lands_before_it_in_the_queue(house: House, new_place: NewPlace):
    """Its branch holds the fix and takes it back: against main, which is what was reviewed, no diff shows that."""
    place = with_queue(house, new_place, "perspectives: [security]\n")
    fix = place.push("fix", place.commit({"a.txt": "mended\n"}, place.main))
    back = place.push("back", place.commit({"a.txt": "a\n" * 20, "n.txt": "new\n"}, fix))
    first, second = place.open("fix"), place.open("back")
    place.house.settle()
    assert [place.gate(each).conclusion for each in (fix, back)] == ["success"] * 2
    land_by_queue(place, (first, fix), (second, back))

    assert [place.repository.issues[each]["pull"]["merged"] for each in (first, second)] == [True, False]
    assert place.git("show", "main:a.txt") == "mended"


def test_owners_whom_the_pull_request_ahead_names_are_asked(house: House, new_place: NewPlace):
    place = with_queue(house, new_place, OWNED)
    one = place.push("one", place.commit({"CODEOWNERS": "n.txt @bob\n"}, place.main))
    two = place.push("two", place.commit({"n.txt": "new\n"}, place.main))
    first, second = place.open("one"), place.open("two")
    place.house.settle()
    place.review("bob", first, "APPROVE", one)
    place.house.settle()
    assert [place.gate(each).conclusion for each in (one, two)] == ["success"] * 2
    land_by_queue(place, (first, one), (second, two))

    assert [place.repository.issues[each]["pull"]["merged"] for each in (first, second)] == [True, False]


def with_queue(house: House, new_place: NewPlace, policy: str) -> Place:
    world = house.stage.world
    organization = world.organizations.get("acme") or world.add_organization("acme", {"mona": "admin"})
    place = new_place(policy, organization)
    place.call("mona", "POST", "rulesets", queue_rules("slow"))
    return place


def land_by_queue(place: Place, *queued: tuple[int, str]) -> None:
    """Numbers with heads, put into it at once; the other check ends after ours, on whichever groups are left."""
    for number, head in queued:
        place.call("mona", "POST", f"statuses/{head}", {"state": "success", "context": "slow"})
        enqueue(place, number)
    place.house.settle()
    for group in place.git("for-each-ref", "--format=%(objectname)", "refs/heads/gh-readonly-queue/").split():
        place.call("mona", "POST", f"statuses/{group}", {"state": "success", "context": "slow"})
    place.house.settle()


AUTO = "perspectives: [security]\nautomerge: {method: merge}\n"


def test_what_takes_back_what_landed_since_it_was_judged_is_not_merged_by_itself(new_place: NewPlace):
    """The merge fails for a while, the fix lands meanwhile, and no event tells of it."""
    place = new_place(AUTO)
    place.house.faults(Fault("PUT", r"/merge$", status=502, times=None, only_apps=True))
    fix = place.push("fix", place.commit({"a.txt": "mended\n"}, place.main))
    head = place.push("back", place.commit({"a.txt": "a\n" * 20, "n.txt": "new\n"}, fix))
    number = place.open("back")
    place.house.settle()
    assert place.gate(head).conclusion == "success"
    place.push("main", place.commit({"a.txt": "mended\n"}, place.main, fix), "mona")
    place.house.arrived()
    place.house.faults()
    seen = len(place.house.model.asked)
    place.house.later()

    assert len(place.house.model.asked) > seen, "it is another change now, which is reviewed first"
    assert place.repository.issues[number]["pull"]["merged"], "and approved"


def enqueue(place: Place, number: int) -> None:
    pull = place.call("ada", "GET", f"pulls/{number}")["node_id"]
    query = "mutation($id: ID!) { enqueuePullRequest(input: {pullRequestId: $id}) { mergeQueueEntry { id } } }"
    api = f"{place.house.stage.github_url}/api/graphql"
    told = place.house.person("ada").call("POST", api, {"query": query, "variables": {"id": pull}})
    assert "errors" not in told
