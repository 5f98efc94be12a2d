"""Since when a check fails on a branch, told by how it ended on each of its commits."""

import pytest

from app.policy.ci import Check
from app.policy.watching import find_green, find_red


def on(sha, **ends):
    return sha, [Check(number, name, 7, end) for number, (name, end) in enumerate(ends.items())]


RED, GREEN = "failure", "success"
CASES = [
    ("nothing is known", [], {}),
    ("it passes", [on("c", build=GREEN)], {}),
    ("it passes again", [on("c", build=GREEN), on("b", build=RED)], {}),
    ("it fails since the newest", [on("c", build=RED), on("b", build=GREEN)], {"build": ("b", "c", "c")}),
    ("it fails for long", [on("c", build=RED), on("b", build=RED), on("a", build=GREEN)], {"build": ("a", "b", "c")}),
    ("it never passed", [on("c", build=RED), on("b", build=RED)], {"build": ("", "b", "c")}),
    ("it did not end or was not run", [on("d", build=None), on("c", build=RED), on("b"), on("a", build=GREEN)],
     {"build": ("a", "c", "c")}),
    ("who cancels it says nothing bad", [on("c", build="cancelled"), on("b", build=RED)], {}),
    ("each check by itself", [on("c", build=RED, lint=GREEN), on("b", build=GREEN, lint=RED)],
     {"build": ("b", "c", "c")}),
]  # fmt: skip


@pytest.mark.parametrize(("history", "red"), [each[1:] for each in CASES], ids=[each[0] for each in CASES])
def test_since_when_it_fails(history, red):
    assert {each.check.name: (each.green, each.red, each.newest) for each in find_red(history)} == red


def test_what_was_run_again_on_a_commit_counts_as_it_ended_last():
    again = [Check(1, "build", 7, RED), Check(2, "build", 7, GREEN)]
    assert find_red([("c", again)]) == []
    assert find_green([("c", again)]) == {"build"}


def test_what_passed_only_before_is_not_green():
    assert find_green([on("c", build=RED), on("b", build=GREEN, lint=GREEN)]) == {"lint"}
