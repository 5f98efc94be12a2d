"""Whether an approval under an older policy is still worth what it says."""

import pytest

from app.policy.config import PERSPECTIVES, Policy
from app.policy.stricter import asks_more

FEWER = ("security", "testing")
ONE = {"name": "One", "requires": {"people": {}}}
OTHER = {"name": "Other", "requires": {"codeowners": True}}


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        ({}, {}, False),
        ({"required": FEWER}, {"required": "all"}, True),
        ({"required": "all"}, {"required": FEWER}, False),
        ({"min_confidence": 0.5}, {"min_confidence": 0.6}, True),
        ({"min_confidence": 0.6}, {"min_confidence": 0.5}, False),
        ({}, {"test": "pytest"}, True),
        ({"test": "true"}, {"test": "pytest"}, True),
        ({"test": "pytest"}, {}, False),
        ({"set_aside": ("docs/",)}, {}, True),
        ({}, {"set_aside": ("docs/",)}, False),
        ({"set_aside": ("docs/",)}, {"set_aside": ("docs/", "!docs/a")}, True),
        ({"strict": True}, {}, False),
        ({}, {"strict": True}, True),
        ({"max_age_hours": 5}, {}, False),
        ({"max_age_hours": 5}, {"max_age_hours": 5}, False),
        ({"max_age_hours": 5}, {"max_age_hours": 6}, False),
        ({"max_age_hours": 5}, {"max_age_hours": 4}, True),
        ({}, {"max_age_hours": 4}, True),
        ({"autonomy": 2}, {"autonomy": 3}, False),
        ({"autonomy": 3}, {"autonomy": 2}, True),
        ({"vetoes": FEWER}, {}, False),
        ({}, {"vetoes": FEWER}, True),
        ({"carry_over": "exact"}, {}, False),
        ({"carry_over": "exact"}, {"carry_over": "exact"}, False),
        ({}, {"carry_over": "exact"}, True),
        ({"carry_over": "exact"}, {"carry_over": "same_tree"}, True),
        ({"rules": [ONE, OTHER]}, {"rules": [OTHER]}, False),
        ({"rules": [ONE, OTHER]}, {}, False),
        ({"rules": [ONE]}, {"rules": [OTHER]}, True),
        ({"rules": [ONE]}, {"rules": [{**ONE, "requires": {"people": {"count": 2}}}]}, True),
        ({}, {"override": False}, True),
        ({"budget_usd": 1}, {"budget_usd": 9}, False),
        ({}, {"environments": {"prod": {"after": ("staging",)}}}, False),
    ],
)
def test_what_counts_as_more(old, new, more):
    assert asks_more(Policy.model_validate(new), Policy.model_validate(old)) is more


def test_who_is_only_heard_is_nobody_who_must_agree():
    heard = Policy(perspectives=PERSPECTIVES, required=FEWER)
    assert not asks_more(heard, Policy(perspectives=FEWER, required=FEWER))


def test_a_key_that_nobody_thought_about_counts_as_more_when_it_differs():
    class Later(Policy):
        people: int = 0

    assert not asks_more(Later(people=1), Policy())  # its own keys are not yet those of a policy
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.policy.stricter.Policy", Later)
        assert asks_more(Later(people=1), Later())
        assert not asks_more(Later(people=1), Later(people=1))
