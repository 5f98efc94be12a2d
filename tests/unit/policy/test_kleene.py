"""`and`, `or` and `not` over yes, no and not known, as a truth table; and what more knowledge does to an answer."""

import itertools
from dataclasses import fields, replace

import pytest
from gate_builders import changed, condition, facts, person
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.applying import applies
from app.policy.conditions import Condition
from app.policy.facts import CheckFact, Facts

STATES = (True, False, None)
PAIRS = list(itertools.product(STATES, STATES))
KNOWN = facts(labels={"yes": True, "doubtful": False}, title=None)
"""By labels a condition can be made yes, no, or not certain; the title is missing."""
WORDS = {True: {"labels": ["yes"]}, False: {"labels": ["no"]}, None: {"labels": ["doubtful"]}}


def both(one, two):
    return False if False in {one, two} else None if None in {one, two} else True


def either(one, two):
    return True if True in {one, two} else None if None in {one, two} else False


@pytest.mark.parametrize("one", STATES)
def test_not(one):
    expected = None if one is None else not one

    assert applies(condition(not_=WORDS[one]), KNOWN).holds is expected


@pytest.mark.parametrize(("one", "two"), PAIRS)
def test_and_and_or(one, two):
    pair = [WORDS[one], WORDS[two]]

    assert applies(condition(and_=pair), KNOWN).holds is both(one, two)
    assert applies(condition(or_=pair), KNOWN).holds is either(one, two)
    assert applies(condition(**WORDS[one], and_=[WORDS[two]]), KNOWN).holds is both(one, two)


@pytest.mark.parametrize(("one", "two"), PAIRS)
def test_the_laws_of_de_morgan(one, two):
    neither = condition(and_=[{"not": WORDS[one]}, {"not": WORDS[two]}])
    not_either = condition(not_={"or": [WORDS[one], WORDS[two]]})

    assert applies(neither, KNOWN).holds is applies(not_either, KNOWN).holds


def test_what_is_missing_is_said_only_if_it_decides():
    missing = {"title": "x"}

    assert applies(condition(and_=[missing, WORDS[False]]), KNOWN).missing is False
    assert applies(condition(and_=[missing, WORDS[True]]), KNOWN).missing is True
    assert applies(condition(or_=[missing, WORDS[True]]), KNOWN).missing is False
    assert applies(condition(or_=[missing, WORDS[None]]), KNOWN).missing is True
    assert applies(condition(not_=missing), KNOWN).missing is True
    assert applies(condition(not_=WORDS[None]), KNOWN).missing is False


@pytest.mark.parametrize(
    ("keys", "because"),
    [
        ({"and": [WORDS[True], {"files_over": 1}]}, "it has a label and 3 files changed"),
        ({"and": [WORDS[False], {"files_over": 1}]}, "it has none of the labels"),
        ({"or": [WORDS[False], {"files_over": 9}]}, "it has none of the labels and 3 files changed"),
        ({"or": [WORDS[None], {"title": "x"}]}, "a label was set by somebody who may not set it or it is not known"),
        ({"not": WORDS[False]}, "not so: it has none of the labels"),
        ({"not": WORDS[True]}, "it is so that it has a label"),
    ],
)
def test_the_reason_names_what_decides(keys, because):
    assert applies(Condition.model_validate(keys), KNOWN).because.startswith(because)


leaves = st.sampled_from(
    [
        {"paths": ["src/"]},
        {"only_paths": ["docs/", "src/"]},
        {"kinds": ["docs"]},
        {"only_kinds": ["code"]},
        {"lines": "x"},
        {"only_lines": "x"},
        {"whitespace_only": True},
        {"unreviewed_code": True},
        {"lines_over": 5},
        {"files_over": 1},
        {"labels": ["a", "b"]},
        {"author": {"users": ["ada"]}},
        {"author": {"teams": ["@acme/dba"], "permission": "maintain"}},
        {"author": {"first_time": True, "bot": False}},
        {"base": ["main"]},
        {"title": "x"},
        {"risk": "medium"},
        {"signed": True},
        {"checks": {"ci": "success"}},
    ]
)
trees = st.recursive(
    leaves,
    lambda inside: st.one_of(
        st.fixed_dictionaries({"not": inside}),
        st.fixed_dictionaries({"and": st.lists(inside, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"or": st.lists(inside, min_size=1, max_size=3)}),
    ),
    max_leaves=6,
).filter(lambda tree: _depth(tree) <= 5)
some_facts = st.builds(
    facts,
    files=st.sampled_from([(), (changed("src/a.py"),), (changed("docs/a.md"), changed("SRC/b.py"))]),
    changed_text=st.sampled_from(["", "x\n", "x\ny\n"]),
    whitespace_only=st.booleans(),
    unreviewed_code=st.sampled_from([(), ("dist/a.js",)]),
    title=st.sampled_from(["x", "y"]),
    labels=st.dictionaries(st.sampled_from(["a", "b"]), st.booleans()),
    author=st.builds(
        person,
        st.sampled_from(["ada", "bob"]),
        permission=st.sampled_from([None, "read", "admin"]),
        teams=st.sampled_from([None, frozenset(), frozenset({"@acme/dba"})]),
        bot=st.booleans(),
    ),
    first_time=st.booleans(),
    base_ref=st.sampled_from(["main", "dev"]),
    signed=st.booleans(),
    checks=st.sampled_from([(), (CheckFact("ci", "success"),), (CheckFact("ci", None),)]),
)
SOURCES = (
    *("files", "changed_text", "whitespace_only", "unreviewed_code", "title", "labels", "author", "first_time"),
    *("base_ref", "signed"),
)


def _depth(tree):
    inside = [*tree.get("and", []), *tree.get("or", []), *([tree["not"]] if "not" in tree else [])]
    return 1 + max((_depth(each) for each in inside), default=0)


@settings(max_examples=300)
@given(trees, some_facts, st.sets(st.sampled_from([*SOURCES, "checks"]), min_size=1))
def test_more_knowledge_never_changes_a_yes_or_a_no(tree, known, hidden):
    wanted = Condition.model_validate(tree)
    less = applies(wanted, replace(known, **dict.fromkeys(hidden)))

    assert less.holds in {None, applies(wanted, known).holds}


@given(trees, some_facts)
def test_not_of_a_condition_is_its_opposite_and_no_less_certain(tree, known):
    if _depth(tree) < 5:
        plain, turned = (applies(Condition.model_validate(each), known) for each in (tree, {"not": tree}))
        assert turned.holds is (None if plain.holds is None else not plain.holds)
        assert turned.missing is plain.missing


@given(trees)
def test_of_nothing_nothing_is_known(tree):
    answer = applies(Condition.model_validate(tree), Facts())

    assert (answer.holds, answer.missing) == (None, True)
    assert {name.name for name in fields(Facts)} >= set(SOURCES)
