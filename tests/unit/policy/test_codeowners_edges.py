"""Lines of a CODEOWNERS file that end, begin or break off oddly."""

import pytest

from app.policy.codeowners import owners_of, parse_codeowners


@pytest.mark.parametrize("line", ["a[ @x", "a] @x", "a[b @x", "[ @x"])
def test_half_of_a_bracket_does_not_work_either(line):
    read = parse_codeowners(line)

    assert read.rules == ()
    assert [each.reason for each in read.faults] == ["`[ ]` does not work here; use `?` or `*`"]


@pytest.mark.parametrize(
    ("line", "pattern", "owners"),
    [
        ("* @maX\r", "*", {"@max"}),
        ("docs\\ ", "docs ", set()),
        ("docs\\ \r", "docs ", set()),
        ("docs @a\r\r", "docs", {"@a"}),
        ("docs @a \t", "docs", {"@a"}),
    ],
)
def test_the_end_of_a_line_is_no_part_of_it(line, pattern, owners):
    (rule,) = parse_codeowners(f"{line}\n").rules

    assert (rule.pattern, rule.owners) == (pattern, owners)


def test_a_backslash_before_the_end_of_a_line_takes_nothing_with_it():
    read = parse_codeowners("* @everyone\ndocs\\\r\n")

    assert [each.line for each in read.faults] == [2]
    assert owners_of(read, "docs/a") == {"@everyone"}


@pytest.mark.parametrize("pattern", ["..", "../a", "a/../b", "./X", "X//a", "a//X", "X/."])
def test_an_odd_step_matches_nothing_whatever_stands_around_it(pattern):
    (fault,) = parse_codeowners(f"{pattern} @x").faults

    assert "step matches nothing" in fault.reason


def test_the_longest_pattern_is_taken():
    assert parse_codeowners(f"{'a' * 4096} @x").faults == ()
