"""Which policy holds. The numbers are those of the list of cases."""

from dataclasses import replace

import pytest
from gate_builders import POLICY, facts, facts_with

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
