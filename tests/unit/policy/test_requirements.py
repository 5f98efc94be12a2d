"""What a rule can require of perspectives, checks and tests, and when it applies."""

import pytest
from gate_builders import (
    DIFF,
    HEAD,
    OLDER,
    OTHER_DIFF,
    POLICY,
    approval,
    changed,
    facts,
    facts_with,
    facts_without,
    nodes,
    person,
    ruled,
    said,
    verdict,
)

from app.policy.facts import CheckFact
from app.policy.finding import Outcome
from app.policy.gate import conclusion, decide, render_decision

QUIET = {"perspectives": ("security", "testing")}


def status(facts_, policy, proposed=None):
    return decide(facts_, policy, proposed).status


def test_a_rule_with_a_perspective_waits_for_it_though_the_policy_does_not():
    policy = ruled({"perspectives": ["infrastructure"]})
    asked = facts(verdicts={**facts().verdicts, "infrastructure": verdict("infrastructure")})

    assert status(facts(), policy) == "pending"
    assert status(asked, policy) == "approved"


SOME = ruled({"some_of": {"count": 2, "of": ["performance", "architecture", "testing"]}}, **QUIET)
STANDS = {
    "yes": {},
    "no": {"outcome": Outcome.BLOCKED},
    "none": {"outcome": Outcome.ABSTAINED},
    "late": {"head_sha": OLDER},
}


@pytest.mark.parametrize(
    ("performance", "architecture", "testing", "expected"),
    [
        ("yes", "yes", "yes", "approved"),
        ("yes", "no", "yes", "approved"),
        ("yes", "late", "yes", "approved"),
        ("yes", "no", "none", "error"),
        ("yes", "late", "no", "pending"),
        ("late", "yes", "none", "pending"),
        ("none", "yes", "none", "error"),
        ("late", "yes", "late", "pending"),
        ("no", "no", "no", "blocked"),
        ("late", "no", "none", "error"),
    ],
)
def test_some_of_stands_as_the_best_that_are_missing(performance, architecture, testing, expected):
    given = {"performance": performance, "architecture": architecture, "testing": testing}
    verdicts = {"security": verdict(), **{name: verdict(name, **STANDS[how]) for name, how in given.items()}}
    policy = ruled({"some_of": {"count": 2, "of": list(given)}}, perspectives=["security"])

    assert nodes(decide(facts(verdicts=verdicts), policy))["2 of 3"].status == expected


def test_what_is_left_over_of_some_of_is_advice():
    decision = decide(facts_with("testing", outcome=Outcome.BLOCKED, blocking=("x",)), SOME)

    assert nodes(decision)["2 of 3"].status == "approved"
    assert all(child.advisory for child in nodes(decision)["2 of 3"].children)


def test_a_draft_is_called_one_and_checks_are_counted_from_one():
    decision = decide(facts(draft=True, checks=(CheckFact("ci", "success"),)), ruled({"checks": ["ci", "lint"]}))

    assert nodes(decision)["pull request"].because == "it is a draft; GitHub does not merge it yet"
    assert nodes(decide(facts(), POLICY))["pull request"].because == "it is open"
    assert (nodes(decision)["check 1"].status, nodes(decision)["check 2"].status) == ("approved", "pending")


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ((CheckFact("ci", "success"),), "approved"),
        ((CheckFact("ci", "success"), CheckFact("lint", "failure")), "approved"),
        ((CheckFact("ci", None),), "pending"),
        ((), "pending"),
        ((CheckFact("CI", "success"),), "pending"),
        (None, "pending"),
        ((CheckFact("ci", "neutral"),), "blocked"),
        ((CheckFact("ci", "skipped"),), "blocked"),
        ((CheckFact("ci", "failure"),), "blocked"),
        ((CheckFact("ci", "success"), CheckFact("ci", "failure")), "blocked"),
        ((CheckFact("ci", "failure"), CheckFact("ci", None)), "pending"),
    ],
)
def test_another_check_must_have_succeeded(checks, expected):
    assert status(facts(checks=checks), ruled({"checks": ["ci"]})) == expected


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ((CheckFact("ci", "success", "github-actions"),), "approved"),
        ((CheckFact("ci", "success"),), "pending"),
        ((CheckFact("ci", "success", "other"),), "pending"),
        ((CheckFact("ci", "failure", "github-actions"), CheckFact("ci", "success", "other")), "blocked"),
        ((CheckFact("ci", "success", "github-actions"), CheckFact("ci", "failure", "other")), "approved"),
    ],
)
def test_a_check_can_be_asked_of_one_app_as_whoever_may_write_can_report_a_status(checks, expected):
    assert status(facts(checks=checks), ruled({"checks": [{"name": "ci", "app": "github-actions"}]})) == expected


