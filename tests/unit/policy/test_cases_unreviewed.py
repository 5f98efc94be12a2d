"""Not reviewed is not approved, and not for ever. The numbers are those of the list of cases."""

from dataclasses import replace

import pytest
from gate_builders import POLICY, facts, facts_with, facts_without

from app.policy.finding import Outcome
from app.policy.gate import decide, render_decision


def test_a_review_that_ended_early_needs_a_person_and_says_so():
    known = replace(facts(), verdicts={}, stopped="it cancelled: @mona asked to stop")

    decision = decide(known, POLICY)

    assert decision.status == "error"
    assert "@quorum review" in decision.title
    assert "asked to stop" in render_decision(decision)
    assert decide(replace(facts(), stopped="it failed"), POLICY).status == "approved", "what was said stands"


@pytest.mark.parametrize("reason", ["switched off", "the provider is unavailable", "over budget"])
def test_case_33_a_required_perspective_that_cannot_run_closes_the_gate_and_says_why(reason):
    decision = decide(facts_with("architecture", outcome=Outcome.ABSTAINED, reason=reason), POLICY)

    assert (decision.status, decision.title) == ("error", "Ask again for the architecture review")
    assert f"`{reason}`" in render_decision(decision)


def test_case_49_the_gate_has_four_values_and_only_one_passes():
    found = {
        decide(facts(), POLICY).status,
        decide(facts_with(outcome=Outcome.BLOCKED), POLICY).status,
        decide(facts_without("security"), POLICY).status,
        decide(facts_with(outcome=Outcome.ABSTAINED), POLICY).status,
    }

    assert found == {"approved", "blocked", "pending", "error"}
