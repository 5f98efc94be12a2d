"""Labels that show how a pull request stands."""

import pytest

from app.policy.config import parse_policy
from app.policy.marking import OURS, Labels, Standing, labels_for, to_change

APPROVED = Standing("approved", "low")


@pytest.mark.parametrize(
    ("standing", "names"),
    [
        (APPROVED, {"quorum: approved", "quorum: low risk"}),
        (Standing("approved", "low", asks_person=True), {"quorum: approved", "quorum: low risk"}),
        (Standing("blocked", "high"), {"quorum: blocked", "quorum: high risk"}),
        (Standing("blocked", "high", asks_person=True), {"quorum: needs human", "quorum: high risk"}),
        (Standing("error", "medium"), {"quorum: needs human", "quorum: medium risk"}),
        (Standing("pending", "medium", asks_person=True), {"quorum: medium risk"}),
        (Standing("pending", None), set()),
    ],
)
def test_labels_say_how_it_stands_now(standing, names):
    assert labels_for(True, standing) == names
    assert names <= OURS


def test_a_policy_chooses_which_and_wants_none_by_itself():
    assert labels_for(Labels(risk=False), APPROVED) == {"quorum: approved"}
    assert labels_for(Labels(state=False), APPROVED) == {"quorum: low risk"}
    assert labels_for(False, APPROVED) is None
    assert parse_policy("").labels is False
    assert parse_policy("labels: {risk: false}").labels == Labels(risk=False)


def test_one_takes_the_place_of_the_other_and_those_of_people_stay():
    there = ["bug", "quorum", "Quorum: Blocked", "quorum: low risk", "quorum: mine"]

    assert to_change(frozenset({"quorum: approved", "quorum: low risk"}), there) == (
        ["quorum: approved"],
        ["Quorum: Blocked"],
    )
    assert to_change(frozenset(), ["bug", "quorum"]) == ([], [])
    assert to_change(frozenset({"quorum: approved"}), ["QUORUM: approved"]) == ([], [])
