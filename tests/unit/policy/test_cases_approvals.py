"""What an approval is worth. The numbers are those of the list of cases."""

import pytest
from gate_builders import HEAD, OLDER, OTHER_DIFF, POLICY, changed, facts, facts_with, ruled, verdict

from app.policy.config import Policy
from app.policy.finding import Outcome
from app.policy.gate import conclusion, decide, render_decision, strictest
from app.policy.rules import PERSPECTIVES
from app.policy.values import Sha

NEWER = Sha("c" * 40)


def test_case_01_a_commit_after_the_approval_closes_the_gate():
    assert decide(facts(head_sha=NEWER, fingerprint=OTHER_DIFF), POLICY).status == "pending"


def test_case_02_a_force_push_back_counts_only_if_the_diff_is_the_same():
    old = {name: verdict(name, head_sha=OLDER) for name in PERSPECTIVES}

    assert decide(facts(head_sha=OLDER, verdicts=old), POLICY).status == "approved"
    assert decide(facts(head_sha=OLDER, verdicts=old, fingerprint=OTHER_DIFF), POLICY).status == "pending"


@pytest.mark.parametrize("case", ["3 a rebase", "4 an update of the branch"])
def test_cases_03_and_04_the_same_diff_at_a_new_head_carries_and_says_so(case):
    carried = {name: verdict(name, head_sha=NEWER, carried_from=HEAD) for name in PERSPECTIVES}

    decision = decide(facts(head_sha=NEWER, verdicts=carried), POLICY)

    assert decision.status == "approved"
    assert "carried over from aaaaaaaaaaaa" in render_decision(decision)


@pytest.mark.parametrize("case", ["5 an evil merge", "6 a conflict resolved by hand", "7 another base"])
def test_cases_05_to_07_another_diff_does_not_carry(case):
    carried = {name: verdict(name, head_sha=NEWER, carried_from=HEAD) for name in PERSPECTIVES}

    assert decide(facts(head_sha=NEWER, verdicts=carried, fingerprint=OTHER_DIFF), POLICY).status == "pending"


def test_case_09_a_review_of_the_old_head_that_ends_late_never_opens_the_new_one():
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


def test_case_10_while_a_perspective_is_asked_again_its_old_word_does_not_count():
    assert decide(facts(running=frozenset({"testing"})), POLICY).status == "pending"
    assert decide(facts(running=frozenset({"testing"})), Policy(required=("security",))).status == "approved"


def test_case_10_a_verdict_counts_under_its_own_perspective_only():
    verdicts = {**facts().verdicts, "testing": verdict("security")}

    assert decide(facts(verdicts=verdicts), POLICY).title == "Wait for the testing review"


ODD = {
    "a pure rename": changed("src/b.py", "src/a.py", status="renamed", added=0, removed=0),
    "a mode": changed("run.sh", added=0, removed=0, mode_changed=True),
    "a binary file": changed("logo.bin", added=0, removed=0, binary=True),
    "a submodule": changed("lib", submodule=True),
    "a symbolic link": changed("passwd", symlink=True),
}


@pytest.mark.parametrize("file", ODD.values(), ids=ODD.keys())
def test_case_12_an_odd_change_needs_every_approval_like_any_other(file):
    assert decide(facts(files=(file,)), POLICY).status == "approved"
    assert decide(facts(files=(file,), verdicts={}), POLICY).status == "pending"
    if file.binary or file.submodule or file.symlink:
        assert facts(files=(file,)).risk.level == "high"


@pytest.mark.parametrize(("only_white", "expected"), [(True, "approved"), (False, "error"), (None, "pending")])
def test_case_14_white_space_takes_a_lighter_path_only_if_the_policy_says_so(only_white, expected):
    lighter = ruled({"people": {}}, {"not": {"whitespace_only": True}})

    assert decide(facts(whitespace_only=only_white), lighter).status == expected
    assert decide(facts(whitespace_only=only_white, verdicts={}), POLICY).status == "pending"


def test_case_14_comments_take_a_lighter_path_only_if_the_policy_says_so():
    lighter = ruled({"people": {}}, {"not": {"only_lines": r"^\s*#"}})

    assert decide(facts(changed_text="# one\n  # two\n"), lighter).status == "approved"
    assert decide(facts(changed_text="# one\nx = 1  # two\n"), lighter).status == "error"


@pytest.mark.parametrize(("guarded", "status"), [(True, "approved"), (False, "error"), (None, "pending")])
def test_a_base_that_does_not_require_the_gate_is_never_given_a_success(guarded, status):
    decision = decide(facts(guarded=guarded), POLICY)

    assert decision.status == status
    assert ("does not require the gate" in render_decision(decision)) is (guarded is False)


def test_case_15_every_decision_is_named_whichever_is_the_worst():
    statuses = {"a": facts(), "b": facts_with(outcome=Outcome.ABSTAINED), "c": facts(verdicts={})}
    decisions = dict(enumerate((decide(each, POLICY) for each in statuses.values()), start=1))
    both = strictest(decisions)

    assert (both.status, both.title) == ("pending", f"#3: {decisions[3].title}")
    assert [node.rule for node in both.node.children] == ["#1", "#2", "#3"]
