"""Who is answered in plain words, and how often in an hour."""

import pytest

from app.workflows.admitted import MOST, MOST_OF_ALL, MOST_TRUSTED, admit, may_be_told


@pytest.mark.parametrize(
    ("permission", "author", "answered", "others", "given"),
    [
        ("write", False, 0, 0, "talk"),
        ("admin", False, MOST_TRUSTED - 1, MOST_OF_ALL, "talk"),
        ("write", False, MOST_TRUSTED, 0, "enough"),
        ("write", False, MOST_TRUSTED + 1, 0, "silence"),
        ("triage", False, 0, 0, "talk"),
        ("read", True, 0, 0, "talk"),
        ("none", True, MOST - 1, 0, "talk"),
        ("none", True, MOST, 0, "enough"),
        ("none", True, MOST + 1, 0, "silence"),
        ("none", True, 0, MOST_OF_ALL, "silence"),
        ("triage", False, 1, MOST_OF_ALL - 1, "silence"),
        ("read", False, 0, 0, "help"),
        ("read", False, 1, 0, "silence"),
        ("none", False, 0, MOST_OF_ALL, "silence"),
    ],
)
def test_what_somebody_gets(permission, author, answered, others, given):
    assert admit(permission, is_author=author, answered=answered, others=others) == given


@pytest.mark.parametrize(
    ("permission", "answered", "others", "told"),
    [
        ("triage", MOST, MOST_OF_ALL, True),
        ("read", 0, 0, True),
        ("read", MOST - 1, 0, True),
        ("read", MOST, 0, False),
        ("none", 0, MOST_OF_ALL - 1, True),
        ("none", 1, MOST_OF_ALL - 1, False),
    ],
)
def test_how_often_words_that_only_tell_are_answered(permission, answered, others, told):
    assert may_be_told(permission, answered, others) is told
