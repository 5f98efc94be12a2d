"""The parts of what is said of a merge group: their names, their order in time, and the words of others in them."""

import pytest
from gate_builders import POLICY, facts, facts_with, nodes

from app.policy.finding import Outcome
from app.policy.gate import decide
from app.policy.queue import COURTESY_S, PATIENCE_S, Member, Stray, after_others, decide_group, in_time, undecided
from app.policy.values import Sha

GOOD = decide(facts(), POLICY)
BAD = decide(facts_with("security", outcome=Outcome.BLOCKED), POLICY)
WAITS = decide(facts(draft=None), POLICY)
STRAY = Stray(Sha("c" * 40), "Merge everything", "no pull request's change gives it")


@pytest.mark.parametrize(
    "members", [[Member(1, GOOD), Member(2, BAD)], [Member(1, WAITS), Member(2, GOOD, draft=True)]]
)
@pytest.mark.parametrize("stray", [None, STRAY])
def test_each_pull_request_and_the_content_have_a_part_of_their_own(members, stray):
    parts = decide_group(members, stray).node.children

    assert [node.rule for node in parts] == ["#1", "#2", "content"]
    assert [node.rule for node in decide_group([], stray).node.children] == ["content"]


def test_a_member_that_is_approved_has_nothing_left_to_do():
    assert nodes(decide_group([Member(1, GOOD)], None))["#1"].todo == ""


@pytest.mark.parametrize(
    ("count", "told"), [(1, "one pull request,"), (2, "2 pull requests,"), (3, "3 pull requests,")]
)
def test_the_content_tells_how_many_pull_requests_it_is_made_of(count, told):
    decision = decide_group([Member(number, GOOD) for number in range(1, count + 1)], None)

    assert f"with the changes of {told}" in nodes(decision)["content"].because


def test_what_is_not_known_is_told_with_others_words_only_where_there_are_any():
    assert undecided("not everything could be read", "502").node.children[0].quotes == ("502",)
    assert undecided("not everything could be read").node.children[0].quotes == ()


def test_a_group_that_waits_is_told_to_wait_for_what_it_waits_for():
    waiting = decide_group([Member(1, WAITS), Member(2, GOOD)], None)

    assert after_others(waiting, 2, 0.0) is waiting


def test_a_group_is_held_back_for_as_long_as_courtesy_asks_and_refused_when_patience_ends():
    refused = decide_group([Member(1, BAD), Member(2, GOOD)], None)
    waiting = decide_group([Member(2, WAITS)], None)

    assert after_others(refused, 2, COURTESY_S - 0.001).status == "pending"
    assert after_others(refused, 2, COURTESY_S).status == "blocked"
    assert in_time(waiting, PATIENCE_S - 0.001).status == "pending"
    assert in_time(waiting, PATIENCE_S).status == "blocked"
    assert (COURTESY_S, PATIENCE_S) == (60.0, 240.0)
