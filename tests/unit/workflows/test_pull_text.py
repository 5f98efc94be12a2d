"""What an own commit and pull request say: whatever models and strangers' tests wrote in it is made harmless."""

from dataclasses import replace

import pytest

from app.agents.tools.handing_in import Point
from app.forge.neighbours import Neighbour
from app.forge.read import IssueFacts
from app.policy.commit_style import Style
from app.policy.config import Policy
from app.policy.testlogs.unit import Unit
from app.policy.values import Sha
from app.workflows.commit_text import render_message
from app.workflows.ground import Ground
from app.workflows.manners import Manners
from app.workflows.pull_text import (
    after_repair,
    render_amendment,
    render_neighbours,
    render_planned,
    render_pull_body,
    render_repair,
    render_since,
)
from app.workflows.task import Asker, Task
from app.workflows.testing import Tests
from app.workflows.verifying import Verification, render_old_code, why_unsure
from app.workflows.writing import Written

ISSUE = IssueFacts(7, "Cents are lost", "", "open", "ada", (), False, ())
GROUND = Ground("main", Sha("a" * 40), None, "")
TASK = Task(ISSUE, Asker("bob", "write", 12), GROUND, Policy(test="make test"), "quorum/issue-7")
EVIL = "Hi @mona ![x](http://evil.example/x) fixes #1 <img src=x>"
WRITTEN = Written("Keep the cents", EVIL, (Point(wanted=f"It adds up. {EVIL}", shown_by=EVIL),), EVIL)
VERIFIED = Verification("passed", "passed", "failed (exit code 1): `fixes #1`", passed=True, proven=True)


def body(task: Task = TASK, asked: tuple[str, ...] = ()) -> str:
    return render_pull_body(task, WRITTEN, VERIFIED, asked, ["a.py"], "run-1")


@pytest.mark.parametrize("word", ["@mona", "](http", "fixes #1", "<img"])
def test_nothing_of_what_others_wrote_acts_on_github(word: str):
    template = f"{EVIL}\n\n## Summary\n\n## Checklist\n- [x] {EVIL}\n"
    task = replace(TASK, manners=Manners(template=template))
    for text in (body(asked=(EVIL,)), body(task, (EVIL,))):
        assert word not in text
        assert "Closes #7" in text


def test_everything_is_told_in_its_place():
    told = body(asked=("`poetry.lock`: it is changed",))
    parts = ["What the issue asks for, and what shows it:", "### How it was verified", "`make test` with the new tests"]
    parts += [
        "### What is left",
        "Closes #7",
        "### Please look at\n\n- `poetry.lock`: it is changed",
        "<sub>Run `run-1`",
    ]
    places = [told.index(part) for part in parts]
    assert places == sorted(places)


def test_without_a_test_command_nothing_is_claimed():
    task = replace(TASK, policy=Policy(), manners=Manners(template="## Tests\n\n- [ ] Tests pass\n"))
    told = render_pull_body(task, WRITTEN, Verification("", "", ""), [], ["CHANGELOG.md"], "run-1")
    assert "No test command is configured" in told
    assert "- [ ] Tests pass" in told


def test_who_signs_off_is_a_person():
    assert "Quorum cannot sign for anybody" in body(replace(TASK, manners=Manners(Style(signed=True))))
    assert "sign" not in body()


def test_the_message_names_the_run_and_credits_who_asked():
    told = render_message(TASK, WRITTEN, "run-1", ["a.py"])
    assert told.startswith("Keep the cents\n\nHi @ mona")
    assert told.endswith("\n\nRefs #7\n\nQuorum-Run: run-1\nCo-authored-by: bob <12+bob@users.noreply.github.com>\n")
    unknown = replace(TASK, asker=Asker("bob", "write"))
    assert render_message(unknown, WRITTEN, "run-1", []).endswith("\nQuorum-Run: run-1\nRequested-by: bob\n")


def test_the_message_is_folded_but_for_what_is_code():
    words, code = " ".join(["word-word"] * 20), f"    {'x' * 90}"
    item, address = f"- {words}", "https://example.com/" + "a" * 80
    written = replace(WRITTEN, summary=f"{words}\n\n{item}\n{code}\n```\n{words}\n```\n{address}")
    told = render_message(TASK, written, "run-1", []).split("\n")
    assert told[2:5] == [" ".join(["word-word"] * 7), " ".join(["word-word"] * 7), " ".join(["word-word"] * 6)]
    assert told[6].startswith("- word-word ")
    assert told[7].startswith("  word-word ")
    assert {code, words} <= set(told)
    assert max(len(line) for line in told if line not in {code, words} and "example" not in line) <= 72


def test_a_repair_of_a_persons_change_refers_to_no_issue():
    task = replace(TASK, issue=replace(ISSUE, is_pull=True))
    assert "Refs" not in render_message(task, WRITTEN, "run-1", [])


def test_neighbours_are_named_with_the_files_that_both_touch():
    told = render_neighbours([Neighbour(3, ("a`b.py",), 1), Neighbour(2, ("c.py", "d.py"), 9)])
    assert told.endswith("\n\n- #3: `a'b.py`\n- #2: `c.py`, `d.py` and 7 more")


