"""On which terms approvals count, who is asked to review, and that a rule only ever asks for more."""

from dataclasses import replace

import pytest
from gate_builders import (
    ADA,
    DIFF,
    HEAD,
    OLDER,
    OTHER_DIFF,
    POLICY,
    approval,
    changed,
    facts,
    facts_with,
    person,
    ruled,
    said,
    verdict,
)  # fmt: skip
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.asking import who_is_asked
from app.policy.config import Policy
from app.policy.finding import Outcome
from app.policy.gate import decide
from app.policy.rules import KNOWN, PERSPECTIVES, Rule
from app.policy.terms import terms_of

RANK = {"approved": 0, "error": 1, "pending": 2, "blocked": 3}
LEAST = {"perspectives": ["security"]}


@pytest.mark.parametrize(
    ("policy", "requires", "name", "expected"),
    [
        ({}, {"min_confidence": 0.8}, "min_confidence", 0.8),
        ({"min_confidence": 0.9}, {"min_confidence": 0.8}, "min_confidence", 0.9),
        ({}, {"people": {}}, "min_confidence", 0.5),
        ({}, {"max_age_hours": 5}, "max_age_hours", 5),
        ({"max_age_hours": 3}, {"max_age_hours": 5}, "max_age_hours", 3),
        ({"max_age_hours": 3}, {"people": {}}, "max_age_hours", 3),
        ({}, {"people": {}}, "max_age_hours", None),
        ({}, {"other_family": True}, "other_family", True),
        ({}, {"people": {}}, "carry_over", {"same_diff"}),
        ({"carry_over": "exact"}, {"people": {}}, "carry_over", {"exact"}),
    ],
)
def test_a_rules_terms_are_the_stricter_of_its_own_and_the_policys(policy, requires, name, expected):
    made = ruled(requires, **policy)

    assert getattr(terms_of(made, made.rules[0]), name) == expected


def test_a_rule_that_carries_over_less_adds_to_what_the_policy_wants_to_be_the_same():
    made = ruled({"people": {}}, rule_carry_over="same_tree")

    assert terms_of(made, made.rules[0]).carry_over == {"same_diff", "same_tree"}
    assert terms_of(made).carry_over == {"same_diff"}


def test_security_has_a_veto_under_every_policy_and_rule():
    made = Policy.model_construct(**{**dict(Policy()), "vetoes": ()})
    rule = ruled({"perspectives": ["testing"]}, rule_veto=True).rules[0]

    assert terms_of(made).vetoes == {"security"}
    assert terms_of(made, rule).vetoes == {"security", "testing"}


def test_a_rule_may_say_who_overrides_what_it_asks_for():
    made = ruled({"people": {}}, rule_override=False)

    assert terms_of(made).override is not None
    assert terms_of(made, made.rules[0]).override is None
    assert terms_of(made, replace_rule(made, override=None)).override == made.override


def replace_rule(policy, **changes):
    return policy.rules[0].model_copy(update=changes)


def test_who_is_asked_comes_in_order_and_once():
    asked = who_is_asked(facts(files=(changed("main.tf"),)), Policy(perspectives=("testing", "security")))

    assert tuple(asked) == ("testing", "security", "infrastructure")


def test_whom_a_rule_names_is_asked_if_it_may_apply():
    rule = {"perspectives": ["documentation"], "some_of": {"count": 1, "of": ["performance", "testing"]}}
    surely = ruled(rule, **LEAST)
    maybe = ruled(rule, {"labels": ["docs"]}, **LEAST)

    assert tuple(who_is_asked(facts(), surely)) == ("security", "documentation", "performance", "testing")
    assert tuple(who_is_asked(facts(), maybe)) == ("security",)
    assert len(who_is_asked(facts(labels={"docs": False}), maybe)) == 4
    assert len(who_is_asked(facts(labels=None), maybe)) == 4


def test_what_must_be_the_same_is_what_every_rule_on_a_perspective_wants():
    exact = ruled({"perspectives": ["security"]}, rule_carry_over="exact", **LEAST)
    all_of_them = ruled({"min_confidence": 0.9}, rule_carry_over="same_tree")

    assert who_is_asked(facts(), exact) == {"security": {"same_diff", "exact"}}
    assert set(who_is_asked(facts(), all_of_them).values()) == {frozenset({"same_diff", "same_tree"})}
    both = who_is_asked(
        facts(), exact, Policy(perspectives=("security", "testing"), carry_over="same_diff_and_message")
    )
    assert both == {"security": {"same_diff", "exact", "same_diff_and_message"}, "testing": {"same_diff_and_message"}}


def test_security_is_asked_even_where_a_policy_was_built_without_it():
    made = Policy.model_construct(**{**dict(Policy()), "perspectives": ("testing",), "required": ("testing",)})

    assert tuple(who_is_asked(facts(), made)) == ("testing", "security")


