"""When work may be handed in, told from the tests before and after it."""

from dataclasses import replace

import pytest

from app.policy.facts import TestResult
from app.policy.testlogs.comparing import compare
from app.policy.testlogs.unit import Unit
from app.workflows.handing_in import proves_nothing, tell_old_code, why_failed
from app.workflows.testing import Tests


def said(result: TestResult, *failing: str, ran: int | None = 9, named: bool = True) -> Tests:
    return Tests(result, f"{result}, so to say", "OUTPUT", None, (Unit("pytest", failing, ran),) if named else ())


NONE = said("not_configured", named=False)
HANDED_IN = [
    ("all pass", said("passed"), said("passed"), ""),
    ("nothing is run", NONE, NONE, ""),
    ("one fails", said("passed"), said("failed", "a"), "nothing is handed in until they pass.\n- a\n"),
    ("no test is left", said("passed"), said("passed", ran=0), "No test was run any more, 9 were before."),
    ("as before", said("failed", "a"), said("failed", "a"), ""),
    ("all are mended", said("failed", "a"), said("passed"), ""),
    ("one more", said("failed", "a"), said("failed", "a", "b"), "do not and fail now"),
    ("another one", said("failed", "a"), said("failed", "b"), "fail now"),
    ("no names any more", said("failed", "a"), said("failed", named=False), "now it does not"),
    ("never any names", said("failed", named=False), said("failed", named=False), ""),
]


@pytest.mark.parametrize(("name", "before", "after", "told"), HANDED_IN, ids=[case[0] for case in HANDED_IN])
def test_the_tests_stand_in_the_way_or_they_do_not(name: str, before: Tests, after: Tests, told: str):
    why = why_failed(before, after, compare(before.log, after.log))
    assert bool(why) == bool(told), name
    assert told.removeprefix("do not and ") in why


PROOFS = [
    ("pass on the old code", said("passed"), said("passed"), True),
    ("fail on the old code", said("passed"), said("failed", "new"), False),
    ("nothing more fails there", said("failed", "a"), said("failed", "a"), True),
    ("one more fails there", said("failed", "a"), said("failed", "a", "new"), False),
    ("it cannot be told", said("failed", named=False), said("failed", named=False), False),
]


@pytest.mark.parametrize(("name", "before", "back", "nothing"), PROOFS, ids=[case[0] for case in PROOFS])
def test_tests_that_fail_nowhere_else_prove_nothing(name: str, before: Tests, back: Tests, nothing: bool):
    assert proves_nothing(before, back) is nothing, name


def test_it_is_said_which_code_the_tests_were_tried_on():
    told = tell_old_code(said("passed"), said("failed", "new"), "the head before your repair")
    assert told.startswith("On the head before your repair your tests failed, so to say, as they should:\n- new\n")
    assert "Your tests pass on the base as well" in tell_old_code(said("passed"), said("passed"), "the base")
    assert tell_old_code(said("passed"), NONE, "the base") == ""


def test_new_tests_that_pass_on_the_old_code_are_named():
    back = replace(said("failed", "t.py::T::test_new[1]", "t.py::T::test_new[2]"), added=("test_new", "test_kept"))
    told = tell_old_code(said("passed"), back, "the base")
    assert "These of your new tests do not fail on the base." in told
    assert told.endswith("Is each meant so?\n- test_kept")
    assert "These of your" not in tell_old_code(said("passed"), replace(back, added=("test_new",)), "the base")


def test_tests_that_could_not_be_loaded_there_show_little():
    """Any test of a name that is new would fail so."""
    back = replace(said("failed"), log=(Unit("go", (), None, ("example.org/pkg",)),))
    told = tell_old_code(said("passed"), back, "the base")
    assert told.startswith("On the base your tests could not be built, loaded or run to an end")
    assert "- example.org/pkg" in told
    assert "as they should" not in told
    mixed = replace(back, log=(*back.log, Unit("pytest", ("a",), 9)))
    assert "as they should" in tell_old_code(said("passed"), mixed, "the base")
    assert "prove nothing" in tell_old_code(replace(back), back, "the base"), "it was broken before"
