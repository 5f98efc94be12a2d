"""What is not needed is not fetched, so it must not matter: leaving it out never changes a decision."""

from dataclasses import fields, replace

import pytest
from gate_builders import POLICY, approval, changed, condition, facts, person, ruled
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.config import Policy
from app.policy.facts import CheckFact, PersonFact
from app.policy.gate import decide
from app.policy.merging import Automerge
from app.policy.needs import Needs, needs_of
from app.policy.rules import Override

NOTHING = Needs(frozenset(), **dict.fromkeys((each.name for each in fields(Needs) if each.name != "teams"), False))


def test_the_default_policy_needs_none_of_what_costs_a_request():
    assert needs_of([POLICY]) == NOTHING


ONE = [
    ({"labels": ["x"]}, {"labels": True}),
    ({"lines": "x"}, {"lines": True}),
    ({"only_lines": "x"}, {"lines": True}),
    ({"whitespace_only": False}, {"whitespace": True}),
    ({"signed": False}, {"signed": True}),
    ({"checks": {"ci": "success"}}, {"checks": True}),
    ({"author": {"permission": "write"}}, {"author": True}),
    ({"author": {"teams": ["@acme/dba"]}}, {"author": True, "teams": frozenset({"@acme/dba"})}),
    ({"author": {"users": ["ada"], "bot": False, "first_time": True}}, {}),
    ({"paths": ["x"], "kinds": ["code"], "risk": "low", "base": ["main"], "title": "x"}, {}),
]


@pytest.mark.parametrize(("keys", "expected"), ONE, ids=[next(iter(keys)) for keys, _ in ONE])
@pytest.mark.parametrize("wrap", ["plain", "and", "or", "not", "deep"])
def test_what_a_condition_asks_about_is_needed_wherever_it_stands(keys, expected, wrap):
    shapes = {
        "plain": keys,
        "and": {"and": [{"title": "y"}, keys]},
        "or": {"or": [keys, {"title": "y"}]},
        "not": {"not": keys},
        "deep": {"and": [{"or": [{"not": {"and": [keys]}}]}]},
    }

    assert needs_of([ruled({"people": {}}, shapes[wrap])]) == replace(NOTHING, **expected)
    merging = Policy(automerge=Automerge(applies_to=condition(**shapes[wrap])))
    assert needs_of([merging]) == replace(NOTHING, **expected)
    assert needs_of([POLICY, merging]) == replace(NOTHING, **expected)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (ruled({"checks": ["ci"]}), {"checks": True}),
        (ruled({"codeowners": True}), {"owners": True}),
        (ruled({"people": {"who": ["@acme/dba", "@bob", "write"]}}), {"teams": frozenset({"@acme/dba"})}),
        (ruled({"people": {}}, rule_override={"by": ["@Acme/ops"]}), {"teams": frozenset({"@acme/ops"})}),
        (ruled({"people": {}}, rule_override=False), {}),
        (Policy(override=Override(by=("@acme/lead", "admin"))), {"teams": frozenset({"@acme/lead"})}),
        (Policy(override=False), {}),
    ],
)
def test_what_a_requirement_asks_about_is_needed(policy, expected):
    assert needs_of([policy]) == replace(NOTHING, **expected)


leaves = st.sampled_from([keys for keys, _ in ONE])
conditions = st.one_of(
    leaves,
    leaves.map(lambda inside: {"not": inside}),
    st.lists(leaves, min_size=1, max_size=3).map(lambda inside: {"and": inside}),
    st.lists(leaves, min_size=1, max_size=3).map(lambda inside: {"or": inside}),
)
requirements = st.sampled_from(
    [
        {"people": {}},
        {"people": {"who": ["@acme/dba"]}},
        {"checks": ["ci"]},
        {"codeowners": True},
        {"perspectives": ["testing"], "min_confidence": 0.95},
        {"some_of": {"count": 1, "of": ["testing", "performance"]}},
    ]
)
policies = st.builds(ruled, requirements, st.one_of(st.none(), conditions))
known = st.builds(
    facts,
    files=st.sampled_from([(changed("src/a.py"),), (changed("docs/a.md"),)]),
    changed_text=st.sampled_from(["x\n", "y\n"]),
    labels=st.sampled_from([{}, {"x": True}, {"x": False}]),
    author=st.builds(
        person, st.just("ada"), permission=st.sampled_from(["read", "write"]), teams=st.just(frozenset({"@acme/dba"}))
    ),
    whitespace_only=st.booleans(),
    signed=st.booleans(),
    checks=st.sampled_from([(), (CheckFact("ci", "success"),), (CheckFact("ci", "failure"),)]),
    owners=st.sampled_from([(), (frozenset({"@bob"}),)]),
    reviews=st.sampled_from([(), (approval(),), (approval(person(teams=frozenset({"@acme/dba"}))),)]),
)


def _only(facts_, needs):
    """The facts as they are gathered when only this is needed."""
    fewer = facts_
    if not needs.labels:
        fewer = replace(fewer, labels={})
    if not needs.author:
        fewer = replace(fewer, author=PersonFact(facts_.author.login, teams=None))
    missing = {
        "changed_text": needs.lines,
        "whitespace_only": needs.whitespace,
        "signed": needs.signed,
        "checks": needs.checks,
        "owners": needs.owners,
    }
    return replace(fewer, **{name: None for name, needed in missing.items() if not needed})


@settings(max_examples=400)
@given(known, policies)
def test_facts_that_are_not_needed_never_change_the_decision(facts_, policy):
    assert decide(_only(facts_, needs_of([policy])), policy) == decide(facts_, policy)
