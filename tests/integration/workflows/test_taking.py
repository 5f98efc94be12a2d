"""When suggestions take the place of a writer's repair, on the files of a real mirror."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.cli.demo.stage import run_git
from app.policy.config import Policy
from app.policy.finding import Finding, Severity
from app.sandbox.box import Result
from app.workflows.standing import Voiced
from app.workflows.taking import take_suggestions
from app.workflows.testing import Tests
from app.workflows.texts import handle
from app.workflows.workshop import Workshop
from app.workflows.writing import Written
from tests.support.agents import Journal
from tests.support.commits import Commits

TEST = "def test_f():\n    assert f(1) == 2\n    assert f(2) == 3\n"
BASE = {"a.py": "def f(n):\n    return n\n", "test_a.py": TEST}
HEAD = {"a.py": "def f(n):\n    return n + 1\n", "test_a.py": TEST, "README.md": "# F\n\nAdd one.\n"}
PASSED = Tests("passed", "passed", "")


def voiced(path: str, line: int, suggestion: str | None, last: int = 0) -> Voiced:
    last = last or line
    quote = "\n".join(HEAD[path].splitlines()[line - 1 : last])
    where = {"path": path, "start_line": line, "end_line": last, "quote": quote}
    return Voiced(
        "security", Finding(severity=Severity.MAJOR, category="c", claim="So.", suggestion=suggestion, **where)
    )


class Kept(Journal):
    run = SimpleNamespace(id="run", fence=1, repo=None)

    async def journal(self) -> dict[str, str]:
        return self.known


class Desk:
    """`breaks`: whether the tests fail on this tree."""

    def __init__(self, folder: Path) -> None:
        run_git(folder, "init", "--quiet", "--bare", "mirror")
        commits = Commits(folder / "mirror")
        self.base = commits.make(dict(BASE))
        self.head = commits.make(dict(HEAD), self.base)
        self.workshop = Workshop(commits.path, folder / "worktrees" / "run" / "1", self.head)
        self.journal, self.runs = Kept(), 0
        self.breaks: Callable[[Path], bool] = lambda _: False

    async def run(self, _argv: Any, *, worktree: Path, **_more: Any) -> Result:
        self.runs += 1
        return Result(1 if self.breaks(worktree) else 0, "ran", seconds=7.0)

    async def take(self, *found: Voiced, policy: Policy = Policy(test="t"), before: Tests = PASSED) -> Written | None:  # noqa: B008
        services = SimpleNamespace(box=self, analyzers={})
        task = SimpleNamespace(policy=policy, ground=SimpleNamespace(base_sha=self.base))
        to_come = policy.max_rounds - 1
        return await take_suggestions(self.journal, services, task, self.workshop, before, found, 1, to_come)  # type: ignore[arg-type]

    def file(self, path: str) -> str:
        return run_git(self.workshop.mirror, "show", f"{self.workshop.tree}:{path}")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


TESTED = voiced("test_a.py", 3, "    assert f(2) == 3\n    assert f(0) == 1")
TOLD = voiced("README.md", 3, "`f` adds one.")


async def test_all_are_put_in_together_tested_once_and_answered(desk: Desk):
    written = await desk.take(TESTED, TOLD)
    assert written is not None
    assert desk.file("README.md").rstrip() == "# F\n\n`f` adds one."
    assert desk.file("test_a.py").rstrip() == f"{TEST}    assert f(0) == 1"
    assert desk.runs == 1
    assert [(each.finding, each.fixed) for each in written.answers] == [
        (handle(TESTED.finding), True),
        (handle(TOLD.finding), True),
    ]
    assert "`README.md:3` (security)" in written.summary
    assert (written.points, written.left) == (None, None), "what the description says of them is as it was"
    assert desk.workshop.worked_s == 7.0


async def test_after_a_crash_the_same_tree_is_there_and_no_test_is_run_again(desk: Desk):
    await desk.take(TOLD)
    tree = desk.workshop.tree
    desk.workshop.begin_anew(desk.head)
    assert await desk.take(TOLD) is not None
    assert (desk.workshop.tree, desk.runs) == (tree, 1)


async def test_a_repair_that_a_writer_has_made_stays(desk: Desk):
    desk.journal.known["commit-2"] = '"abc"'
    assert await desk.take(TOLD) is None
    assert desk.runs == 0


@pytest.mark.parametrize(
    ("found", "runs"),
    [
        ((), 0),
        ((TOLD, voiced("README.md", 1, None)), 0),
        ((TOLD, voiced("README.md", 1, "# G\n\nAdd two.", last=3)), 0),
        ((voiced("README.md", 3, "Add one."),), 0),
        ((TOLD, voiced("a.py", 2, "    return n + 2")), 0),
        ((voiced("test_a.py", 3, ""),), 1),
    ],
    ids=["nothing blocks", "one has none", "two overlap", "it changes nothing", "code", "it weakens a test"],
)
async def test_a_writer_is_asked_where_suggestions_do_not_settle_it(desk: Desk, found: tuple[Voiced, ...], runs: int):
    assert await desk.take(*found) is None
    assert (desk.workshop.tree, desk.runs) == (desk.head, runs)


async def test_a_writer_is_asked_where_no_tests_show_that_it_holds(desk: Desk):
    assert await desk.take(TOLD, policy=Policy()) is None
    assert await desk.take(TOLD, before=Tests("failed", "failed", "")) is None
    assert await desk.take(TOLD, policy=Policy(test="t", max_rounds=2)) is None, "there is no repair after it"
    assert desk.runs == 0
    desk.breaks = lambda tree: "adds" in (tree / "README.md").read_text()
    assert await desk.take(TOLD) is None
    assert (desk.workshop.tree, desk.runs) == (desk.head, 1)
