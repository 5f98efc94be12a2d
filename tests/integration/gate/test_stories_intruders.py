"""Somebody tries to get a success for what was not approved, or for more than was."""

from collections.abc import Callable
from hashlib import sha1
from importlib import import_module
from typing import Any

import pytest

from app.emulator.faults import Fault
from app.llm.messages import Reply, Text
from app.workflows import gathering
from tests.support.house import House
from tests.support.places import Place, another_app

NewPlace = Callable[..., Place]
EVIL: dict[str, Any] = {"n.txt": "EVIL testing\n"}
PERSON = "perspectives: [security]\nrules:\n- {name: A person, requires: {people: {}}}\n"
BLOCK = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n"
MORE = "one\ntwo\nthree\nfour\nmore\nfive\nsix\nseven\neight\n"


def test_code_in_a_folder_that_is_named_like_a_lock_file_is_read(place: Place):
    head, number = place.pull({"n.txt": "new\n", "tests/uv.lock/conftest.py": "EVIL testing\n"})

    assert place.gate(head).conclusion == "failure"
    assert not place.merged(number)


def test_a_head_with_two_merge_bases_does_not_hide_what_it_takes_back(place: Place):
    """A fix landed by a merge; the head holds the fix and an older main, and takes the fix back while merging them."""
    older = place.main
    fix = place.commit({"a.txt": "mended\n"}, older)
    moved = place.commit({"c.txt": "c\n"}, older)
    merged = place.commit({"a.txt": "mended\n"}, moved, fix)
    place.main = place.push("main", merged, "mona")
    head = place.push("topic", place.commit({"a.txt": "a\n" * 20, "n.txt": "new\n"}, moved, fix))
    number = place.open("topic")
    place.house.settle()

    assert place.gate(head).conclusion == "action_required"
    assert "merge the base branch's newest commit" in place.gate(head).summary
    assert not place.merged(number)

    mended = place.push("topic", place.commit({"a.txt": "mended\n"}, head, place.main))
    place.house.settle()
    assert place.gate(mended).conclusion == "success"


def test_an_approving_review_does_not_go_along_with_a_hunk_to_another_place(new_place: NewPlace):
    place = new_place(PERSON)
    place.main = place.push("main", place.commit({"a.txt": BLOCK * 4}, place.main), "mona")
    head = place.push("topic", place.commit({"a.txt": MORE + BLOCK * 3}, place.main))
    number = place.open("topic")
    place.house.settle()
    place.review("bob", number, "APPROVE", head)
    place.house.settle()
    assert place.gate(head).conclusion == "success"

    moved = place.push("topic", place.commit({"a.txt": BLOCK * 2 + MORE + BLOCK}, place.main))
    place.house.settle()

    assert place.gate(moved).conclusion == "action_required"


def test_an_override_does_not_go_along_with_a_hunk_to_another_place(place: Place):
    evil = MORE.replace("more", "EVIL testing")
    place.main = place.push("main", place.commit({"a.txt": BLOCK * 4}, place.main), "mona")
    head = place.push("topic", place.commit({"a.txt": evil + BLOCK * 3}, place.main))
    number = place.open("topic")
    place.house.settle()
    place.say("dora", number, f"@quorum override testing at {head} because it is a sample")
    place.house.settle()
    assert place.gate(head).conclusion == "success"

    moved = place.push("topic", place.commit({"a.txt": BLOCK * 2 + evil + BLOCK}, place.main))
    place.house.settle()

    assert place.gate(moved).conclusion == "failure"


def test_who_pushed_is_told_by_the_event_even_where_it_comes_after_another(new_place: NewPlace):
    """Bob pushes under ada's address, and edits the title so that the head is looked at before the push is told of."""
    place = new_place(PERSON)
    _, number = place.pull({"n.txt": "new\n"})
    head = place.push("topic", place.commit({"n.txt": "bob's\n"}, place.main), "bob")
    place.call("bob", "PATCH", f"pulls/{number}", {"title": "Another title"})
    news = place.house.arrived()
    place.house.hand_over([each for each in news if each["payload"].get("action") == "edited"])
    place.house.settle()
    place.house.hand_over([each for each in news if each["payload"].get("action") != "edited"])
    place.house.settle()
    place.review("bob", number, "APPROVE", head)
    place.house.settle()

    assert place.gate(head).conclusion == "action_required"


