"""Which buttons a perspective's check run has, within what GitHub takes."""

from itertools import product

import pytest

from app.policy.finding import Outcome
from app.workflows.buttons import buttons_of


def shown(*args, **more):
    return [each["identifier"] for each in buttons_of(*args, **more)]


@pytest.mark.parametrize(
    ("perspective", "outcome", "fixable", "advice", "expected"),
    [
        ("testing", Outcome.APPROVED, False, False, ["explain"]),
        ("testing", Outcome.APPROVED, False, True, ["explain", "dismiss"]),
        ("security", Outcome.APPROVED, False, True, ["explain"]),
        ("testing", Outcome.BLOCKED, False, False, ["explain"]),
        ("testing", Outcome.BLOCKED, True, True, ["fix", "explain", "dismiss"]),
        ("security", Outcome.BLOCKED, True, True, ["fix", "explain"]),
        ("testing", Outcome.ABSTAINED, True, False, ["explain"]),
    ],
)
def test_a_button_is_there_where_pressing_it_does_something(perspective, outcome, fixable, advice, expected):
    assert shown(perspective, outcome, fixable=fixable, advice=advice) == expected


def test_advice_of_who_has_a_veto_is_not_silenced():
    assert shown("testing", Outcome.APPROVED, fixable=False, advice=True, vetoes={"security", "testing"}) == ["explain"]


def test_buttons_are_as_long_as_github_takes_them():
    for outcome, fixable, advice in product(Outcome, (True, False), (True, False)):
        buttons = buttons_of("testing", outcome, fixable=fixable, advice=advice)
        assert len(buttons) <= 3
        assert all(len(each["label"]) <= 20 and len(each["identifier"]) <= 20 for each in buttons)
        assert all(len(each["description"]) <= 40 for each in buttons)