def said(result: str, *failing: str, named: bool) -> Tests:
    units = (Unit("pytest", failing, 9),) if named else ()
    return Tests("failed" if result == "failed" else "passed", result, "", None, units)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (("a",), ("a",), ""),
        (("a",), (), ""),
        (("a",), ("a", "`@mona`"), "After the change tests fail that passed before it: `'@mona'`."),
        (("a",), None, "unlike before the output does not name those that fail"),
        (None, None, ""),
    ],
)
def test_tests_that_fail_because_of_the_change_are_for_a_person(
    before: tuple[str, ...] | None, after: tuple[str, ...] | None, told: str
):
    was = said("failed", *(before or ()), named=before is not None)
    now = said("failed", *(after or ()), named=after is not None)
    assert told in why_unsure(was, now)
    assert bool(told) == bool(why_unsure(was, now))


def test_what_a_repair_says_of_the_whole_takes_the_place_of_what_was_said():
    repaired = Written("Mend it", "Halves, too.", None, "Only Linux.")
    now = after_repair(WRITTEN, repaired, render_repair(repaired, 1, "- testing: Not changed"))
    told = render_pull_body(TASK, now, VERIFIED, (), ["a.py"], "run-1")
    parts = ["Hi", "It adds up.", "### After round 1 of the council\n\nHalves, too.\n\n- testing: Not changed"]
    parts += ["### How it was verified", "### What is left\n\nOnly Linux.", "Closes #7", "<sub>Run"]
    places = [told.index(part) for part in parts]
    assert places == sorted(places)
    settled = after_repair(now, Written("Mend it", "All of it.", (), ""), "### After round 2")
    assert "What is left" not in render_pull_body(TASK, settled, VERIFIED, (), ["a.py"], "run-1")
    assert after_repair(now, Written("Mend it", "All of it.", None, None), "").left == "Only Linux."


def test_what_cannot_be_written_anew_is_told_behind_with_how_it_was_verified():
    told = render_since(TASK, Written("Mend it", EVIL, None, ""), VERIFIED, "### After round 2")
    assert told.startswith("### After round 2\n\nWhere something above says otherwise, this is newer.")
    assert "- `make test` after: passed" in told
    assert told.endswith("**What is left after that**\n\nNothing is known.")
    unsaid = render_since(TASK, Written("Mend it", EVIL, None, None), VERIFIED, "### After round 2")
    assert "What is left" not in unsaid


def test_what_another_run_did_later_is_told_with_the_commit_and_made_harmless():
    told = render_amendment("After checks that failed", Written("Mend it", EVIL, None, None), "This is commit abc.")
    assert told.startswith("### After checks that failed\n\nHi @ mona")
    assert told.endswith("\n\nThis is commit abc.")
    assert "](http" not in told


def test_the_plan_is_linked_and_where_it_was_left_is_told():
    told = render_planned("https://h.b/o/r/issues/7#issuecomment-9", "No `x`: __y__ does it. Fixes #3")
    assert told.startswith("It was built by [this plan](https://h.b/o/r/issues/7#issuecomment-9). No `x`: `__y__` does")
    assert "Fixes #3" not in told
    body = render_pull_body(TASK, Written("Mend it", "All of it.", planned=told), VERIFIED, (), ["a.py"], "run-1")
    assert body.index("All of it.") < body.index(told) < body.index("### How it was verified")
    assert render_planned("p", "") == "It was built by [this plan](p)."


def test_of_many_new_tests_that_fail_without_the_change_the_number_is_told():
    was = said("passed", named=True)
    assert render_old_code(was, said("failed", "a", "b", named=True)) == "failed: `a`, `b`"
    many = said("failed", *"abc", named=True)
    assert render_old_code(was, many) == "failed: 3 tests fail without the change"
    parts = said("failed", *(f"test_a (t.T.test_a) (x={number})" for number in range(9)), named=True)
    assert render_old_code(was, parts) == "failed: `test_a (t.T.test_a)`", "its parts are no tests"


def test_that_tests_could_not_be_loaded_without_the_change_is_no_failing_test():
    broken = replace(said("failed", named=False), log=(Unit("go", (), None, ("example.org/pkg",)),))
    told = "failed: `example.org/pkg` could not be built, loaded or run to an end there, which shows little"
    assert render_old_code(said("passed", named=True), broken) == told


def test_blanks_within_code_stand_in_the_description_as_they_were_written():
    point = Point(wanted="`<p>a  b</p>` stays,\n  as it is", shown_by="`test_two  blanks`")
    told = render_pull_body(TASK, replace(WRITTEN, points=(point,)), VERIFIED, (), ["a.py"], "run-1")
    assert "- `<p>a  b</p>` stays, as it is — `test_two  blanks`\n" in told


def test_that_new_tests_pass_without_the_change_is_told_with_what_it_means():
    was = said("passed", named=True)
    told = "passed there as well, so they do not show what this change does"
    assert render_old_code(was, said("passed", named=True)) == told


def test_new_tests_that_pass_without_the_change_are_named():
    old = replace(said("failed", "t.py::test_a", "t.py::test_b", named=True), added=("test_a", "test_b", "test_c"))
    assert render_old_code(said("passed", named=True), old).endswith("`; of the new ones these do not: `test_c`")
