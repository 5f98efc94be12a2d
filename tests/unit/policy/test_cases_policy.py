"""Which policy holds. The numbers are those of the list of cases."""

from dataclasses import replace

import pytest
from gate_builders import POLICY, facts, facts_with, nodes, person, ruled, said

from app.policy.asking import who_is_asked
from app.policy.config import Policy, parse_policy
from app.policy.errors import PolicyError
from app.policy.finding import Outcome
from app.policy.gate import conclusion, decide, render_decision


def test_case_26_a_looser_policy_in_the_pull_request_is_judged_by_the_base():
    looser = Policy(required=("security",), min_confidence=0.0)
    changed = facts_with("testing", outcome=Outcome.BLOCKED)
    changed = type(changed)(**{**changed.__dict__, "policy_changed": True})

    assert decide(changed, POLICY, looser).status == "blocked"


def test_case_26_a_stricter_policy_in_the_pull_request_counts_at_once_and_is_mentioned():
    base, stricter = Policy(perspectives=("security", "testing")), Policy()
    known = facts(policy_changed=True)
    verdicts = {name: each for name, each in known.verdicts.items() if name != "documentation"}

    decision = decide(replace(known, verdicts=verdicts), base, stricter)

    assert (decision.status, decision.title) == ("pending", "Wait for the documentation review")
    assert "changes it, so both must be satisfied" in render_decision(decision)
    assert tuple(who_is_asked(facts(), base, stricter)) == (
        "security",
        "testing",
        "performance",
        "architecture",
        "documentation",
    )


TESTED = Policy(test="make test")


@pytest.mark.parametrize(
    ("base", "tests", "status"),
    [
        (Policy(), "not_configured", "approved"),
        (Policy(), "unknown", "pending"),
        (Policy(), "failed", "blocked"),
        (TESTED, "not_configured", "pending"),
    ],
)
def test_case_26_a_first_test_command_is_asked_for_once_it_is_on_the_base_branch(base, tests, status):
    """Nobody runs what is only proposed: to wait for it would be to wait for ever. A result that there is counts."""
    seen = facts(policy_changed=True, tests=tests, own=False)

    assert nodes(decide(seen, base, TESTED))["tests"].status == status


@pytest.mark.parametrize("proposed", [TESTED, ruled({"tests": True}, test="make test")])
def test_case_26_the_first_test_command_can_be_merged(proposed):
    decision = decide(facts(policy_changed=True, tests="not_configured"), Policy(), proposed)

    assert nodes(decision)["this pull request's own policy"].status == "approved", render_decision(decision)


def test_case_26_a_pull_request_that_breaks_the_policy_is_blocked():
    decision = decide(facts(policy_changed=True, proposed_policy_error="line 2: no key `requird`"), POLICY)

    assert (decision.status, decision.title) == ("blocked", "Correct .github/quorum.yml")


@pytest.mark.parametrize(
    ("source", "words"), [("org", "organization's .github repository"), ("default", "the built-in one")]
)
def test_case_27_where_the_policy_comes_from_is_said(source, words):
    decision = decide(facts(policy_source=source), POLICY)

    assert decision.status == "approved"
    assert words in render_decision(decision)


def test_case_28_an_invalid_policy_on_base_closes_the_gate_and_names_the_line():
    with pytest.raises(PolicyError) as caught:
        parse_policy("budget_usd: 5\nmax_rounds: 9\n")
    decision = decide(facts(policy_source="invalid", policy_error=str(caught.value)), POLICY)

    assert conclusion(decision) == ("completed", "action_required")
    assert "line 2, column 1" in render_decision(decision)


def test_case_28_a_pull_request_that_repairs_the_policy_is_judged_by_the_last_good_one_and_its_own():
    repairing = {"policy_source": "invalid", "policy_error": "line 2", "policy_changed": True}

    assert decide(facts(**repairing), POLICY, Policy()).status == "approved"
    assert decide(facts(**repairing, verdicts={}), POLICY, Policy()).status == "pending"
    assert decide(facts(**repairing), POLICY).status == "pending"


def test_case_26_each_of_both_policies_can_close_the_gate_and_the_proposed_ones_part_is_shown_apart():
    base = Policy(perspectives=("security",))
    known = facts(policy_changed=True)
    own = nodes(decide(known, base, Policy(min_confidence=1.0)))["this pull request's own policy"]

    assert own.status == "error"
    assert decide(known, base, Policy(min_confidence=1.0)).status == "error"
    assert decide(known, Policy(min_confidence=1.0), base).status == "error"


