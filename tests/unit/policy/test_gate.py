"""One base pull request, one change a case: what the gate says, and the first thing to do."""

import pytest
from gate_builders import DIFF, HEAD, OLDER, OTHER_DIFF, POLICY, facts, facts_with, facts_without, verdict

from app.policy.config import Policy
from app.policy.decision import Node, combine, conclude
from app.policy.facts import Facts
from app.policy.finding import Outcome
from app.policy.gate import conclusion, decide, strictest
from app.policy.rules import PERSPECTIVES

TESTED = Policy(test="pytest -q")
ADVISED = Policy(required=("security",))


def test_a_pull_request_with_every_approval_is_approved():
    decision = decide(facts(), POLICY)

    assert decision.status == "approved"
    assert decision.title == "Approved: security, performance, architecture, testing, documentation"
    assert conclusion(decision) == ("completed", "success")


def test_what_is_not_known_at_all_is_pending():
    decision = decide(Facts(), POLICY)

    assert decision.status == "pending"
    assert conclusion(decision) == ("in_progress", None)


CASES = [
    ("no verdict", facts_without("testing"), "pending", "Wait for the testing review"),
    ("no verdict of security", facts_without("security"), "pending", "Wait for the security review"),
    ("under review now", facts(running=frozenset({"testing"})), "pending", "Wait for the testing review"),
    ("approved for an older head", facts_with(head_sha=OLDER), "pending", "Wait for the security review"),
    ("approved for another diff", facts_with(fingerprint=OTHER_DIFF), "pending", "Wait for the security review"),
    ("blocked", facts_with(outcome=Outcome.BLOCKED, blocking=("SQL",)), "blocked", "Fix 1 finding of security"),
    ("blocked without titles", facts_with(outcome=Outcome.BLOCKED), "blocked", "Fix its findings of security"),
    ("blocked for an older head", facts_with(outcome=Outcome.BLOCKED, head_sha=OLDER), "pending", "Wait for the sec"),
    ("approves and yet blocks", facts_with(blocking=("a", "b")), "blocked", "Fix 2 findings of security"),
    ("abstained", facts_with(outcome=Outcome.ABSTAINED), "error", "Ask again for the security review"),
    ("too little confidence", facts_with(confidence=0.49), "error", "Ask again for the security review: it was not"),
    ("just enough confidence", facts_with(confidence=0.5), "approved", "Approved"),
    ("confidence that is no number", facts_with(confidence=float("nan")), "error", "Ask again"),
    ("confidence beyond certainty", facts_with(confidence=float("inf")), "error", "Ask again"),
    ("a verdict filed under another name", facts(verdicts={n: verdict("security") for n in PERSPECTIVES}), "pending",
     "Wait for the performance review (and 3 more)"),
    ("carried over", facts_with(carried_from=OLDER), "approved", "Approved"),
    ("closed", facts(pull_state="closed"), "blocked", "Nothing: it is closed"),
    ("merged", facts(pull_state="merged"), "blocked", "Nothing: it is merged"),
    ("draft", facts(draft=True), "approved", "Approved"),
    ("state not known", facts(pull_state=None), "pending", "Wait: GitHub has not said"),
    ("draft not known", facts(draft=None), "pending", "Wait: GitHub has not said"),
    ("head not known", facts(head_sha=None), "pending", "Wait: the diff has not been read"),
    ("fingerprint not known", facts(fingerprint=None), "pending", "Wait: the diff has not been read"),
    ("fingerprint empty", facts(fingerprint=""), "pending", "Wait: the diff has not been read"),
    ("changed files not known", facts(files=None), "pending", "Wait: the diff has not been read"),
    ("running not known", facts(running=None), "pending", "Wait for the security review"),
    ("files read not known", facts(files_unread=None), "pending", "Wait for the reviews"),
    ("a file was not read", facts(files_unread=("big.sql",)), "blocked", "Split the pull request"),
    ("policy could not be loaded", facts(policy_source="unknown"), "pending", "Wait: the policy is not loaded"),
    ("policy cannot be used", facts(policy_source="invalid", policy_error="line 3"), "error", "Correct .github/quorum"),
    ("policy of the organization", facts(policy_source="org"), "approved", "Approved"),
    ("built-in policy", facts(policy_source="default"), "approved", "Approved"),
    ("change of policy not known", facts(policy_changed=None), "pending", "Wait: the policy is not loaded"),
    ("changed policy not read", facts(policy_changed=True), "pending", "Wait: the policy is not loaded"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "changed", "status", "title"), CASES, ids=[case[0] for case in CASES])
