"""What is asked of an approval beyond that it is there: age, family, confidence, what it is carried over."""

import pytest
from gate_builders import NOW, OLDER, POLICY, facts, facts_with, nodes, ruled, verdict

from app.policy.config import Policy
from app.policy.gate import decide, render_decision
from app.policy.rules import PERSPECTIVES


def status(facts_, policy, proposed=None):
    return decide(facts_, policy, proposed).status


AGES = [
    ("young", NOW - 3600, NOW, "approved"),
    ("just young enough", NOW - 24 * 3600, NOW, "approved"),
    ("a second too old", NOW - 24 * 3600 - 1, NOW, "error"),
    ("of the future, as clocks differ", NOW + 300, NOW, "approved"),
    ("not known", None, NOW, "pending"),
    ("now is not known", NOW, None, "pending"),
]


@pytest.mark.parametrize(("case", "at", "now", "expected"), AGES, ids=[each[0] for each in AGES])
@pytest.mark.parametrize("where", ["policy", "rule"])
def test_case_48_an_approval_grows_old(case, at, now, expected, where):
    policy = Policy(max_age_hours=24) if where == "policy" else ruled({"max_age_hours": 24})
    known = facts(verdicts={name: verdict(name, at=at) for name in PERSPECTIVES}, now=now)

    assert status(known, policy) == expected


@pytest.mark.parametrize(
    ("own", "author", "model", "expected"),
    [
        (False, None, "claude-x", "approved"),
        (True, "claude", "anthropic:claude-opus-4-5", "error"),
        (True, "claude", "openai/gpt-5.2", "approved"),
        (True, "claude", "", "pending"),
        (True, None, "gpt-5", "pending"),
        (None, "claude", "gpt-5", "pending"),
    ],
)
def test_an_approval_of_another_family_than_the_authors(own, author, model, expected):
    policy = ruled(
        {"perspectives": ["testing"], "other_family": True}, autonomy=4, perspectives=["security", "testing"]
    )
    verdicts = {"security": verdict(), "testing": verdict("testing", model=model)}
    decision = decide(facts(own=own, author_family=author, verdicts=verdicts), policy)

    assert nodes(decision)["The rule"].status == expected


@pytest.mark.parametrize("key", [{"min_confidence": 0.95}, {"max_age_hours": 1}, {"other_family": True}])
def test_a_term_alone_is_for_all_required_perspectives_and_else_for_those_that_the_rule_names(key):
    required = [node.rule for node in nodes(decide(facts(), ruled(key)))["The rule"].children]
    named = [
        node.rule for node in nodes(decide(facts(), ruled({"perspectives": ["testing"], **key})))["The rule"].children
    ]
    some = ruled({"some_of": {"count": 1, "of": ["testing", "security"]}, **key})

    assert required == list(PERSPECTIVES)
    assert named == ["testing"]
    assert [node.rule for node in nodes(decide(facts(), some))["The rule"].children] == ["1 of 2"]


@pytest.mark.parametrize(("confidence", "expected"), [(0.79, "error"), (0.8, "approved"), (1.0, "approved")])
def test_a_rule_can_ask_to_be_surer(confidence, expected):
    assert status(facts_with("testing", confidence=confidence), ruled({"min_confidence": 0.8})) == expected


CARRY = ["exact", "same_tree", "same_diff", "same_diff_and_message"]


@pytest.mark.parametrize("wanted", CARRY)
@pytest.mark.parametrize("same", CARRY)
@pytest.mark.parametrize("where", ["policy", "rule"])
def test_what_must_be_the_same_for_an_approval_to_be_carried(wanted, same, where):
    policy = (
        Policy(carry_over=wanted) if where == "policy" else ruled({"perspectives": ["testing"]}, rule_carry_over=wanted)
    )
    carried = facts_with("testing", carried_from=OLDER, same=frozenset({same, "same_diff"}))
    expected = "approved" if wanted in {same, "same_diff"} else "pending"

    assert status(carried, policy) == expected
    assert status(facts_with("testing", same=frozenset()), policy) == "approved", "it was given for this very head"


def test_a_rule_that_carries_over_less_names_what_is_lacking():
    policy = ruled({"perspectives": ["testing"]}, rule_carry_over="exact")
    decision = decide(facts_with("testing", carried_from=OLDER, same=frozenset({"same_diff"})), policy)

    assert decision.title == "Wait for the testing review"
    assert "the policy carries over exact only" in render_decision(decision)


@pytest.mark.parametrize("up_to_date", [True, False, None])
def test_case_08_a_base_that_moved_counts_only_where_the_policy_is_strict(up_to_date):
    expected = {True: "approved", False: "blocked", None: "pending"}[up_to_date]

    assert status(facts(up_to_date=up_to_date), Policy(strict=True)) == expected
    assert status(facts(up_to_date=up_to_date), POLICY) == "approved"
