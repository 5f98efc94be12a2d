"""Somebody insists: asks again until it is a yes, stops what would say no, uses old rights, stands in the way."""

from collections.abc import Callable

import pytest

from app.runs.admission import cancel_subject
from app.store.work import work
from tests.support.house import House
from tests.support.places import Place

NewPlace = Callable[..., Place]
BACKDOOR = {"n.txt": "EVIL security\n"}
OUTAGE = "perspectives: [security]\noverride: {by: [maintain], outage: true}\n"


@pytest.fixture
def refused(new_place: NewPlace) -> tuple[Place, str, int]:
    """By security, which would say yes if it were asked again."""
    place = new_place("perspectives: [security]\n")
    head, number = place.pull(BACKDOOR)
    assert place.gate(head).conclusion == "failure"
    place.house.model.forgiving = True
    return place, head, number


def test_who_wrote_it_does_not_ask_security_until_it_says_yes(refused: tuple[Place, str, int]):
    place, head, number = refused

    place.say("ada", number, "@quorum review")
    place.house.settle()

    assert place.gate(head).conclusion == "failure"
    assert "What security refused stays refused for this diff" in place.answers(number)[-1]
    assert not place.merged(number)


def test_nor_by_running_its_check_again(refused: tuple[Place, str, int]):
    place, head, _ = refused
    (check,) = [each["id"] for each in place.repository.check_runs.values() if each["name"] == "quorum/security"]

    place.call("ada", "POST", f"check-runs/{check}/rerequest")
    place.house.settle()

    assert place.gate(head).conclusion == "failure"


def test_nobody_is_asked_again_by_another_base_branch_and_back(new_place: NewPlace):
    place = new_place("perspectives: [security, testing]\n")
    place.push("release", place.main, "mona")
    head, number = place.pull({"n.txt": "EVIL testing\n"})
    assert place.gate(head).conclusion == "failure"
    place.house.model.forgiving = True

    for base in ("release", "main"):
        place.call("ada", "PATCH", f"pulls/{number}", {"base": base})
        place.house.settle()

    assert place.gate(head).conclusion == "failure", "whoever opened it may change its base, and wished for nothing"


def test_somebody_who_wrote_no_part_of_it_may_have_it_looked_at_again(refused: tuple[Place, str, int]):
    place, head, number = refused

    place.say("bob", number, "@quorum review")
    place.house.settle()

    assert place.gate(head).conclusion == "success"


def test_a_refusal_goes_along_to_a_moved_base_even_where_no_approval_would(new_place: NewPlace):
    place = new_place("perspectives: [security]\ncarry_over: exact\n")
    head, _ = place.pull(BACKDOOR)
    assert place.gate(head).conclusion == "failure"
    place.house.model.forgiving = True
    place.main = place.push("main", place.commit({"c.txt": "c\n"}, place.main), "mona")
    rebased = place.push("topic", place.commit(BACKDOOR, place.main))
    place.house.settle()

    assert place.gate(rebased).conclusion == "failure"


def test_who_stops_a_review_has_made_no_outage(new_place: NewPlace):
    place = new_place(OUTAGE)
    head = place.push("topic", place.commit(BACKDOOR, place.main))
    number = place.open("topic")
    place.house.hand_over(place.house.arrived())
    stop(place, number)
    place.house.settle()
    assert place.gate(head).conclusion == "action_required"

    place.say("dora", number, f"@quorum override security at {head} because it did not answer")
    place.house.settle()

    assert place.gate(head).conclusion == "action_required"
    assert "was not overridden" in place.answers(number)[-1]


def stop(place: Place, number: int) -> None:
    async def cancel() -> None:
        async with work(place.house.services.database) as db:
            assert await cancel_subject(db, place.repository.id, number, ("review",), "@ada asked to stop")

    place.house.run(cancel())


