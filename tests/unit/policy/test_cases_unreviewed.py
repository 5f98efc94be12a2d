"""Not reviewed is not approved, and not for ever. The numbers are those of the list of cases."""

from dataclasses import replace

import pytest
from gate_builders import OLDER, POLICY, facts, facts_with, facts_without, said

from app.policy.changed import ChangedFile
from app.policy.config import Policy
from app.policy.finding import Outcome
from app.policy.gate import decide, render_decision

BINARY = "Take the binary files out, or have a maintainer name them in the policy's `set_aside`"


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


@pytest.mark.parametrize(
    ("unread", "told", "todo"),
    [
        (("model.bin",), "1 binary file cannot be read", BINARY),
        (("model.bin", "other.bin"), "2 binary files cannot be read", BINARY),
        (
            ("big.py", "model.bin"),
            "2 files were not read",
            "Split the pull request: it is too large to be reviewed whole",
        ),
    ],
)
def test_what_nobody_can_read_is_not_mended_by_a_smaller_pull_request(unread, told, todo):
    files = [ChangedFile(path, None, "added", 0, 0, binary=path.endswith(".bin")) for path in ("a.py", *unread)]
    decision = decide(replace(facts(files_unread=unread), files=tuple(files)), POLICY)

    assert (decision.status, decision.title) == ("blocked", todo)
    assert told in render_decision(decision)
    assert "`model.bin`" in render_decision(decision)


def test_case_49_the_gate_has_four_values_and_only_one_passes():
    found = {
        decide(facts(), POLICY).status,
        decide(facts_with(outcome=Outcome.BLOCKED), POLICY).status,
        decide(facts_without("security"), POLICY).status,
        decide(facts_with(outcome=Outcome.ABSTAINED), POLICY).status,
    }

    assert found == {"approved", "blocked", "pending", "error"}


@pytest.mark.parametrize(
    ("changes", "status", "cause"),
    [
        (
            {"outcome": Outcome.ABSTAINED, "reason": "turns: no result after 40 turns"},
            "error",
            "no result after 40 turns",
        ),
        ({"outcome": Outcome.ABSTAINED, "reason": "model_error: quota"}, "error", "model_error: quota"),
        ({"outcome": Outcome.ABSTAINED, "reason": "malformed: {"}, "error", "malformed: {"),
        ({"outcome": Outcome.ABSTAINED, "reason": ""}, "error", "could not review"),
        ({"confidence": 0.3}, "error", "approved with confidence 0.30; the policy asks for 0.50"),
        ({"fingerprint": "another"}, "pending", "was reviewed for another diff"),
    ],
)
def test_case_49_whatever_is_no_approval_names_its_cause(changes, status, cause):
    decision = decide(facts_with("testing", **changes), POLICY)

    assert (decision.status, cause in render_decision(decision)) == (status, True)


def test_case_50_a_person_stands_in_for_a_perspective_that_could_not_be_asked():
    silent = facts_with("testing", outcome=Outcome.ABSTAINED, reason="the provider is away")
    decision = decide(replace(silent, statements=(said(),)), POLICY)

    assert decision.status == "approved"
    assert "overridden by dora" in render_decision(decision)


def test_case_51_a_head_whose_review_was_cut_short_says_so_until_it_is_reviewed():
    cut = replace(facts_without("testing"), stopped="it failed: out of money")

    assert decide(cut, POLICY).title == "Comment `@quorum review`: the testing review did not come to its end"
    assert decide(replace(cut, called="acme-bot"), POLICY).title.startswith("Comment `@acme-bot review`: ")
    assert decide(replace(cut, running=frozenset({"testing"})), POLICY).status == "pending"
    assert decide(replace(cut, verdicts=facts().verdicts), POLICY).status == "approved"


def test_case_52_what_is_carried_is_worth_what_it_was_and_no_more():
    carried = facts_with("testing", outcome=Outcome.BLOCKED, blocking=("x",), carried_from=OLDER)

    assert decide(carried, POLICY).title == "Fix 1 finding of testing"
    assert decide(facts_with("testing", confidence=0.1, carried_from=OLDER), POLICY).status == "error"


def test_case_33_a_perspective_that_only_advises_may_be_silent():
    advised = Policy(required=("security",))

    assert decide(facts_with("testing", outcome=Outcome.ABSTAINED), advised).status == "approved"
    assert decide(facts_with("security", outcome=Outcome.ABSTAINED), advised).status == "error"
