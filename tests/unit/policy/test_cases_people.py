"""Who says so. The numbers are those of the list of cases."""

from gate_builders import POLICY, facts, facts_with, verdict

from app.policy.finding import Outcome
from app.policy.gate import decide, render_decision
from app.policy.rules import PERSPECTIVES


def test_case_17_a_check_of_the_same_name_by_another_app_is_noticed_and_changes_nothing():
    decision = decide(facts(foreign_gates=("github-actions",)), POLICY)

    assert decision.status == "approved"
    assert "check with the gate's name" in render_decision(decision)


def test_case_21_nothing_outweighs_the_veto_of_security():
    decision = decide(facts_with("security", outcome=Outcome.BLOCKED, blocking=("SQL injection",)), POLICY)

    assert decision.status == "blocked"
    assert "veto cannot be overridden" in render_decision(decision)


def test_case_22_a_withdrawn_finding_opens_the_gate_only_if_nothing_else_blocks():
    verdicts = {name: verdict(name) for name in PERSPECTIVES}
    verdicts["testing"] = verdict("testing", outcome=Outcome.BLOCKED, blocking=("no test",))
    verdicts["security"] = verdict("security", blocking=("SQL",))

    assert decide(facts(verdicts=verdicts), POLICY).title == "Fix 1 finding of security (and 1 more)"
    verdicts["security"] = verdict("security")
    assert decide(facts(verdicts=verdicts), POLICY).title == "Fix 1 finding of testing"
