"""A draft of our own ends when nothing but people's approval is missing for a green gate, and ends once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.places import Place
from tests.support.tended import Desk, at_work, new_issue, run_ci

POLICY = "perspectives: [security]\nrules:\n- {name: ci, requires: {checks: [build]}}\n"
LOG = "n.txt: it is not fine\n##[error]Process completed with exit code 1.\n"
DRAFT = "mutation Draft($id: ID!) { convertPullRequestToDraft(input: {pullRequestId: $id}) { pullRequest { id } } }"


@pytest.fixture
def place(new_place: Callable[..., Place]) -> Place:
    return new_place(POLICY)


@pytest.fixture
def desk(place: Place) -> Iterator[Desk]:
    """Of who worked on an issue whose pull request the council has approved."""
    with at_work(place) as (desk, _):
        desk.files = {"n.txt": "fine\n", "test_n.py": "'fine'\n"}
        place.house.arrived()
        run_ci(place, place.main, "success")
        new_issue(place)
        place.house.settle()
        yield desk


def own(place: Place) -> Any:
    (pull,) = place.call("ada", "GET", "pulls?state=open")
    return pull


@pytest.mark.usefixtures("desk")
def test_it_ends_when_the_check_that_the_policy_names_has_passed_and_not_again(place: Place):
    pull = own(place)
    assert pull["draft"]
    (progress,) = [each for each in place.answers(pull["number"] - 1) if "quorum:progress-" in each]
    assert f"The council approved pull request #{pull['number']}" in progress
    assert "It stays a draft while the gate is not green: Wait for the check that the policy names" in progress

    run_ci(place, pull["head"]["sha"], "success")
    place.house.settle()
    assert not own(place)["draft"]
    assert place.gate(pull["head"]["sha"]).conclusion == "action_required", "a person has yet to approve it"

    graphql = f"{place.house.stage.github_url}/api/graphql"
    place.house.person("ada").call("POST", graphql, {"query": DRAFT, "variables": {"id": pull["node_id"]}})
    run_ci(place, pull["head"]["sha"], "success")
    place.house.settle()
    place.house.sweep()
    assert own(place)["draft"], "whoever made it a draft again decides when it ends"


def test_it_does_not_end_while_the_check_fails_and_does_when_that_is_repaired(place: Place, desk: Desk):
    first = own(place)["head"]["sha"]
    desk.files = {"n.txt": "fine now\n"}
    run_ci(place, first, "failure", LOG)
    place.house.settle()
    repaired = own(place)
    assert place.git("rev-parse", f"{repaired['head']['sha']}^") == first
    assert repaired["draft"], "the check has not ended there"

    run_ci(place, repaired["head"]["sha"], "success")
    place.house.settle()
    assert not own(place)["draft"]


@pytest.mark.usefixtures("desk")
def test_a_veto_keeps_it_a_draft_until_it_is_withdrawn(place: Place):
    pull = own(place)
    place.say("bob", pull["number"], "@quorum veto because it is too early")
    place.house.settle()
    run_ci(place, pull["head"]["sha"], "success")
    place.house.settle()
    assert own(place)["draft"]
    place.say("bob", pull["number"], "@quorum withdraw veto")
    place.house.settle()
    assert not own(place)["draft"]
