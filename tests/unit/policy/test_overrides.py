"""Whose word counts in the place of an approval, for what, and for how long."""

from dataclasses import replace

import pytest
from gate_builders import ADA, OTHER_DIFF, POLICY, facts, facts_with, nodes, person, ruled, said

from app.policy.config import Policy
from app.policy.finding import Outcome
from app.policy.gate import decide, render_decision
from app.policy.persons import is_one_of, why_not
from app.policy.rules import Override

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


@pytest.mark.parametrize(("target", "opens"), [("tests", False), ("testing", False), ("people", False)])
def test_an_override_is_for_what_it_names_and_tests_that_failed_are_one_such_thing(target, opens):
    known = facts(tests="failed", statements=(said(target=target),))
    status = decide(known, Policy(test="pytest")).status

    assert (status == "approved") is (opens or target == "tests")
