"""The numbered cases of a correct gate that are pure judgement. The number is that of the list of cases."""

from dataclasses import replace

import pytest
from gate_builders import HEAD, OLDER, OTHER_DIFF, POLICY, changed, facts, facts_with, facts_without, verdict

from app.policy.asking import who_is_asked
from app.policy.config import Policy, parse_policy
from app.policy.errors import PolicyError
from app.policy.finding import Outcome
from app.policy.gate import conclusion, decide, render_decision, strictest
from app.policy.rules import PERSPECTIVES
from app.policy.values import Sha

NEWER = Sha("c" * 40)


def test_case_1_a_commit_after_the_approval_closes_the_gate():
    assert decide(facts(head_sha=NEWER, fingerprint=OTHER_DIFF), POLICY).status == "pending"


def test_case_2_a_force_push_back_counts_only_if_the_diff_is_the_same():
    old = {name: verdict(name, head_sha=OLDER) for name in PERSPECTIVES}

    assert decide(facts(head_sha=OLDER, verdicts=old), POLICY).status == "approved"
    assert decide(facts(head_sha=OLDER, verdicts=old, fingerprint=OTHER_DIFF), POLICY).status == "pending"


@pytest.mark.parametrize("case", ["3 a rebase", "4 an update of the branch"])
def test_cases_3_and_4_the_same_diff_at_a_new_head_carries_and_says_so(case):
    carried = {name: verdict(name, head_sha=NEWER, carried_from=HEAD) for name in PERSPECTIVES}

    decision = decide(facts(head_sha=NEWER, verdicts=carried), POLICY)

    assert decision.status == "approved"
    assert "carried over from aaaaaaaaaaaa" in render_decision(decision)


@pytest.mark.parametrize("case", ["5 an evil merge", "6 a conflict resolved by hand", "7 another base"])
def test_cases_5_to_7_another_diff_does_not_carry(case):
    carried = {name: verdict(name, head_sha=NEWER, carried_from=HEAD) for name in PERSPECTIVES}

    assert decide(facts(head_sha=NEWER, verdicts=carried, fingerprint=OTHER_DIFF), POLICY).status == "pending"


def test_case_9_a_review_of_the_old_head_that_ends_late_never_opens_the_new_one():
    late = {name: verdict(name, head_sha=OLDER, fingerprint=OTHER_DIFF) for name in PERSPECTIVES}

    assert decide(facts(verdicts=late), POLICY).status == "pending"


@pytest.mark.parametrize(
    "changes",
    [{"confidence": 0.2}, {"outcome": Outcome.ABSTAINED}, {"outcome": Outcome.ABSTAINED, "reason": "timeout"}],
)
def test_case_11_little_confidence_an_abstention_or_a_timeout_is_no_approval(changes):
    assert decide(facts_with(**changes), POLICY).status == "error"


def test_case_12_an_empty_diff_does_not_pass_for_want_of_something_to_review():
    decision = decide(facts(files=()), POLICY)

    assert (decision.status, decision.title) == ("blocked", "Push a change: the diff is empty")


def test_case_12_a_diff_of_set_aside_files_only_still_needs_every_approval_and_names_them():
    locks = {"files": (changed("uv.lock"),), "files_set_aside": ("uv.lock",)}

    assert decide(facts(**locks, verdicts={}), POLICY).status == "pending"
    assert "`uv.lock`" in render_decision(decide(facts(**locks), POLICY))


def test_case_13_a_diff_that_was_not_read_whole_is_closed_and_says_what_was_not_read():
    decision = decide(facts(files_unread=("data/huge.sql",)), POLICY)

    assert decision.status == "blocked"
    assert "`data/huge.sql`" in render_decision(decision)


def test_case_15_the_stricter_result_of_two_pull_requests_with_one_head():
    both = strictest({1: decide(facts(), POLICY), 2: decide(facts_with(outcome=Outcome.BLOCKED), POLICY)})

    assert conclusion(both) == ("completed", "failure")
    assert "#1" in render_decision(both)
    assert "#2" in render_decision(both)


@pytest.mark.parametrize("draft", [True, False])
def test_case_16_a_draft_is_judged_like_any_other(draft):
    assert decide(facts(draft=draft), POLICY).status == "approved"
    assert decide(facts(draft=draft, verdicts={}), POLICY).status == "pending"


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


def test_a_review_that_ended_early_needs_a_person_and_says_so():
    known = replace(facts(), verdicts={}, stopped="it cancelled: @mona asked to stop")

    decision = decide(known, POLICY)

    assert decision.status == "error"
    assert "@quorum review" in decision.title
    assert "asked to stop" in render_decision(decision)
    assert decide(replace(facts(), stopped="it failed"), POLICY).status == "approved", "what was said stands"


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


@pytest.mark.parametrize("reason", ["switched off", "the provider is unavailable", "over budget"])
def test_case_33_a_required_perspective_that_cannot_run_closes_the_gate_and_says_why(reason):
    decision = decide(facts_with("architecture", outcome=Outcome.ABSTAINED, reason=reason), POLICY)

    assert (decision.status, decision.title) == ("error", "Ask again for the architecture review")
    assert f"`{reason}`" in render_decision(decision)


@pytest.mark.parametrize("missing", ["head_sha", "fingerprint", "files_unread", "files", "pull_state"])
def test_case_41_missing_facts_leave_the_gate_open_to_another_try_but_not_open(missing):
    assert conclusion(decide(facts(**{missing: None}), POLICY)) == ("in_progress", None)


def test_case_44_a_decision_of_any_size_fits_a_check_run():
    titles = tuple(f"{number} " + "é`|<" * 500 for number in range(2000))
    verdicts = {name: verdict(name, outcome=Outcome.BLOCKED, blocking=titles) for name in PERSPECTIVES}
    decision = decide(facts(verdicts=verdicts, files_unread=titles, files_set_aside=titles), POLICY)
    many = strictest(dict.fromkeys(range(1, 3000), decision))

    assert len(render_decision(decision)) <= 60_000
    assert len(render_decision(many)) <= 60_000
    assert len(many.title) <= 200


def test_case_49_the_gate_has_four_values_and_only_one_passes():
    found = {
        decide(facts(), POLICY).status,
        decide(facts_with(outcome=Outcome.BLOCKED), POLICY).status,
        decide(facts_without("security"), POLICY).status,
        decide(facts_with(outcome=Outcome.ABSTAINED), POLICY).status,
    }

    assert found == {"approved", "blocked", "pending", "error"}
