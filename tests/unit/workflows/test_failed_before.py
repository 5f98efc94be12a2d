"""Tests that fail without a change: told to who works, to who merges, and held against nobody."""

from dataclasses import replace

from app.forge.read import IssueFacts
from app.policy.config import Policy
from app.policy.testlogs.unit import Unit
from app.policy.values import Sha
from app.workflows.failed_before import gate_asks, named_to_people, remedy, told_to_workers
from app.workflows.ground import Ground
from app.workflows.pull_text import render_pull_body
from app.workflows.task import Asker, Task
from app.workflows.testing import Tests
from app.workflows.understood import TestCommand, Understanding
from app.workflows.verifying import Verification
from app.workflows.writing import Written, _tests_told

ISSUE = IssueFacts(7, "Sort", "", "open", "ada", (), False, ())
TASK = Task(ISSUE, Asker("bob", "write"), Ground("main", Sha("a" * 40), None, ""), Policy(test="TZ=UTC make test"), "b")
FOUND = replace(TASK, understanding=Understanding(tests=TestCommand("TZ=UTC make test", "there is `Makefile`")))
NAMES = tuple(f"test_{number}" for number in range(40))
RED = Tests("failed", "failed (exit code 1)", "1 failed", None, (Unit("pytest", NAMES, 90),))
GREEN = Tests("passed", "passed", "90 passed")


def test_who_works_is_told_which_fail_and_to_leave_them():
    told = "\n".join(told_to_workers(TASK, RED))
    assert "Leave them and what they test as they are" in told
    assert "test_29\nand 10 more\n" in told
    assert "The gate asks for all tests to pass" in told
    assert "The gate" not in "\n".join(told_to_workers(FOUND, RED)), "it does not count what was only found out"
    assert told_to_workers(TASK, GREEN) == []


def test_that_the_failing_ones_have_no_names_is_told():
    (unnamed, _) = told_to_workers(TASK, replace(RED, log=()))
    assert "does not name those that do" in unnamed
    assert named_to_people(replace(RED, log=())) == ""


def test_who_merges_is_told_what_can_be_done():
    assert named_to_people(RED).endswith("`test_4` and 35 more)")
    assert "`main`" in remedy(TASK)
    written = Written("Sort", "Sorted as asked.")
    shut = Verification("failed", "failed", "failed", passed=False)
    for task, verification, told in (
        (TASK, shut, True),
        (FOUND, shut, False),
        (TASK, replace(shut, passed=True), False),
    ):
        body = render_pull_body(task, written, verification, [], [], "run-1")
        assert ("### Why the gate stays shut" in body) is told
        assert (remedy(task) in body) is told
    assert not gate_asks(replace(TASK, policy=Policy()))


def test_the_writer_is_told_what_is_set_for_its_commands():
    told = "\n".join(_tests_told(TASK, GREEN))
    assert "The test command is `TZ=UTC make test`. What it sets at its beginning (`TZ`) is set" in told
    assert "On the code as it is: passed." in told
    assert "is set for" not in "\n".join(_tests_told(replace(TASK, policy=Policy(test="make test")), GREEN))
