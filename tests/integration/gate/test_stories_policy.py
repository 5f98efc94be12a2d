"""Which policy holds, and what follows when it changes. The numbers are those of the list of cases."""

from collections.abc import Callable

from app.policy.config import POLICY_PATH
from tests.support.house import House
from tests.support.places import QUICK, Place, another_app

PERSON = "perspectives: [security, testing]\nrules:\n- {name: A person, requires: {people: {}}}\n"
NewPlace = Callable[..., Place]


def test_case_26_a_pull_request_that_loosens_the_policy_is_judged_by_the_base_and_says_so(new_place: NewPlace):
    place = new_place(PERSON)
    head, number = place.pull({POLICY_PATH: QUICK, "n.txt": "new\n"})

    assert place.gate(head).conclusion == "action_required"
    assert "this pull request changes it, so both must be satisfied" in place.gate(head).summary
    assert not place.merged(number)

    place.review("bob", number, "APPROVE", head)
    place.house.settle()
    assert place.gate(head).conclusion == "success"


def test_case_26_a_stricter_policy_in_the_pull_request_counts_at_once(place: Place):
    strict = f"{QUICK}min_confidence: 1.0\n"
    head, number = place.pull({POLICY_PATH: strict, "n.txt": "new\n"})
    place.review("bob", number, "APPROVE", head)
    place.house.settle()

    assert place.gate(head).conclusion == "action_required"
    assert "the policy asks for 1.00" in place.gate(head).summary


def test_case_27_without_a_policy_the_organizations_counts_as_it_is_now(house: House, new_place: NewPlace):
    world = house.stage.world
    organization = world.organizations.get("acme") or world.add_organization("acme", {"mona": "admin"})
    defaults = new_place("perspectives: [security]\n", organization, name=".github")
    place = new_place(None, organization)
    head, _ = place.pull({"n.txt": "new\n"})

    assert place.gate(head).title == "Approved: security"
    assert "from the organization's .github repository; the base branch has none" in place.gate(head).summary

    defaults.set_policy(PERSON.replace(", testing", ""))
    house.settle()
    newer = place.push("topic", place.commit({"o.txt": "new\n"}, head))
    house.settle()
    assert place.gate(newer).conclusion == "action_required"


def test_case_27_the_built_in_policy_asks_all_five_and_says_what_it_is(new_place: NewPlace):
    place = new_place(None)
    head, _ = place.pull({"n.txt": "EVIL architecture\n"})

    assert place.gate(head).title == "Fix 1 finding of architecture"
    assert "the built-in one; neither the base branch nor the organization has one" in place.gate(head).summary
    asked = {each for role in place.house.model.asked for each in role.removeprefix("reviewer:").split("+")}
    assert len(asked - {"challenger"}) == 5, "two of them may share a reader"


def test_case_28_an_invalid_policy_closes_and_names_its_line_until_a_pull_request_repairs_it(place: Place):
    place.set_policy("perspectives: [security, testing]\nrequird: all\n")
    head, number = place.pull({"n.txt": "new\n"})

    gate = place.gate(head)
    assert (gate.conclusion, gate.title) == ("action_required", "Correct .github/quorum.yml on the base branch")
    assert "line 2, column 1: there is no key" in gate.summary
    assert not place.merged(number)

    repaired, mending = place.pull({POLICY_PATH: QUICK}, "mending")
    assert place.gate(repaired).conclusion == "action_required", "a person approves changes of the policy"
    place.review("bob", mending, "APPROVE", repaired)
    place.house.settle()
    assert place.gate(repaired).conclusion == "success"
    assert (
        "the last one that could be used; this pull request repairs the base branch's" in place.gate(repaired).summary
    )
    assert place.merged(mending)

    place.house.settle()
    assert place.gate(head).conclusion == "success", "what was open is judged anew"


def test_case_29_another_policy_on_the_base_is_applied_to_all_that_is_open(place: Place):
    head, number = place.pull({"n.txt": "new\n"})
    other, _ = place.pull({"o.txt": "new\n"}, "other")
    assert [place.gate(each).conclusion for each in (head, other)] == ["success"] * 2

    place.set_policy(PERSON)
    place.house.settle()

    assert [place.gate(each).conclusion for each in (head, other)] == ["action_required"] * 2
    assert not place.merged(number)


LABELS = """\
perspectives: [security, testing]
rules:
- {name: Risky, applies_to: {labels: [risky]}, requires: {people: {}}}
"""
SAFE = "perspectives: [security]\nrules:\n- {name: Rest, applies_to: {not: {labels: [safe]}}, requires: {people: {}}}\n"


def test_case_32_a_label_after_the_evaluation_causes_a_new_one(new_place: NewPlace):
    place = new_place(LABELS)
    head, number = place.pull({"n.txt": "new\n"})
    assert place.gate(head).conclusion == "success"

    place.call("tom", "POST", f"issues/{number}/labels", {"labels": ["Risky"]})
    place.house.settle()
    assert place.gate(head).conclusion == "action_required"

    place.call("tom", "DELETE", f"issues/{number}/labels/Risky")
    place.house.settle()
    assert place.gate(head).conclusion == "success"


def test_case_32_a_label_that_a_bot_set_relaxes_nothing_and_one_of_a_triager_does(new_place: NewPlace):
    place = new_place(SAFE)
    head, number = place.pull({"n.txt": "new\n"})
    with another_app(place) as ask:
        ask("POST", f"issues/{number}/labels", {"labels": ["safe"]})
    place.house.settle()
    assert place.gate(head).conclusion == "action_required"

    place.house.forget_labels()
    place.house.sweep()
    assert place.gate(head).conclusion == "action_required", "who set it is looked up where no event told"

    place.call("tom", "DELETE", f"issues/{number}/labels/safe")
    place.call("tom", "POST", f"issues/{number}/labels", {"labels": ["safe"]})
    place.house.settle()
    assert place.gate(head).conclusion == "success"


def test_case_34_a_renamed_default_branch_and_a_release_branch_with_its_own_policy(place: Place):
    head, number = place.pull({"n.txt": "new\n"})
    release = place.push("release", place.commit({POLICY_PATH: PERSON}, place.main), "mona")
    place.protect("release")
    fixed = place.push("fix", place.commit({"f.txt": "new\n"}, release))
    place.open("fix", "release")
    place.call("mona", "POST", "branches/main/rename", {"new_name": "trunk"})
    place.house.settle()

    assert place.gate(fixed).conclusion == "action_required"
    assert place.gate(head).conclusion == "success"
    newer = place.push("topic", place.commit({"o.txt": "EVIL testing\n"}, head))
    place.house.settle()
    assert place.gate(newer).conclusion == "failure"
    assert not place.merged(number)
