"""Whose word counts in the place of an approval, for what, and for how long; vetoes, dismissals, objections."""

from dataclasses import replace

import pytest
from gate_builders import (
    ADA,
    DIFF,
    OTHER_DIFF,
    POLICY,
    approval,
    facts,
    facts_with,
    facts_without,
    nodes,
    person,
    ruled,
    said,
    verdict,
)  # fmt: skip
from hypothesis import given
from hypothesis import strategies as st

from app.policy.config import Policy
from app.policy.finding import Outcome
from app.policy.gate import decide, render_decision
from app.policy.overriding import TARGETS, missing_targets, why_not_overridden, would_help
from app.policy.persons import is_one_of, why_not
from app.policy.rules import PERSPECTIVES, Override

DORA = person("dora", permission="maintain")
MONA = person("mona", permission="admin")
REFUSED = {"outcome": Outcome.BLOCKED, "blocking": ("no test",), "keys": ("abc123",)}
OPEN = Override(by=("write", "maintain", "admin", "@acme/dba", "@zed"), author=True, outage=True)


def refused(name="testing", **more):
    return replace(facts_with(name, **REFUSED), **more)


WORDS = [
    ("a maintainer", said(), "approved"),
    ("an administrator", said(who=MONA), "approved"),
    ("a writer", said(who=person()), "blocked"),
    ("a role that GitHub does not have", said(who=person(permission="custom")), "blocked"),
    ("of whom nothing is known", said(who=person(permission=None)), "blocked"),
    ("who was a maintainer then", said(who=person(permission="write"), permission="admin"), "blocked"),
    ("a bot", said(who=person("x[bot]", bot=True, permission="admin")), "blocked"),
    ("the author", said(who=person("ada", permission="admin")), "blocked"),
    ("the author in capitals", said(who=person("ADA", permission="admin")), "blocked"),
    ("of another diff", said(fingerprint=OTHER_DIFF), "blocked"),
    ("of a diff that was not known", said(fingerprint=""), "blocked"),
    ("of another perspective", said(target="security"), "blocked"),
    ("of the tests", said(target="tests"), "blocked"),
    ("a comment that is gone", said(removed=True), "approved"),
    ("another kind of word", said(kind="dismissal"), "blocked"),
]


@pytest.mark.parametrize(("case", "word", "expected"), WORDS, ids=[each[0] for each in WORDS])
def test_case_19_whose_override_counts(case, word, expected):
    assert decide(refused(statements=(word,)), POLICY).status == expected


def test_case_20_an_override_names_who_gave_it_and_what_it_stands_in_for():
    text = render_decision(decide(refused(statements=(said(removed=True),)), POLICY))

    assert "overridden by dora, who may maintain here; the comment is no longer there; without it: 1 finding" in text
    assert "`it is a sample`" in text


def test_an_override_of_a_diff_that_is_not_known_counts_for_nothing():
    unknown = refused(fingerprint="", statements=(said(fingerprint=""),))

    assert why_not(said(fingerprint=""), unknown, OPEN) == "it was said of another diff"
    assert why_not(said(), refused(fingerprint=None), OPEN) == "it was said of another diff"


@pytest.mark.parametrize("author", [ADA, None])
@pytest.mark.parametrize("allowed", [True, False])
def test_case_18_the_author_overrides_only_where_the_policy_says_so(author, allowed):
    policy = Policy.model_validate({"override": {"by": ["write"], "author": allowed}})
    known = refused(author=author, statements=(said(who=ADA),))

    assert (decide(known, policy).status == "approved") is allowed
    assert (why_not(said(who=ADA), known, policy.override) is None) is allowed


@pytest.mark.parametrize(
    ("by", "who", "counts"),
    [
        (["write"], person(), True),
        (["admin"], DORA, False),
        (["@acme/dba"], person(teams=frozenset({"@acme/dba"})), True),
        (["@acme/DBA".lower()], person(teams=frozenset({"@acme/ops"})), False),
        (["@acme/dba"], person(permission="read", teams=frozenset({"@acme/dba"})), False),
        (["@Bob"], person(), True),
        (["@bob"], person("bobby", permission="admin"), False),
        (["@bob"], person(permission="triage"), False),
    ],
)
def test_the_policy_names_who_may_override(by, who, counts):
    policy = Policy.model_validate({"override": {"by": by}})

    assert (decide(refused(statements=(said(who=who),)), policy).status == "approved") is counts
    assert is_one_of(who, by) is counts


def test_nobody_overrides_where_the_policy_says_so_and_a_rule_may_say_it_for_itself():
    word = (said(who=MONA),)
    rule = ruled({"perspectives": ["testing"]}, rule_override=False)
    own = ruled({"perspectives": ["testing"]}, rule_override={"by": ["write"]})
    by_bob = refused(statements=(said(who=person()),))

    assert decide(refused(statements=word), Policy(override=False)).status == "blocked"
    assert decide(refused(statements=word), rule).status == "blocked"
    assert nodes(decide(refused(statements=word), rule))["The rule"].status == "blocked"
    assert nodes(decide(by_bob, own))["The rule"].status == "approved"
    assert decide(by_bob, own).status == "blocked", "the policy's own terms hold as well"


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
    ("not sure", {"confidence": 0.1}, "approved"),
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


@pytest.mark.parametrize(("target", "opens"), [("tests", False), ("testing", False), ("people", False)])
def test_an_override_is_for_what_it_names_and_tests_that_failed_are_one_such_thing(target, opens):
    known = facts(tests="failed", statements=(said(target=target),))
    status = decide(known, Policy(test="pytest")).status

    assert (status == "approved") is (opens or target == "tests")


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
