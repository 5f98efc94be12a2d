"""Whose fault a failing check is, and what of its log is shown."""

import pytest

from app.policy.ci import Check, failing, judge, names_any, of_others, under_way
from app.policy.ci_log import readable_end


def check(name="build", conclusion="failure", app_id=7, number=1, began="2026-11-21T10:00:00Z"):
    return Check(number, name, app_id, conclusion, began)


FAILED, PASSED = check(), check(conclusion="success")
OTHER = check(name="lint")
CASES = [
    ("the base has it green", [FAILED], [[PASSED]], True, "broken"),
    ("the base has no such check", [FAILED], [[OTHER]], True, "broken"),
    ("the base has no such check, and no file is named", [FAILED], [[]], False, "broken"),
    ("the base has it red", [FAILED], [[FAILED]], True, "not mine"),
    ("only the base as it is now has it red", [FAILED], [[PASSED], [FAILED]], True, "not mine"),
    ("the base had it red and then green", [FAILED], [[FAILED, PASSED]], True, "broken"),
    ("another App's of the same name is red there", [FAILED], [[check(app_id=8)]], True, "broken"),
    ("it was green on this very commit", [PASSED, FAILED], [[PASSED]], True, "flaky"),
    ("red on the base counts more", [PASSED, FAILED], [[FAILED]], True, "not mine"),
    ("green on the base, and no file of the change is named", [FAILED], [[PASSED]], False, "flaky"),
]


@pytest.mark.parametrize(("here", "bases", "named", "verdict"), [each[1:] for each in CASES], ids=[e[0] for e in CASES])
def test_whose_fault_it_is(here, bases, named, verdict):
    assert judge(FAILED, here, bases, named=named).verdict == verdict


def test_our_own_checks_and_what_is_called_like_them_are_left_out():
    assert of_others([check(app_id=42), check(name="Quorum/gate"), OTHER], 42) == [OTHER]


def test_the_newest_of_a_check_counts_and_who_cancels_it_calls_nothing_broken():
    assert failing([FAILED, PASSED]) == []
    assert failing([PASSED, FAILED]) == [FAILED]
    assert failing([check(conclusion="cancelled"), check(name="slow", conclusion="timed_out")])[0].name == "slow"


def test_a_check_that_hangs_is_not_waited_for():
    going = check(conclusion=None)
    assert under_way([going], "2026-11-21T09:30:00Z") == [going]
    assert under_way([going], "2026-11-21T10:30:00Z") == []


@pytest.mark.parametrize(
    ("printed", "named"),
    [
        ("at src/tally/split.py:7", True),
        ("in tally\\split.py", True),
        ("import src.tally.split", True),
        ("src/tally/splitter.py", False),
        ("connection reset by peer", False),
        ("", False),
    ],
)
def test_whether_a_log_names_a_changed_file(printed, named):
    assert names_any(printed, ["src/tally/split.py"]) is named


def test_a_short_name_stands_in_any_log():
    assert not names_any("so a b c", ["x/a"])
    assert names_any("cannot read x/a", ["x/a"])


def test_a_log_is_shown_as_it_looked_on_a_screen_up_to_what_failed():
    log = (
        "\ufeff2026-11-21T10:00:00.0000000Z \x1b[1;31mFAILED\x1b[0m test_split\r\n"
        "2026-11-21T10:00:00.0000000Z 10%\r50%\r100%\n"
        "\x1b]8;;https://example.com\x07a link\x1b]8;;\x07\n"
        "2026-11-21T10:00:01.0000000Z ##[error]Process completed with exit code 1.\n"
    )
    told = readable_end(log + "Post job cleanup.\n" * 9)
    assert told.splitlines()[:3] == ["FAILED test_split", "100%", "a link"]
    assert told.splitlines().count("Post job cleanup.") == 5


def test_of_a_long_log_whole_lines_of_the_end_are_kept():
    told = readable_end("first\n" + "x" * 50 + "\nsecond\nlast", most=20)
    assert told.endswith("second\nlast")
    assert told.startswith("[... ")
    assert "x" not in told.partition("\n")[2]
