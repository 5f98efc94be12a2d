"""What a veto refused opens by nobody's word; what an override would change is worked out before it is kept."""

from dataclasses import replace

import pytest
from gate_builders import (
    ADA,
    DIFF,
    OTHER_DIFF,
    POLICY,
    facts,
    facts_with,
    facts_without,
    nodes,
    person,
    ruled,
    said,
    verdict,
)
from hypothesis import given
from hypothesis import strategies as st

from app.policy.config import Policy
from app.policy.finding import Outcome
from app.policy.gate import decide, render_decision
from app.policy.overriding import TARGETS, missing_targets, why_not_overridden, would_help
from app.policy.rules import PERSPECTIVES, Override

DORA = person("dora", permission="maintain")
MONA = person("mona", permission="admin")
REFUSED = {"outcome": Outcome.BLOCKED, "blocking": ("no test",), "keys": ("abc123",)}
OPEN = Override(by=("write", "maintain", "admin", "@acme/dba", "@zed"), author=True, outage=True)


def refused(name="testing", **more):
    return replace(facts_with(name, **REFUSED), **more)


@pytest.mark.parametrize("name", ["security", "testing"])
@pytest.mark.parametrize("how", ["policy", "rule"])
def test_case_21_a_veto_is_not_overridden_by_anybody(name, how):
    policy = Policy(vetoes=("security", name)[name == "security" :], override=OPEN)
    if how == "rule":
        policy = ruled({"perspectives": [name]}, rule_veto=True, override=OPEN.model_dump())
    known = refused(name, statements=(said(target=name, who=MONA), said("dismissal", "abc123", MONA)))

    assert decide(known, policy).status == "blocked"
    assert "its veto cannot be overridden" in render_decision(decide(known, policy))


def test_a_rules_veto_is_for_the_perspectives_that_it_names_only():
    policy = ruled({"some_of": {"count": 1, "of": ["performance"]}}, rule_veto=True)
    word = (said(target="performance"), said(target="testing"))

    assert nodes(decide(refused("performance", statements=word), policy))["1 of 1"].status == "blocked"
    assert decide(refused("testing", statements=word), policy).status == "approved"


OUTAGES = [
    ("abstained", {"outcome": Outcome.ABSTAINED}, "approved"),
    ("not sure", {"confidence": 0.1}, "error"),
    ("refused", REFUSED, "blocked"),
    ("still to come", {"fingerprint": OTHER_DIFF}, "pending"),
]


@pytest.mark.parametrize(("case", "changes", "expected"), OUTAGES, ids=[each[0] for each in OUTAGES])
def test_case_50_a_veto_that_could_not_be_given_is_stood_in_for_only_where_the_policy_allows_outages(
    case, changes, expected
):
    word = said(target="security")
    known = replace(facts_with("security", **changes), statements=(word,))
    without = decide(facts_with("security", **changes), POLICY).status

    assert decide(known, Policy(override=Override(outage=True))).status == expected
    assert decide(known, POLICY).status == without


@pytest.mark.parametrize(("halted", "expected"), [(False, "approved"), (True, "error"), (None, "error")])
def test_case_50_a_review_that_somebody_stopped_is_no_outage(halted, expected):
    known = facts(verdicts=facts_without("security").verdicts, stopped="it ended", halted=halted)
    known = replace(known, statements=(said(target="security"),))

    assert decide(known, Policy(override=Override(outage=True))).status == expected


def test_what_can_be_overridden_is_what_is_missing_and_has_a_name():
    policy = ruled({"people": {}, "codeowners": True}, test="pytest")
    decision = decide(refused(tests="failed", owners=(frozenset({"@bob"}),)), policy)

    assert missing_targets(decision) == ("testing", "tests", "people")
    assert missing_targets(decide(facts(), POLICY)) == ()
    assert set(missing_targets(decision)) <= set(TARGETS)


def test_an_override_is_kept_only_if_it_changes_something():
    known = refused()

    assert would_help("testing", DORA, known, POLICY, None)
    assert not would_help("testing", person(), known, POLICY, None)
    assert not would_help("security", DORA, known, POLICY, None)
    assert not would_help("testing", DORA, facts(), POLICY, None)
    assert not would_help("testing", DORA, known, Policy(override=False), None)


@pytest.mark.parametrize(
    ("target", "who", "because"),
    [
        ("security", DORA, "the veto of security cannot be overridden"),
        ("testing", person(), "it takes somebody with maintain"),
        ("testing", ADA, "the author may not override"),
        ("testing", person(bot=True), "a bot may not override"),
        ("tests", DORA, "nothing is missing that has the name tests"),
    ],
)
def test_who_may_not_override_is_told_why(target, who, because):
    assert why_not_overridden(target, who, refused(), POLICY).startswith(because)


names = st.sampled_from(PERSPECTIVES)
people = st.builds(
    person,
    st.sampled_from(["ada", "bob", "mona"]),
    permission=st.sampled_from([None, "read", "write", "maintain", "admin"]),
    bot=st.booleans(),
)
words = st.builds(
    said,
    st.sampled_from(["override", "dismissal"]),
    st.sampled_from([*TARGETS, "abc123"]),
    people,
    fingerprint=st.sampled_from([DIFF, OTHER_DIFF]),
)


@given(names, st.sets(names), st.lists(words, max_size=6), st.booleans())
def test_case_21_no_word_of_anybody_opens_what_a_veto_refused(name, more, spoken, outage):
    policy = Policy(vetoes=tuple({"security", *more}), override=OPEN.model_copy(update={"outage": outage}))
    decision = decide(refused(name, statements=tuple(spoken)), policy)

    if name in policy.vetoes:
        assert decision.status == "blocked"


@given(st.lists(words, max_size=4), words)
def test_another_override_never_closes_the_gate(spoken, one):
    rank = {"approved": 0, "error": 1, "pending": 2, "blocked": 3}
    less, more = (decide(refused(statements=tuple(each)), POLICY).status for each in (spoken, [*spoken, one]))

    assert rank[more] <= rank[less]


def test_what_is_missing_can_be_named_for_each_perspective():
    for name in PERSPECTIVES[1:]:
        assert missing_targets(decide(facts_without(name), POLICY)) == (name,)
        assert nodes(decide(facts(), POLICY))[name].status == verdict(name).outcome.value
