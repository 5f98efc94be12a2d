"""The key `environments` of the policy file: what it may say, and which rules hold for a name."""

import pytest

from app.policy.config import Policy, parse_policy, policy_schema
from app.policy.environments import Environment, environment_for, matches_branch
from app.policy.errors import PolicyError

WHOLE = """\
environments:
  staging: {}
  "prod-*":
    after: [staging]
    soak_minutes: 30
    branches: [main, "release/*"]
    migrations: reversible
    max_age_hours: 168
  Prod-EU: {after: [staging], security: false}
"""


def test_a_whole_section_is_read():
    found = parse_policy(WHOLE).environments
    assert found["staging"] == Environment()
    assert found["prod-*"] == Environment(
        after=("staging",), soak_minutes=30, branches=("main", "release/*"), migrations="reversible", max_age_hours=168
    )
    assert not found["Prod-EU"].security


def test_the_rules_under_the_very_name_come_before_those_of_a_glob():
    found = parse_policy(WHOLE).environments
    assert environment_for("prod-eu", found) is found["Prod-EU"]
    assert environment_for("PROD-us", found) is found["prod-*"]
    assert environment_for("Staging", found) is found["staging"]
    assert environment_for("production", found) is None


@pytest.mark.parametrize(
    ("glob", "branch", "matched"),
    [
        ("main", "main", True),
        ("main", "feature/main", False),
        ("main", "main/x", False),
        ("main", "Main", False),
        ("release/*", "release/1.2", True),
        ("release/*", "release/1/2", False),
        ("*", "main", True),
        ("*", "a/b", False),
        ("**", "a/b", True),
        ("v[0-9]", "v1", True),
    ],
)
def test_globs_of_branches(glob, branch, matched):
    assert matches_branch(glob, branch) is matched


FAULTS = [
    # text, line, part of the message, part of the remedy
    ("environments: 3", 1, "mapping of keys", "`key: value`"),
    ("environments:\n  prod:\n    aftr: [x]", 3, "no key `environments.prod.aftr`", "`after`"),
    ("environments:\n  prod:\n    wholly: 1", 3, "no key `environments.prod.wholly`", "Keys are after"),
    ("environments:\n  prod:\n    after: [prod-*]", 3, "is a glob", "Name each"),
    ("environments:\n  prod:\n    after: [a, A]", 3, "`A` is there twice", "Keep one"),
    ("environments:\n  prod:\n    soak_minutes: soon", 3, "`environments.prod.soak_minutes`", "without quotes"),
    ("environments:\n  prod:\n    soak_minutes: 99999", 3, "`environments.prod.soak_minutes`", "within that bound"),
    ("environments:\n  prod:\n    soak_minutes: 5", 2, "needs `after`", "after: [staging]"),
    ("environments:\n  prod:\n    branches: [refs//x]", 3, "name of no branch", "release/*"),
    ("environments:\n  prod:\n    migrations: never", 3, "'reversible' or 'any'", "one of them"),
    ("environments:\n  prod:\n    security: 1", 3, "`environments.prod.security`", "without quotes"),
    ("environments:\n  prod: {after: [Prod]}", 2, "comes after itself", "Take it off"),
    ("environments:\n  prod: {}\n  Prod: {}", 3, "there twice", "Keep one"),
    ("environments:\n  a: {after: [b]}\n  b: {after: [c]}\n  c: {after: [a]}", 2, "comes after it", "Take one"),
    ('environments:\n  "": {}', 2, "name of no environment", "Name one"),
]


@pytest.mark.parametrize(("text", "line", "message", "remedy"), FAULTS)
def test_a_fault_names_its_line_what_is_wrong_and_what_to_write(text, line, message, remedy):
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)
    assert caught.value.line == line
    assert message in caught.value.message
    assert remedy in caught.value.remedy


def test_the_schema_describes_each_key():
    shown = policy_schema()["$defs"]["Environment"]["properties"]
    assert set(shown) == set(Environment.model_fields)
    assert all(each["description"] for each in shown.values())


def test_what_is_not_named_is_empty():
    assert Policy().environments == {}
    assert environment_for("prod", {}) is None