@pytest.mark.parametrize(
    ("result", "expected"), [("passed", "approved"), ("failed", "blocked"), ("unknown", "pending")]
)
def test_a_rule_can_ask_for_the_tests(result, expected):
    decision = decide(facts(tests=result), ruled({"tests": True}, test="pytest"))

    assert nodes(decision)["The rule"].status == expected


def test_a_rule_that_surely_does_not_apply_asks_for_nothing_and_is_shown_as_skipped():
    decision = decide(facts(), ruled({"people": {}}, {"paths": ["lib/"]}))

    assert decision.status == "approved"
    assert [node.rule for node in decision.skipped][-1] == "The rule"
    assert decision.skipped[-1].because == "does not apply: no changed file matches `paths`"


def test_a_rule_that_may_apply_does_and_says_that_it_is_not_certain():
    policy = ruled({"people": {}}, {"not": {"labels": ["safe"]}})

    assert status(facts(labels={"safe": True}), policy) == "approved"
    assert status(facts(labels={"safe": False}), policy) == "error"
    text = render_decision(decide(facts(labels={"safe": False}), policy))
    assert "it is not certain that it does not apply: it is so that a label was set by somebody who may not" in text


def test_a_fact_that_may_come_is_waited_for_unless_the_rule_is_satisfied_anyway():
    policy = ruled({"people": {}}, {"title": "x"})
    unknown = facts(title=None)

    assert status(unknown, policy) == "pending"
    assert decide(unknown, policy).title == "Wait: not everything is known yet"
    assert status(facts(title=None, reviews=(approval(),)), policy) == "approved"
    assert conclusion(decide(unknown, policy)) == ("in_progress", None)


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        (".github/workflows/ci.yml", "built in: workflows"),
        (".github/quorum.yml", "built in: policy and ownership"),
        ("CODEOWNERS", "built in: policy and ownership"),
    ],
)
def test_some_kinds_of_file_ask_for_a_person_whatever_the_policy_says(path, rule):
    known = facts(files=(changed(path),))
    assert status(known, POLICY) == "error"
    assert nodes(decide(known, POLICY))[rule].status == "error"
    assert status(facts(files=(changed(path),), reviews=(approval(),)), POLICY) == "approved"
    admin = person("ada", permission="admin")
    signed = said(target="people", who=admin)
    assert status(facts(files=(changed(path),), author=admin, statements=(signed,)), POLICY) == "approved"
    assert status(facts(files=(changed(path),), statements=(said(target="people"),)), POLICY) == "error"


def test_infrastructure_asks_for_an_analysis_of_its_own():
    known = facts(files=(changed("main.tf"),))
    with_it = facts(
        files=(changed("main.tf"),), verdicts={**facts().verdicts, "infrastructure": verdict("infrastructure")}
    )

    assert (status(known, POLICY), decide(known, POLICY).title) == ("pending", "Wait for the infrastructure review")
    assert status(with_it, POLICY) == "approved"


def test_the_base_facts_are_for_this_diff():
    assert (facts().head_sha, DIFF, OTHER_DIFF != DIFF) == (HEAD, facts().fingerprint, True)
    assert status(facts_without("testing"), POLICY) == "pending"


def test_a_rule_says_how_much_of_it_is_satisfied():
    policy = ruled({"people": {}, "perspectives": ["testing", "security"]})

    assert nodes(decide(facts(), policy))["The rule"].because == "applies: always; 2 of 3 rules are satisfied"
