"""Who says so. The numbers are those of the list of cases."""

from dataclasses import replace

import pytest
from gate_builders import POLICY, approval, changed, facts, facts_with, nodes, person, said, verdict

from app.policy.config import Policy
from app.policy.finding import Outcome
from app.policy.gate import decide, render_decision
from app.policy.rules import PERSPECTIVES


def test_case_17_a_check_of_the_same_name_by_another_app_is_noticed_and_changes_nothing():
    decision = decide(facts(foreign_gates=("github-actions",)), POLICY)

    assert decision.status == "approved"
    assert "check with the gate's name" in render_decision(decision)
    assert decide(facts(), POLICY).notes == ()


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


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
@pytest.mark.parametrize(("path", "low"), [("docs/a.md", True), ("src/a.py", False)])
def test_case_23_a_change_of_quorums_own_takes_a_person_unless_the_policy_trusts_it(level, path, low):
    alone = level > 3 or (level == 3 and low)
    own = facts(own=True, files=(changed(path),))
    policy = Policy(autonomy=level)

    assert decide(own, policy).status == ("approved" if alone else "error")
    assert decide(replace(own, reviews=(approval(),)), policy).status == "approved"
    assert decide(replace(own, own=False), policy).status == "approved"
    assert decide(replace(own, own=None), policy).status == "pending"


def test_case_23_only_an_administrators_override_stands_in_for_the_person():
    own = facts(own=True)
    words = [said(target="people"), said(target="people", who=person("mona", permission="admin"))]

    assert [decide(replace(own, statements=(word,)), POLICY).status for word in words] == ["error", "approved"]


def test_case_23_of_a_change_whose_files_are_not_known_the_risk_is_not_low():
    own = decide(facts(own=True, files=None), Policy(autonomy=3))

    assert nodes(own)["a person"].status == "error"


@pytest.mark.parametrize(("now", "expected"), [("maintain", "approved"), ("write", "blocked"), ("none", "blocked")])
def test_case_24_the_permission_of_now_counts_not_that_of_then(now, expected):
    word = said(who=person("dora", permission=now), permission="admin")
    refused = facts_with("testing", outcome=Outcome.BLOCKED, blocking=("no test",))

    assert decide(replace(refused, statements=(word,)), POLICY).status == expected


def test_case_25_the_word_of_a_comment_that_is_gone_still_counts_and_that_is_said():
    refused = facts_with("testing", outcome=Outcome.BLOCKED, blocking=("no test",))
    decision = decide(replace(refused, statements=(said(removed=True),)), POLICY)

    assert decision.status == "approved"
    assert "the comment is no longer there" in render_decision(decision)


def test_case_22_a_veto_of_a_person_and_a_request_for_changes_are_each_a_rule_of_their_own():
    bob = person()
    known = facts(
        statements=(said("veto", "", bob, reason="wait"),), reviews=(approval(bob, state="changes_requested"),)
    )

    assert decide(known, POLICY).title == "Answer bob's review (and 1 more)"
    assert "`wait`" in render_decision(decide(known, POLICY))