names = st.sampled_from(KNOWN)
requires = st.fixed_dictionaries(
    {"min_confidence": st.sampled_from([0.0, 0.7, 1.0])},
    optional={
        "perspectives": st.lists(names, min_size=1, max_size=2, unique=True),
        "some_of": st.lists(names, min_size=1, max_size=3, unique=True).map(lambda of: {"count": 1, "of": of}),
        "people": st.fixed_dictionaries({"count": st.integers(1, 2)}),
        "codeowners": st.booleans(),
        "checks": st.just(["ci"]),
        "max_age_hours": st.integers(1, 9),
        "other_family": st.booleans(),
    },
)
rules = st.builds(
    lambda requires, **more: Rule.model_validate({"name": "Drawn", "requires": requires, **more}),
    requires,
    applies_to=st.sampled_from([None, {"paths": ["src/"]}, {"labels": ["x"]}, {"title": "y"}]),
    override=st.sampled_from([None, False, {"by": ["write"], "author": True, "outage": True}]),
    carry_over=st.sampled_from([None, "exact", "same_tree"]),
    veto=st.booleans(),
)
policies = st.builds(
    Policy,
    min_confidence=st.sampled_from([0.0, 0.5, 0.9]),
    max_age_hours=st.sampled_from([None, 2]),
    carry_over=st.sampled_from(["exact", "same_diff"]),
    vetoes=st.sampled_from([("security",), ("security", "testing")]),
    required=st.sampled_from(["all", ("security",)]),
)
given_verdicts = st.fixed_dictionaries(
    {
        name: st.builds(
            verdict,
            st.just(name),
            outcome=st.sampled_from([Outcome.APPROVED] * 4 + list(Outcome)),
            confidence=st.sampled_from([0.6, 0.95, 0.95]),
            fingerprint=st.sampled_from([DIFF] * 6 + [OTHER_DIFF]),
            carried_from=st.sampled_from([None, None, OLDER]),
            same=st.sampled_from([frozenset({"same_diff"}), frozenset({"same_diff", "same_tree"})]),
        )
        for name in KNOWN
    }
)
known = st.builds(
    facts,
    verdicts=given_verdicts,
    labels=st.sampled_from([{}, {"x": True}, {"x": False}]),
    title=st.sampled_from(["y", "n", None]),
    reviews=st.sampled_from([(), (approval(),), (approval(), approval(person("cyd")))]),
    statements=st.lists(
        st.builds(said, st.just("override"), names, st.sampled_from([ADA, person("dora", permission="admin")])),
        max_size=2,
    ).map(tuple),
    head_sha=st.just(HEAD),
)


@settings(max_examples=300)
@given(policies, rules)
def test_a_rule_is_never_laxer_than_its_policy(policy, rule):
    base, own = terms_of(policy), terms_of(policy, rule)

    assert own.min_confidence >= base.min_confidence
    assert own.carry_over >= base.carry_over
    assert own.vetoes >= base.vetoes
    assert base.max_age_hours is None or own.max_age_hours <= base.max_age_hours
    assert own.other_family or not base.other_family


@settings(max_examples=300)
@given(known, policies, rules)
def test_another_rule_never_opens_the_gate(facts_, policy, rule):
    more = policy.model_copy(update={"rules": (rule,)})

    assert RANK[decide(facts_, more).status] >= RANK[decide(facts_, policy).status] or (
        decide(facts_, policy).status != "approved" and decide(facts_, more).status != "approved"
    )
    assert set(who_is_asked(facts_, more)) >= set(who_is_asked(facts_, policy))


@settings(max_examples=200)
@given(known, policies, rules)
def test_whom_an_open_gate_counted_was_asked(facts_, policy, rule):
    made = policy.model_copy(update={"rules": (rule,)})
    waited = {name for name in KNOWN if decide(_without(facts_, name), made).status != decide(facts_, made).status}

    assert waited <= set(who_is_asked(facts_, made))


def _without(facts_, name):
    return replace(facts_, verdicts={key: each for key, each in facts_.verdicts.items() if key != name})


@pytest.mark.parametrize("name", PERSPECTIVES)
def test_what_is_carried_on_other_terms_than_a_rules_is_asked_for_again(name):
    made = ruled({"perspectives": [name]}, rule_carry_over="exact")

    assert who_is_asked(facts(), made)[name] == {"same_diff", "exact"}
    assert decide(facts_with(name, carried_from=OLDER, same=frozenset({"same_diff"})), made).status == "pending"
    assert decide(facts_with(name, carried_from=OLDER, same=frozenset({"same_diff"})), POLICY).status == "approved"