def test_a_pull_request_into_a_branch_without_a_gate_does_not_keep_another_one_shut(place: Place):
    head = place.push("topic", place.commit({"n.txt": "new\n"}, place.main))
    place.push("wild", place.main, "mona")
    number, beside = place.open("topic"), place.open("topic", "wild", "bob")
    place.house.settle()

    assert {gate.conclusion for gate in place.gates(head)} == {"success"}
    place.house.sweep()
    assert place.merged(number)
    place.house.settle()
    assert {gate.conclusion for gate in place.gates(head)} == {"action_required"}, f"#{beside} alone opens nothing"


def test_no_pull_request_repairs_the_organizations_policy_by_one_of_its_own(house: House, new_place: NewPlace):
    organization = house.stage.world.add_organization("umbrella", {"mona": "admin"})
    new_place("perspectives: [security]\nrequird: all\n", organization, name=".github")
    place = new_place(None, organization)

    head, number = place.pull({".github/quorum.yml": "perspectives: [security]\n"})
    place.review("bob", number, "APPROVE", head)
    house.settle()

    assert place.gate(head).conclusion == "action_required"
    assert place.gate(head).title.startswith("Correct .github/quorum.yml in the .github repository")


def test_a_right_that_another_worker_remembers_does_not_outlive_the_look_that_found_it_gone(new_place: NewPlace):
    place = new_place()
    head, number = place.pull({"n.txt": "EVIL testing\n"})
    place.say("dora", number, f"@quorum override testing at {head} because it is a sample")
    place.house.settle()
    assert place.gate(head).conclusion == "success"
    remembered = dict(place.house.services.forge.people_seen)
    place.repository.permissions["dora"] = "read"
    place.house.sweep()
    assert place.gate(head).conclusion == "failure"

    place.house.services.forge.people_seen.clear()
    place.house.services.forge.people_seen.update(remembered)
    place.call("ada", "POST", f"issues/{number}/labels", {"labels": ["again"]})
    place.house.settle()

    assert place.gate(head).conclusion == "failure"


def test_who_lost_the_right_to_speak_can_still_take_back_what_they_said(new_place: NewPlace):
    place = new_place()
    head, number = place.pull({"n.txt": "EVIL testing\n"})
    place.say("dora", number, f"@quorum override testing at {head} because it is a sample")
    place.house.settle()
    place.repository.permissions["dora"] = "read"
    place.say("dora", number, "@quorum withdraw testing")
    place.house.settle()
    place.repository.permissions["dora"] = "maintain"
    place.house.sweep()

    assert place.gate(head).conclusion == "failure"


def test_whose_push_no_event_told_of_does_not_approve_it_under_somebody_elses_address(new_place: NewPlace):
    place = new_place("perspectives: [security]\nrules:\n- {name: A person, requires: {people: {}}}\n")
    _, number = place.pull({"n.txt": "new\n"})
    head = place.push("topic", place.commit({"n.txt": "bob's\n"}, place.main), "bob")
    assert place.house.arrived(), "and nobody hears of it"
    place.house.sweep()
    place.review("bob", number, "APPROVE", head)
    place.house.settle()
    assert place.gate(head).conclusion == "action_required"

    place.review("dora", number, "APPROVE", head)
    place.house.settle()
    assert place.gate(head).conclusion == "success"


def test_a_veto_that_no_event_told_of_holds_as_soon_as_the_pull_request_is_looked_at(place: Place):
    head, number = place.pull({"n.txt": "new\n"})
    assert place.gate(head).conclusion == "success"
    place.say("dora", number, "@quorum veto because it is a sample")
    assert place.house.arrived(), "and nobody hears of it"

    newer = place.push("topic", place.commit({"n.txt": "newer\n"}, head))
    place.house.settle()
    place.house.later()

    assert place.gate(newer).conclusion == "failure"
    assert "holds until it is withdrawn" in place.gate(newer).summary


def test_a_word_of_somebody_who_may_not_say_it_keeps_nothing_waiting(place: Place):
    head, number = place.pull({"n.txt": "new\n"})
    place.say("rita", number, "@quorum veto because it is a sample")
    place.house.arrived()

    newer = place.push("topic", place.commit({"n.txt": "newer\n"}, head))
    place.house.settle()
    place.house.later()

    assert place.gate(newer).conclusion == "success"
