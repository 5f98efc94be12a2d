"""Patterns of a policy: what is refused, what they find, and that none of them is costly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.patterns import MAX_PATTERN_CHARS, found_in, in_every_line, pattern_problem

CATASTROPHIC = ["(a+)+$", "(a|a)*b", "(a|aa)+$", "([a-zA-Z]+)*c", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){25}"]


@pytest.mark.parametrize("pattern", ["eval\\(", "(?i)todo", "^import ", "[0-9]{3}-[0-9]{4}", "\u00e9", "a\\b"])
def test_a_plain_pattern_is_fine(pattern):
    assert pattern_problem(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("", "is empty or longer"),
        ("a" * (MAX_PATTERN_CHARS + 1), "is empty or longer"),
        ("(?=a)b", "is no RE2 pattern"),
        ("(?<!a)b", "is no RE2 pattern"),
        ("(a)\\1", "is no RE2 pattern"),
        ("a(", "is no RE2 pattern"),
        ("[z-a]", "is no RE2 pattern"),
        ("(a{1000}){1000}", "far too large"),
        ("((((x{100}){100}){100}){100})", "far too large"),
        ("\ud800", "is no RE2 pattern"),
        (".*", "matches an empty line"),
        ("a*", "matches an empty line"),
        ("$", "matches an empty line"),
        ("a|", "matches an empty line"),
    ],
)
def test_case_30_a_pattern_that_cannot_be_used_is_refused_with_the_reason(pattern, words):
    assert words in pattern_problem(pattern)


def test_the_longest_pattern_is_taken():
    assert pattern_problem("a" * MAX_PATTERN_CHARS) is None


@pytest.mark.parametrize("pattern", CATASTROPHIC)
def test_case_30_a_pattern_that_backtracks_elsewhere_ends_here(pattern):
    """Steps of a backtracking engine would be counted in powers of two: without RE2 this test does not end."""
    assert not found_in(pattern, "a" * 200_000 + "!\n" + "Z" * 10) or pattern == "(.*a){25}"


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("^b$", "a\nb\nc", True),
        ("^b", "ab", False),
        ("a$", "ba\nc", True),
        ("a.b", "a\nb", False),
        ("a\\sb", "a\nb", False),
        ("a[^x]b", "a\nb", False),
        ("A", "a", False),
        ("(?i)A", "a", True),
        ("\u00e9", "caf\u00e9", True),
        (".", "\n\n", False),
        ("x", "", False),
        ("^$|x", "a\r\nx", True),
    ],
)
def test_a_pattern_is_looked_for_line_by_line(pattern, text, found):
    assert found_in(pattern, text) is found


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("# a\n# b", True),
        ("# a\n\n \t\n# b\n", True),
        ("# a\nb", False),
        ("", False),
        ("\n\n", False),
        ("a # b", False),
        ("# a\r\n# b\r\n", True),
        ("# a\rb", False),
        ("# a\u2028b", False),
        ("# a\fb", False),
    ],
)
def test_every_line_that_is_not_blank_must_hold_it(text, every):
    assert in_every_line("^#", text) is every


@pytest.mark.parametrize("odd", ["\ud800", "\x00", "\ufffe", "\U0010ffff", "a\udcffb"])
def test_odd_characters_of_a_diff_raise_nothing(odd):
    assert found_in("end", f"{odd} end")
    assert in_every_line("end", f"{odd} end")


@given(st.text(max_size=40), st.text(max_size=200))
def test_no_pattern_and_no_text_raise_anything(pattern, text):
    if pattern_problem(pattern) is None:
        assert found_in(pattern, text) in {True, False}
        assert in_every_line(pattern, text) <= any(line.strip() for line in text.split("\n"))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=20), st.text(max_size=50))
def test_what_is_quoted_is_found(text, around):
    import re2

    assert found_in(re2.escape(text), f"{around}\n{text}")
