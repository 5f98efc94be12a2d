"""What a merge group is worth: each member's decision, and nothing in it that no member explains."""

import pytest
from gate_builders import POLICY, facts, facts_with

from app.policy.decision import Decision, Node
from app.policy.finding import Outcome
from app.policy.gate import decide
from app.policy.queue import (
    COURTESY_S,
    PATIENCE_S,
    Member,
    Stray,
    after_others,
    briefly,
    decide_group,
    in_time,
    undecided,
)
from app.policy.queue_refs import branch_of, parse_queue_ref
from app.policy.render import render_decision
from app.policy.values import Sha

GOOD = decide(facts(), POLICY)
BAD = decide(facts_with("security", outcome=Outcome.BLOCKED, blocking=("Anybody may come in.",)), POLICY)
WAITS = decide(facts(draft=None), POLICY)
STRAY = Stray(Sha("c" * 40), "Merge `everything`", "no pull request's change gives it")
HEAD = "d" * 40


def test_the_decisions_used_here_are_what_they_are_called():
    assert (GOOD.status, BAD.status, WAITS.status) == ("approved", "blocked", "pending")


@pytest.mark.parametrize(
    ("members", "stray", "status", "title"),
    [
        ([Member(1, GOOD), Member(2, GOOD)], None, "approved", "Approved: #1, #2"),
        ([Member(1, GOOD), Member(2, BAD)], None, "blocked", f"#2: {BAD.title}"),
        ([Member(1, BAD), Member(2, GOOD)], None, "blocked", f"#1: {BAD.title}"),
        ([Member(1, WAITS), Member(2, GOOD)], None, "pending", f"#1: {WAITS.title}"),
        ([Member(1, GOOD, ahead=BAD)], None, "blocked", f"#1: {BAD.title}"),
        ([Member(1, BAD, ahead=GOOD)], None, "blocked", f"#1: {BAD.title}"),
        ([Member(1, GOOD, ahead=GOOD)], None, "approved", "Approved: #1"),
        ([Member(1, GOOD, draft=True)], None, "blocked", "#1: end the draft, then put the pull requests into"),
        ([Member(1, GOOD)], STRAY, "blocked", "cccccccccccc: no pull request's change gives it; put the pull requests"),
        ([], STRAY, "blocked", "cccccccccccc: no pull request's change gives it"),
        ([], None, "blocked", "Nothing was reviewed here"),
    ],
)  # fmt: skip
def test_a_group_is_worth_what_its_worst_member_is(members, stray, status, title):
    decision = decide_group(members, stray)
    assert decision.status == status
    assert decision.title.startswith(title)


def test_the_words_of_others_are_shown_as_text_only():
    text = render_decision(briefly(decide_group([Member(1, GOOD)], STRAY)))
    assert "`Merge 'everything'`" in text


def test_what_stands_against_a_member_is_shown_and_of_the_others_a_line():
    decision = decide_group([Member(1, GOOD), Member(2, BAD)], None)
    good, bad, _ = briefly(decision).node.children
    assert (good.children, good.because) == ((), GOOD.title)
    assert bad.children
    assert decision.node.children[0].children, "the whole tree goes on record"


def test_what_is_not_known_in_time_is_refused_and_says_what_it_waited_for():
    waits = undecided("not everything could be read", "502 Bad Gateway")
    assert in_time(waits, PATIENCE_S - 1) is waits
    late = in_time(waits, PATIENCE_S)
    assert (late.status, late.node.status) == ("blocked", "blocked")
    assert late.title == "Not known in time: Wait: not everything could be read"
    assert "put the pull requests into the queue again" in render_decision(late)


@pytest.mark.parametrize("decision", [GOOD, BAD])
def test_what_is_decided_does_not_change_with_time(decision: Decision):
    assert in_time(decision, PATIENCE_S * 2) is decision


def test_a_group_waits_for_those_ahead_to_be_refused_for_themselves():
    decision = decide_group([Member(1, BAD), Member(2, GOOD)], None)
    held = after_others(decision, 2, 0.0)
    assert (held.status, held.title) == ("pending", f"Wait for the groups ahead: {decision.title}")
    assert after_others(decision, 2, COURTESY_S) is decision
    assert after_others(decision, 1, 0.0) is decision


@pytest.mark.parametrize(
    ("members", "stray"),
    [([Member(1, GOOD), Member(2, BAD)], None), ([Member(2, GOOD)], STRAY), ([], None), ([Member(2, GOOD)], None)],
)
def test_its_own_faults_and_approvals_are_said_at_once(members, stray):
    decision = decide_group(members, stray)
    assert after_others(decision, 2, 0.0) is decision


def test_a_node_that_waits_keeps_a_group_pending_even_beside_one_that_needs_a_person():
    needs = Decision("error", "Ask somebody", Node("gate", "error", "nobody approved", todo="Ask somebody"))
    assert decide_group([Member(1, needs), Member(2, WAITS)], None).status == "pending"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (f"refs/heads/gh-readonly-queue/main/pr-12-{HEAD}", ("main", 12)),
        (f"refs/heads/gh-readonly-queue/release/1.x/pr-3-{HEAD}", ("release/1.x", 3)),
        (f"refs/heads/gh-readonly-queue/pr-1-{HEAD}/pr-2-{HEAD}", (f"pr-1-{HEAD}", 2)),
        (f"gh-readonly-queue/main/pr-12-{HEAD}", None),
        (f"refs/heads/gh-readonly-queue/main/pr-0-{HEAD}", None),
        (f"refs/heads/gh-readonly-queue/main/pr-12-{HEAD}\n", None),
        (f"refs/heads/gh-readonly-queue/main/pr-1234567890-{HEAD}", None),
        (f"refs/heads/gh-readonly-queue/pr-12-{HEAD}", None),
        ("refs/heads/gh-readonly-queue/main/pr-12-main", None),
        ("refs/heads/main", None),
        (None, None),
    ],
)
def test_the_branch_of_a_group_tells_its_base_and_its_last_pull_request(name, told):
    ref = parse_queue_ref(name)
    assert (None if ref is None else (ref.base, ref.number)) == told
    assert ref is None or (ref.name, ref.onto) == (name, HEAD)


@pytest.mark.parametrize(("ref", "branch"), [("refs/heads/a/b", "a/b"), ("refs/tags/a", None), (None, None)])
def test_only_heads_are_branches(ref, branch):
    assert branch_of(ref) == branch
