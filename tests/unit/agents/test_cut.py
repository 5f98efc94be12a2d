"""Long output is cut where lines end, what is missing is counted, and lines that name failing tests stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agents.cut import both_ends, first_lines, last_lines
from app.agents.failing import names_failure

TAP = "\n".join(
    f"{'not ok' if number in {40, 77} else 'ok'} {number} - case {number}{' # TODO later' if number == 77 else ''}"
    for number in range(1, 201)
)


def test_what_fits_is_shown_as_it_is():
    for cut in (first_lines, last_lines, both_ends):
        assert cut("one\ntwo", 7) == "one\ntwo"


def test_each_end_is_cut_between_lines():
    text = "\n".join(f"line {number}" for number in range(10))
    assert first_lines(text, 15) == "line 0\nline 1\n[... 8 lines are left out ...]"
    assert last_lines(text, 15) == "[... 8 lines are left out ...]\nline 8\nline 9"
    assert both_ends(text, 18) == "line 0\n[... 8 lines are left out ...]\nline 9"
    assert last_lines("a\nb\nc", 3) == "[... 1 line is left out ...]\nb\nc"


def test_the_failing_tests_of_a_long_log_are_named_though_they_stand_in_its_middle():
    told = last_lines(TAP, 100)
    assert told.startswith("[... 195 lines are left out, among them:]\nnot ok 40 - case 40\n[...]\nok 196 ")
    assert both_ends(TAP, 100).count("not ok") == 1, "what is marked as still to be done fails nothing"


def test_a_line_that_is_longer_than_the_room_says_how_much_of_it_is_missing():
    assert last_lines("x" * 30, 10) == f"[... 20 characters of this line ...] {'x' * 10}"
    assert first_lines("x" * 30 + "\nend", 10).startswith(f"{'x' * 10} [... 20 more characters of this line ...]\n")


def test_what_was_cut_before_is_still_counted():
    once = last_lines("\n".join(f"line {number}" for number in range(100)), 200)
    assert last_lines(once, 60).startswith("[... 93 lines are left out ...]\n")


def test_a_number_that_no_count_can_be_is_a_line_like_others():
    hostile = f"[... {'9' * 5000} lines are left out"
    assert last_lines(f"{hostile}\nend", 10) == "[... 1 line is left out ...]\nend"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("not ok 3 - adds", True),
        ("    not ok 1 - inner", True),
        ("not ok 3 - adds # SKIP no network", False),
        ("ok 3 - adds", False),
        ("FAILED tests/test_a.py::test_b - assert 1 == 2", True),
        ("    --- FAIL: TestAdds (0.00s)", True),
        ("it is not ok", False),
    ],
)
def test_which_lines_name_a_failing_test(line: str, names: bool):
    assert names_failure(line) is names


@given(st.lists(st.text("ab \u00e9", max_size=12), min_size=1, max_size=40), st.integers(1, 200))
def test_every_line_that_is_shown_is_one_that_was_printed(lines: list[str], room: int):
    text = "\n".join(lines)
    for cut in (first_lines, last_lines, both_ends):
        shown = cut(text, room).split("\n")
        assert all(line in lines or line.startswith("[...") or "of this line ...]" in line for line in shown)
        assert sum(map(len, shown)) <= room + room // 3 + 200
