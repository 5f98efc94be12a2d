"""The key `setup`: one command, several, or `false`."""

import pytest

from app.policy.config import Policy, parse_policy
from app.policy.errors import PolicyError
from app.policy.stricter import asks_more


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("", None),
        ("setup:", None),
        ("setup: false", ()),
        ("setup: []", ()),
        ("setup: npm ci", ("npm ci",)),
        ("setup: [npm ci, make deps]", ("npm ci", "make deps")),
        ("setup:\n  - |\n    a\n    b\n", ("a\nb\n",)),
    ],
)
def test_no_word_is_another_thing_than_nothing_to_set_up(text, commands):
    assert parse_policy(text).setup == commands


@pytest.mark.parametrize(
    ("text", "column", "message", "remedy"),
    [
        ("setup: true", 1, "`true` is no command", "Write commands"),
        ("setup: 5", 1, "valid list", "setup: [npm ci]"),
        ("setup: ''", 1, "at least 1 character", "setup: [npm ci]"),
        ("setup: [a, ' ']", 12, "setup[2]`: it is blank", "leave the key out"),
        ('setup: ["x\\0"]', 9, "control characters", "Write a command"),
        (f"setup: [a, {'x' * 501}]", 12, "at most 500 characters", ""),
        (f"setup: [{', '.join('a' * 21)}]", 1, "at most 20 items", ""),
    ],
)
def test_a_fault_in_it_is_named_with_its_place(text, column, message, remedy):
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)

    assert caught.value.column == column
    assert message in caught.value.message
    assert remedy in caught.value.remedy


def test_another_set_up_takes_no_approval_back():
    assert not asks_more(Policy(setup=("npm ci",)), Policy(setup=()))
