"""A policy file at its odd ends: what is nested unevenly, comes round in a circle, or is wrong in two places."""

import pytest

from app.policy.config import parse_policy, policy_schema
from app.policy.environments import matches_branch
from app.policy.errors import PolicyError


@pytest.mark.parametrize("shallow_first", [True, False])
def test_the_deepest_part_of_a_condition_says_how_deep_it_is(shallow_first):
    deep = '{not: {not: {not: {not: {title: "x"}}}}}'
    parts = ['{title: "y"}', deep] if shallow_first else [deep, '{title: "y"}']
    text = f"rules: [{{name: Deep, applies_to: {{and: [{', '.join(parts)}]}}, requires: {{people: {{}}}}}}]"

    with pytest.raises(PolicyError, match="nested more than 5 deep"):
        parse_policy(text)
    assert parse_policy(text.replace("{not: {not: ", "{not: ", 1).replace("}}}}}", "}}}}", 1)).rules


def test_environments_that_come_round_behind_another_are_found():
    text = "environments:\n  a: {after: [b]}\n  b: {after: [c]}\n  c: {after: [b]}"

    with pytest.raises(PolicyError, match="`b` comes after one that comes after it") as caught:
        parse_policy(text)
    assert caught.value.line == 3


@pytest.mark.parametrize("branch", ["feature/1", "release/x", "x"])
def test_every_step_of_a_branch_has_to_match(branch):
    assert not matches_branch("release/v*", branch)


def test_a_list_that_is_wrong_itself_is_told_before_what_depends_on_it():
    with pytest.raises(PolicyError, match="no perspective `securty`") as caught:
        parse_policy("perspectives: [securty]\nrequired: [security, testing]")
    assert caught.value.line == 1
    with pytest.raises(PolicyError, match="`testing` is required but not among"):
        parse_policy("perspectives: [security]\nrequired: [security, testing]")


def test_the_schema_says_which_language_it_is_written_in():
    assert policy_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
