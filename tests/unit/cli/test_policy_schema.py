"""The published schema: it is the models', it takes what they take, and it knows no other key."""

import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from app.cli import app
from app.policy.config import parse_policy
from app.policy.errors import PolicyError
from app.policy.yaml_tree import read_tree

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "policy.md").read_text(encoding="utf-8")
PUBLISHED = DOCS / "quorum.schema.json"
SCHEMA = Draft202012Validator(json.loads(PUBLISHED.read_text(encoding="utf-8")))


def test_the_published_schema_is_what_the_command_prints():
    printed = CliRunner().invoke(app, ["config", "schema"]).stdout

    assert PUBLISHED.read_text(encoding="utf-8") == printed, "run `quorum config schema > docs/quorum.schema.json`"


def test_it_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA.schema)


def test_the_tables_of_its_page_have_its_keys_and_no_others():
    defs = SCHEMA.schema["$defs"]
    assert keys_between("## Keys", "## Instructions by path") == set(SCHEMA.schema["properties"])
    assert keys_between("**Conditions**", "**Requirements**") == set(defs["Condition"]["properties"])
    assert keys_between("**Requirements**", "Per rule:") == set(defs["Requires"]["properties"])


def test_the_defaults_of_its_page_are_those_that_count():
    """Those that a sentence tells stand in no backticks and are no numbers."""
    table, told = PAGE[PAGE.index("## Keys") : PAGE.index("## Instructions by path")], 0
    for names, defaults in re.findall(r"(?m)^\| (`[a-z_`, ]+) \| ([`\d][^|]*) \|", table):
        for key, value in zip(re.findall(r"`([a-z_]+)`", names), defaults.split(", "), strict=True):
            default = SCHEMA.schema["properties"][key]["default"]
            shown = yaml.safe_load(value.strip("`"))
            whole = {**default, **shown} if isinstance(default, dict) else shown
            assert str(default) == value or default == whole, key
            told += 1
    assert told > 10


def keys_between(begin: str, end: str) -> set[str]:
    table = PAGE[PAGE.index(begin) : PAGE.index(end)]
    return {key for cell in re.findall(r"(?m)^\| ([^|]+) \|", table) for key in re.findall(r"`([a-z_]+)", cell)}


REFUSED = (
    "requird: all",
    "rules: [{name: A, requires: {people: {cuont: 1}}}]",
    "rules: [{name: A, applies_to: {pathz: [a]}, requires: {people: {}}}]",
    "rules: [{name: A, applies_to: {all_of: [{paths: [a]}]}, requires: {people: {}}}]",
    "rules: [{name: A, applies_to: {author: {role: write}}, requires: {people: {}}}]",
    "rules: [{name: A, applies_to: {not: {path: [a]}}, requires: {people: {}}}]",
    "rules: [{name: A, requires: {some_of: {count: 1, of: [testing], at: 2}}}]",
    "override: {who: [write]}",
    "automerge: {how: squash}",
)


@pytest.mark.parametrize("text", REFUSED)
def test_keys_that_are_not_known_are_refused_by_both(text):
    assert not SCHEMA.is_valid(read_tree(text).value)
    with pytest.raises(PolicyError, match="there is no key"):
        parse_policy(text)


def some(optional):
    return st.fixed_dictionaries({}, optional=optional).filter(bool)


def listed(*values):
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


whoever = listed("write", "maintain", "ada", "@ada", "dependabot[bot]", "@acme/dba")
names = listed("security", "testing", "infrastructure")
conditions = st.recursive(
    some(
        {
            "paths": listed("docs/", "*.py", "src/**"),
            "only_kinds": listed("code", "docs"),
            "lines": st.sampled_from(["eval", "^x$"]),
            "whitespace_only": st.sampled_from([True, None]),
            "lines_over": st.sampled_from([0, 5]),
            "labels": listed("hot", "Cold one"),
            "author": some({"users": whoever.filter(lambda who: "@acme/dba" not in who), "bot": st.booleans(),
                            "teams": listed("@acme/dba"), "permission": st.just("none")}),
            "base": listed("main", "release/*"),
            "title": st.just("^WIP"),
            "risk": st.sampled_from(["low", "high"]),
            "checks": st.sampled_from([{"ci": "success"}, {"ci": "running", "x y": "stale"}]),
        }
    ),
    lambda inner: some(
        {"and": st.lists(inner, min_size=1, max_size=2), "or": st.lists(inner, min_size=1, max_size=2), "not": inner}
    ),
    max_leaves=3,
)  # fmt: skip
overrides = st.one_of(st.just(False), some({"by": whoever, "author": st.booleans(), "outage": st.booleans()}))
rules = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["A", "B 2", "c: (d)"]),
        "requires": some(
            {
                "perspectives": names,
                "some_of": st.fixed_dictionaries({"count": st.just(1), "of": names}),
                "people": st.fixed_dictionaries({}, optional={"count": st.integers(1, 20), "who": whoever}),
                "codeowners": st.booleans(),
                "checks": listed("ci", "lint / all"),
                "min_confidence": st.sampled_from([0, 1, 0.5]),
                "max_age_hours": st.sampled_from([1, 8760]),
            }
        ),
    },
    optional={
        "applies_to": st.one_of(st.none(), conditions),
        "override": st.one_of(st.none(), overrides),
        "veto": st.booleans(),
        "carry_over": st.sampled_from(["exact", "same_tree", None]),
    },
)
policies = st.fixed_dictionaries(
    {},
    optional={
        "perspectives": st.sampled_from([["security"], ["security", "testing"]]),
        "required": st.sampled_from(["all", ["security"]]),
        "test": st.sampled_from(["pytest", None]),
        "budget_usd": st.sampled_from([1, 2.5, 1000]),
        "max_rounds": st.integers(1, 5),
        "min_confidence": st.sampled_from([0, 0.5, 1]),
        "set_aside": listed("docs/api/", "!docs/api/x"),
        "override": overrides,
        "vetoes": st.just(["security", "testing"]),
        "autonomy": st.integers(1, 5),
        "automerge": st.one_of(st.none(), some({"method": st.just("rebase"), "applies_to": conditions})),
        "rules": st.lists(rules, max_size=2, unique_by=lambda rule: rule["name"]),
    },
)


@settings(max_examples=400)
@given(policies)
def test_what_can_be_used_is_taken(policy):
    """The other way round does not hold: a schema cannot tell what RE2 takes, or whether two rules have one name."""
    try:
        parse_policy(json.dumps(policy))
    except PolicyError:
        return
    SCHEMA.validate(policy)