def test_who_opens_a_pull_request_does_not_hide_who_wrote_it(new_place: NewPlace, monkeypatch: pytest.MonkeyPatch):
    """Bob wrote and pushed it, ada opens the pull request."""

    async def committers(*_: object) -> set[str]:
        return {"bob"}

    monkeypatch.setattr(gathering, "read_committers", committers)
    place = new_place(PERSON)
    head = place.push("topic", place.commit({"n.txt": "new\n"}, place.main), "bob")
    number = place.open("topic", by="ada")
    place.house.settle()
    place.review("bob", number, "APPROVE", head)
    place.house.settle()

    assert place.gate(head).conclusion == "action_required"


def test_the_check_of_a_closed_pull_request_says_what_holds_for_the_open_one(place: Place):
    head = place.push("topic", place.commit({"n.txt": "new\n"}, place.main))
    place.push("release", place.main, "mona")
    place.protect("release")
    stays, goes = place.open("topic"), place.open("topic", "release")
    place.house.settle()
    assert [gate.conclusion for gate in place.gates(head)] == ["success"] * 2
    place.call("ada", "PATCH", f"pulls/{goes}", {"state": "closed"})
    place.house.settle()

    place.say("dora", stays, "@quorum veto because it is a sample")
    place.house.settle()

    assert not place.merged(stays)


def test_the_check_of_a_closed_pull_request_does_not_hold_the_open_one(place: Place):
    head = place.push("topic", place.commit({"n.txt": "new\n"}, place.main))
    place.push("release", place.main, "mona")
    place.protect("release")
    stays, goes = place.open("topic"), place.open("topic", "release")
    place.house.settle()
    place.say("dora", goes, "@quorum veto because it is a sample")
    place.house.settle()
    place.call("ada", "PATCH", f"pulls/{goes}", {"state": "closed"})
    place.house.settle()
    place.house.sweep()

    assert {gate.conclusion for gate in place.gates(head)} == {"success"}
    assert place.merged(stays)


SAFE = "perspectives: [security]\nrules:\n- {name: Rest, applies_to: {not: {labels: [safe]}}, requires: {people: {}}}\n"


def test_who_takes_a_label_away_is_not_taken_for_who_set_it_again(new_place: NewPlace):
    place = new_place(SAFE)
    head, number = place.pull({"n.txt": "new\n"})
    with another_app(place) as ask:
        ask("POST", f"issues/{number}/labels", {"labels": ["safe"]})
        place.house.settle()
        place.call("tom", "DELETE", f"issues/{number}/labels/safe")
        ask("POST", f"issues/{number}/labels", {"labels": ["safe"]})
    place.house.hand_over(place.house.arrived()[::-1])
    place.house.settle()

    assert place.gate(head).conclusion == "action_required"


def test_no_answer_does_not_take_back_a_refusal(new_place: NewPlace, monkeypatch: pytest.MonkeyPatch):
    place = new_place("perspectives: [security]\noverride: {by: [maintain], outage: true}\n")
    head, number = place.pull({"n.txt": "EVIL security\n"})
    assert place.gate(head).conclusion == "failure"

    async def silent(_: object) -> Reply:
        return Reply((Text("I would rather not say."),), "refusal", "silent-1")

    monkeypatch.setattr(place.house.model, "reply", silent)
    place.say("ada", number, "@quorum review")
    place.house.settle()
    place.say("dora", number, f"@quorum override security at {head} because it did not answer")
    place.house.settle()

    assert place.gate(head).conclusion == "failure"


def test_a_commit_is_not_named_by_digits_that_another_head_begins_with_too(place: Place):
    """Who pushes both can make them begin alike: of seven digits some ten thousand tries are enough."""
    first, second = _twins(place)
    place.push("topic", first)
    number = place.open("topic")
    place.house.settle()
    place.push("topic", second)
    place.say("dora", number, f"@quorum override testing at {first[:7]} because I read {first[:7]}")
    place.house.settle()

    assert first[:7] == second[:7]
    assert place.gate(second).conclusion == "failure"