def test_one_change_to_a_ready_pull_request(case, changed, status, title):
    decision = decide(changed, POLICY)

    assert (decision.status, decision.title[: len(title)]) == (status, title)


@pytest.mark.parametrize(
    ("result", "status"),
    [("passed", "approved"), ("failed", "blocked"), ("unknown", "pending"), ("not_configured", "pending")],
)
def test_a_test_command_in_the_policy_must_have_passed(result, status):
    assert decide(facts(tests=result), TESTED).status == status


@pytest.mark.parametrize("result", ["passed", "failed", "unknown", "not_configured"])
def test_without_a_test_command_results_count_for_nothing(result):
    assert decide(facts(tests=result), POLICY).status == "approved"


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.ABSTAINED])
def test_a_perspective_that_is_not_required_only_advises(outcome):
    changed = facts_with("testing", outcome=outcome, blocking=("no test",) if outcome is Outcome.BLOCKED else ())

    decision = decide(changed, ADVISED)

    assert decision.status == "approved"
    advice = [node for node in decision.node.children if node.rule == "testing"]
    assert [node.advisory for node in advice] == [True]
    assert advice[0].status != "approved"


def test_security_counts_even_where_a_policy_was_built_without_it():
    unchecked = Policy.model_construct(perspectives=("testing",), required=("testing",), test=None, min_confidence=0.5)

    assert decide(facts_without("security"), unchecked).status == "pending"


def test_a_refusal_is_named_before_what_is_missing():
    verdicts = {"documentation": verdict("documentation", outcome=Outcome.BLOCKED, blocking=("wrong",))}

    decision = decide(facts(verdicts=verdicts), POLICY)

    assert decision.status == "blocked"
    assert decision.title == "Fix 1 finding of documentation (and 4 more)"


def test_no_rule_at_all_is_an_error_and_advice_is_no_rule():
    assert combine("gate", []).status == "error"
    advice = Node("x", "approved", "advice", advisory=True)
    none = combine("gate", [advice])
    assert (none.rule, none.status, none.children) == ("gate", "error", (advice,))


def test_a_node_counts_its_parts_and_a_decision_without_a_remedy_tells_the_reason():
    parts = [Node("a", "approved", "yes"), Node("b", "blocked", "no"), Node("c", "approved", "yes")]

    assert combine("gate", parts).because == "2 of 3 rules are satisfied"
    assert conclude(combine("gate", parts), "Approved").title == "no"


def test_a_carried_approval_says_where_it_comes_from():
    node = next(n for n in decide(facts_with(carried_from=OLDER), POLICY).node.children if n.rule == "security")

    assert "carried over from bbbbbbbbbbbb with the same diff" in node.because


def test_an_approval_of_who_read_what_was_new_says_where_all_of_it_was_read():
    node = next(n for n in decide(facts_with(whole_at=OLDER), POLICY).node.children if n.rule == "security")

    assert node.status == "approved"
    assert "which read it in full at bbbbbbbbbbbb and then what was new" in node.because
    plain = next(n for n in decide(facts(), POLICY).node.children if n.rule == "security")
    assert "in full" not in plain.because


def test_one_commit_in_two_pull_requests_gets_the_stricter_decision_and_both_are_named():
    good, bad = decide(facts(), POLICY), decide(facts_without("testing"), POLICY)

    assert strictest({7: good, 9: good}).title == "Approved for #7, #9"
    both = strictest({9: bad, 7: good})
    assert (both.status, both.title) == ("pending", "#9: Wait for the testing review")
    assert [node.rule for node in both.node.children] == ["#7", "#9"]
    assert strictest({}).status == "error"


@pytest.mark.parametrize("changed", [facts(), *(case[1] for case in CASES)])
def test_no_conclusion_but_success_passes_a_required_check(changed):
    decision = decide(changed, POLICY)
    status, result = conclusion(decision)

    assert result in {"success", "failure", "action_required", None}
    assert (result == "success") == (decision.status == "approved")
    assert (status == "in_progress") == (result is None)


def test_the_base_facts_name_the_head_and_the_diff_they_are_for():
    assert (facts().head_sha, facts().fingerprint) == (HEAD, DIFF)
