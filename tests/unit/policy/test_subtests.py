"""Parts of tests that fail, and new tests that do not."""

import pytest

from app.policy.testlogs.reading import read_testlog
from app.policy.testlogs.subtests import not_failing, without_parts
from app.policy.testlogs.unit import Unit

RULE, DASHES = "=" * 70, "-" * 70
HEADS = ("test_a (t.T.test_a) (x=1)", "test_a (t.T.test_a) [named] (x=2)", "test_a (t.U.test_a)")
LOG = "".join(f"{RULE}\nERROR: {head}\n{DASHES}\nboom\n\n" for head in HEADS)
LOG += f"{DASHES}\nRan 3 tests in 0.001s\n\nFAILED (errors=3)\n"


def test_what_unittest_names_more_than_once_is_one_test():
    (unit,) = read_testlog(LOG)
    assert without_parts(unit.failing) == ["test_a (t.T.test_a)", "test_a (t.U.test_a)"]


@pytest.mark.parametrize(
    ("names", "tests"),
    [
        (["t.py::test_a", "t.py::test_a[m] (n=3)", "t.py::test_a(n=4)"], ["t.py::test_a"]),
        (["t.py::test_a[f(a)]", "t.py::test_a[g (b)]"], ["t.py::test_a[f(a)]", "t.py::test_a[g (b)]"]),
        (["TestA", "TestA/x", "TestA/x/y", "TestB"], ["TestA", "TestB"]),
        (["src/a.test.js > adds up (fast)", "src/a.test.js > adds up"], None),
        ([], []),
    ],
    ids=["pytest", "parameters", "go", "sentences", "none"],
)
def test_each_runner_names_parts_in_its_way(names: list[str], tests: list[str] | None):
    assert without_parts(names) == (names if tests is None else tests)


def test_new_ones_that_are_not_named_among_the_failing_did_not_fail():
    units = (Unit("unittest", HEADS, 9),)
    assert not_failing(["test_a", "test_b"], units) == ["test_b"]
    assert not_failing(["test_a", "test_aa"], units) == ["test_aa"], "part of a name is none"


def test_nothing_is_said_of_what_was_not_run_or_has_other_names():
    assert not_failing(["test_a", "test_b"], (Unit("pytest", ("t.py::test_a",), 9, ("u.py",)),)) == []
    assert not_failing(["test_b"], (Unit("jest", ("adds up",), 9),)) == []


def test_two_tests_of_one_title_are_two():
    """TAP names no file, and two files of a project may test the same in the same words."""
    (unit,) = read_testlog("TAP version 13\nnot ok 1 - adds up\nok 2 - subtracts\nnot ok 3 - adds up\n1..3\n")
    assert unit.failing == ("adds up", "adds up (2)")
    assert without_parts(unit.failing) == ["adds up", "adds up (2)"]


def test_long_titles_that_are_alike_are_counted_each():
    long = f"Error: {'x' * 350}"
    told = f"TAP version 13\nnot ok 1 should be equal\nok 2 {long}\nnot ok 3 should be equal\n"
    told += f"not ok 4 {long}\nnot ok 5 {long}\n\n1..5\n# tests 5\n# pass  1\n# fail  4\n"
    (unit,) = read_testlog(told)
    assert len(without_parts(unit.failing)) == 4