def test_case_26_a_proposed_policy_counts_only_if_the_file_is_changed():
    assert decide(facts(policy_changed=False), POLICY, Policy(min_confidence=1.0)).status == "approved"


def test_case_28_nobody_is_waited_for_under_a_policy_that_cannot_be_used():
    unusable = facts(policy_source="invalid", policy_error="line 3", verdicts={}, files_unread=None)

    assert decide(unusable, POLICY).title == "Correct .github/quorum.yml on the base branch"
    assert conclusion(decide(unusable, POLICY)) == ("completed", "action_required")
    vetoed = replace(unusable, statements=(said("veto", "", person()),))
    assert decide(vetoed, POLICY).status == "blocked", "what people hold against it counts"


def test_case_29_a_policy_that_could_not_be_loaded_is_not_one_that_is_absent():
    assert conclusion(decide(facts(policy_source="unknown"), POLICY)) == ("in_progress", None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("required: [security, securty]", "there is no perspective `securty`"),
        ("rules: [{name: A, requires: {perspectives: [nobody]}}]", "there is no perspective `nobody`"),
        ("rules: [{name: A, requires: {}}]", "the rule requires nothing"),
        ("rules: [{name: A, applies_to: {}, requires: {people: {}}}]", "the condition is empty"),
        ("rules: [{name: A, applies_to: {paths: ['**']}, requires: {people: {}}}]", "matches every file"),
        ("rules: [{name: A, applies_to: {lines: '(?=a)'}, requires: {people: {}}}]", "is no RE2 pattern"),
        ("rules: [{name: A, applies_to: {paths: ['../x']}, requires: {people: {}}}]", "has a `.` or `..` step"),
        ("rules: [{name: A, requires: {some_of: {count: 2, of: [testing]}}}]", "can never be met"),
        ("rules: [{name: A, requires: {tests: true}}]", "there is no `test` command"),
        ("rules: [{name: A, requires: {people: {}}}, {name: a, requires: {people: {}}}]", "two rules named `a`"),
        ("rules: [{name: A, applies_to: {author: {}}, requires: {people: {}}}]", "`author` has no keys"),
        ("rules: [{name: A, when: {}, requires: {people: {}}}]", "there is no key `rules[1].when`"),
        ("vetoes: [testing]", "`security` is missing"),
        ("rules: &a []\nx: *a", "anchors and aliases are not read"),
    ],
)
def test_case_30_what_cannot_be_meant_is_an_error_with_its_place(text, message):
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)

    assert message in str(caught.value)
    assert str(caught.value).startswith(f"line {caught.value.line}, column")


def test_case_30_conditions_are_five_deep_at_most():
    def deep(levels):
        return "{not: " * (levels - 1) + "{title: x}" + "}" * (levels - 1)

    def rule(levels):
        return f"rules: [{{name: A, applies_to: {deep(levels)}, requires: {{people: {{}}}}}}]"

    assert parse_policy(rule(5)).rules
    with pytest.raises(PolicyError, match="nested more than 5 deep"):
        parse_policy(rule(6))


@pytest.mark.parametrize(("ref", "expected"), [("release/1", "error"), ("main", "approved"), ("releases", "approved")])
def test_case_34_a_rule_for_branches_of_a_pattern(ref, expected):
    policy = ruled({"people": {}}, {"base": ["release/*"]})

    assert decide(facts(base_ref=ref), policy).status == expected
    assert decide(facts(base_ref=None), policy).status == "pending"


@pytest.mark.parametrize(
    ("labels", "expected"), [({}, "approved"), ({"risky": True}, "error"), ({"risky": False}, "error")]
)
def test_case_32_a_label_binds_whoever_set_it(labels, expected):
    assert decide(facts(labels=labels), ruled({"people": {}}, {"labels": ["risky"]})).status == expected


@pytest.mark.parametrize(
    ("labels", "expected"), [({}, "error"), ({"safe": True}, "approved"), ({"safe": False}, "error")]
)
def test_case_32_a_label_relaxes_only_if_who_set_it_may(labels, expected):
    assert decide(facts(labels=labels), ruled({"people": {}}, {"not": {"labels": ["safe"]}})).status == expected
