"""Which issues a pull request closes, as its text says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.links import closed_issues, mentioned_issues


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Closes #1", (1,)),
        ("This fixes #12 and resolved: #3.", (12, 3)),
        ("FIX #7, close #7", (7,)),
        ("See #4, which encloses #5", ()),
        ("closes other/repo#6, fixes owner/repository#6, fixes x-owner/repo#6", ()),
        ("closes owner/repo#6", (6,)),
        ("Resolves: Owner/Repo#6, fixes GH-7", (6, 7)),
        ("Fixes https://github.com/owner/repo/issues/8.", (8,)),
        ("Fixes https://ghe.example/owner/repo/issues/8", (8,)),
        ("Fixes https://github.com/other/repo/issues/8 https://github.com/owner/repo/pull/9", ()),
        ("closes #0 closes #", ()),
        ("fixed #1 fixed #2 fixed #3 fixed #4", (1, 2, 3)),
    ],
)
def test_keywords_before_a_number_close_it(text, numbers):
    assert closed_issues(text, "owner/repo") == numbers


@given(st.text())
def test_any_text_names_at_most_three_positive_numbers(text):
    found = closed_issues(text, "owner/repo")
    assert len(found) <= 3
    assert all(number > 0 for number in found)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("See #4 and GH-5, not #7 itself, #4", (4, 5)),
        ("owner/repo#6, &#39; #12a a#3 ##8", ()),
        ("(#1) #2, #3. #5 #6 #8", (1, 2, 3, 5, 6)),
    ],
)
def test_other_issues_that_are_spoken_of(text, numbers):
    assert mentioned_issues(text, 7) == numbers
