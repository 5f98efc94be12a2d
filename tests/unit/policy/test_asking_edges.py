"""Who is asked, and what must be the same: where several rules speak of one perspective, or of none."""

from gate_builders import facts, ruled

from app.policy.asking import who_is_asked
from app.policy.config import Policy
from app.policy.rules import Rule

LEAST = {"perspectives": ["security"]}


def test_a_rule_that_is_about_people_asks_no_perspective_to_carry_over_less():
    about_people = ruled({"people": {}}, rule_carry_over="exact", **LEAST)

    assert who_is_asked(facts(), about_people) == {"security": {"same_diff"}}


def test_what_two_rules_want_of_one_perspective_adds_up():
    first, second = (
        Rule.model_validate({"name": each, "requires": {"perspectives": ["testing"]}, "carry_over": each})
        for each in ("exact", "same_tree")
    )
    policy = Policy(perspectives=("security",), rules=(first, second))

    assert who_is_asked(facts(), policy)["testing"] == {"same_diff", "exact", "same_tree"}