def _twins(place: Place) -> tuple[str, str]:
    """Two commits that differ by what they hold, and begin with the same seven digits."""
    raws = [
        place.git("cat-file", "commit", place.commit({"n.txt": text}, place.main)) + "\n\n"
        for text in ("EVIL testing\n", "EVIL testing, and more\n")
    ]
    seen: dict[str, tuple[int, bytes]] = {}
    for number in range(1_000_000):
        which = number % 2
        data = f"{raws[which]}{number}\n".encode()
        key = sha1(b"commit %d\0%s" % (len(data), data)).hexdigest()[:7]  # noqa: S324 - git's own
        if key in seen and seen[key][0] != which:
            pair = sorted([seen[key], (which, data)])
            first, second = (place.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=each[1]) for each in pair)
            return first, second
        seen.setdefault(key, (which, data))
    raise AssertionError("no twins")


ASIDE = "perspectives: [security]\nset_aside: ['gen/**']\n"
PLAIN = "perspectives: [security]\n"


def test_a_policy_that_comes_and_goes_leaves_nothing_waiting(new_place: NewPlace):
    place = new_place(PLAIN)
    head, _ = place.pull({"n.txt": "new\n"})
    for policy in (ASIDE, PLAIN, ASIDE, PLAIN, ASIDE):
        place.set_policy(policy)
        place.house.settle()
        assert place.gate(head).conclusion == "success", policy


OWNED = "perspectives: [security]\nrules:\n- {name: Owners, requires: {codeowners: true}}\n"


def test_a_team_that_owns_a_file_can_approve_it(house: House, new_place: NewPlace):
    world = house.stage.world
    organization = world.organizations.get("acme") or world.add_organization("acme", {"mona": "admin"})
    place = new_place(OWNED, organization)
    place.main = place.push("main", place.commit({"CODEOWNERS": "* @acme/dba\n"}, place.main), "mona")
    world.add_team(organization, "dba", {"bob": "active"})
    head, number = place.pull({"n.txt": "new\n"})
    assert place.gate(head).conclusion == "action_required"
    place.review("bob", number, "APPROVE", head)
    place.house.settle()

    assert place.gate(head).conclusion == "success"


AUTO = "perspectives: [security]\nautomerge: {method: merge}\n"


def test_what_was_approved_for_one_branch_is_not_merged_into_another(new_place: NewPlace):
    place = new_place(PERSON)
    place.push("dev", place.commit({".github/quorum.yml": AUTO}, place.main), "mona")
    place.protect("dev")
    place.house.settle()
    place.house.faults(Fault("PUT", r"/merge$", status=502, times=None))
    head = place.push("topic", place.commit({"n.txt": "new\n"}, place.git("rev-parse", "dev")))
    number = place.open("topic", "dev")
    place.house.settle()
    place.call("ada", "PATCH", f"pulls/{number}", {"base": "main"})
    place.house.faults()
    place.house.later()

    assert not place.repository.issues[number]["pull"]["merged"]
    assert place.gate(head).conclusion != "success"


def test_two_looks_side_by_side_end_with_what_holds(place: Place, monkeypatch: pytest.MonkeyPatch):
    place.push("topic", place.commit({"n.txt": "new\n"}, place.main))
    place.push("release", place.main, "mona")
    place.protect("release")
    one, other = place.open("topic"), place.open("topic", "release")
    place.house.settle()
    recheck: Any = import_module("app.workflows.recheck")
    write = recheck.write_gate
    place.call("ada", "PATCH", f"pulls/{one}", {"title": "Another"})

    async def late(*args: Any, **more: Any) -> Any:
        monkeypatch.setattr(recheck, "write_gate", write)
        place.say("dora", other, "@quorum veto because it is a sample")
        for _ in range(6):
            await place.house._hand_over(place.house.arrived())
            await place.house._drive()
        return await write(*args, **more)

    monkeypatch.setattr(recheck, "write_gate", late)
    place.house.settle()

    assert not place.merged(other)


def test_a_review_of_the_change_to_one_branch_is_not_one_of_the_change_to_another(new_place: NewPlace):
    place = new_place(PERSON)
    place.push("dev", place.commit({"e.txt": "not for main\n"}, place.main), "mona")
    place.protect("dev")
    head = place.push("topic", place.commit({"n.txt": "new\n"}, place.git("rev-parse", "dev")))
    number = place.open("topic", "dev")
    place.house.settle()
    place.review("bob", number, "APPROVE", head)
    place.call("ada", "PATCH", f"pulls/{number}", {"base": "main"})
    place.house.settle()

    assert place.gate(head).conclusion == "action_required"
