"""Findings that will not be fixed, and what people hold against a change."""

from dataclasses import replace

import pytest
from gate_builders import ADA, OTHER_DIFF, POLICY, approval, facts, facts_with, nodes, person, said

from app.policy.config import Policy
from app.policy.finding import Outcome
from app.policy.gate import decide, render_decision
from app.policy.rules import Override

DORA = person("dora", permission="maintain")
REFUSED = {"outcome": Outcome.BLOCKED, "blocking": ("no test",), "keys": ("abc123",)}


def refused(name="testing", **more):
    return replace(facts_with(name, **REFUSED), **more)


DISMISSALS = [
    ("a writer", person(), "approved"),
    ("a triager", person(permission="triage"), "blocked"),
    ("a bot", person(bot=True), "blocked"),
    ("not known", person(permission=None), "blocked"),
    ("the author", person("Ada"), "blocked"),
]


@pytest.mark.parametrize(("case", "who", "expected"), DISMISSALS, ids=[each[0] for each in DISMISSALS])
def test_case_53_who_may_say_that_a_finding_will_not_be_fixed(case, who, expected):
    word = said("dismissal", "abc123", who, fingerprint=OTHER_DIFF)

    assert decide(refused(statements=(word,)), POLICY).status == expected


def test_case_53_each_finding_needs_a_word_of_its_own():
    two = {"outcome": Outcome.BLOCKED, "blocking": ("one", "two"), "keys": ("abc123", "def456")}
    one, other = said("dismissal", "abc123", person()), said("dismissal", "def456", DORA, reason="as agreed")
    known = facts_with("testing", **two)

    assert decide(replace(known, statements=(one,)), POLICY).status == "blocked"
    both = decide(replace(known, statements=(one, other)), POLICY)
    assert both.status == "approved"
    assert "its findings were dismissed by bob, dora" in render_decision(both)
    assert "`as agreed`" in render_decision(both)


def test_what_got_no_answer_in_a_part_is_not_approved_by_dismissing_what_the_rest_found():
    known = facts_with("testing", **REFUSED, confidence=0.0)
    decision = decide(replace(known, statements=(said("dismissal", "abc123", person()),)), POLICY)

    assert decision.status == "error"
    assert "a part of the change got no answer" in render_decision(decision)
    assert (nodes(decision)["testing"].status, decision.title) == ("error", "Ask again for the testing review")
    assert nodes(decision)["testing"].quotes == ("it is a sample",)
    assert decide(known, POLICY).status == "blocked"


@pytest.mark.parametrize(
    ("story", "verdict", "policy"),
    [
        ("it was not sure", {"confidence": 0.2}, {}),
        ("it is too old", {"at": 0.0}, {"max_age_hours": 1}),
    ],
)
def test_what_is_left_after_a_dismissal_counts_on_the_terms_of_an_approval(story, verdict, policy):
    known = replace(facts_with("testing", **REFUSED, **verdict), now=10_000.0)
    decision = decide(replace(known, statements=(said("dismissal", "abc123", person()),)), Policy(**policy))

    assert decision.status == "error", story
    assert "its findings were dismissed; the rest is approved" in render_decision(decision)


def test_a_key_that_stands_for_two_findings_dismisses_neither():
    known = facts_with("testing", outcome=Outcome.BLOCKED, blocking=("harmless", "harmful"), keys=("abc123", "abc123"))
    word = (said("dismissal", "abc123", person()),)

    assert decide(replace(known, statements=word), POLICY).status == "blocked"


@pytest.mark.parametrize("keys", [(), ("abc123", "def456")])
def test_findings_whose_keys_are_not_all_known_are_not_dismissed(keys):
    known = facts_with("testing", outcome=Outcome.BLOCKED, blocking=("one",), keys=keys)
    word = (said("dismissal", "abc123", person()),)

    assert decide(replace(known, statements=word), POLICY).status == "blocked"


def test_no_finding_is_dismissed_where_nobody_overrides_and_authors_may_where_they_override():
    word = (said("dismissal", "abc123", person()),)
    mine = (said("dismissal", "abc123", ADA),)

    assert decide(refused(statements=word), Policy(override=False)).status == "blocked"
    assert decide(refused(statements=mine), Policy(override=Override(author=True))).status == "approved"
    assert decide(refused(statements=mine, author=None), POLICY).status == "blocked"


@pytest.mark.parametrize(
    ("who", "holds"),
    [(person(), True), (person(permission=None), True), (person(permission="read"), False), (person(bot=True), False)],
)
@pytest.mark.parametrize("how", ["veto", "review"])
def test_objections_of_those_who_may_write_close_the_gate(who, holds, how):
    word = {"statements": (said("veto", "", who),)} if how == "veto" else {}
    review = {"reviews": (approval(who, state="changes_requested", current=False),)} if how == "review" else {}
    decision = decide(facts(**word, **review), POLICY)

    assert (decision.status == "blocked") is holds
    assert ("bob" in decision.title) is holds


@pytest.mark.parametrize("missing", ["reviews", "statements"])
def test_what_people_said_is_waited_for(missing):
    assert decide(facts(**{missing: None}), POLICY).title == "Wait: the reviews have not been read"
