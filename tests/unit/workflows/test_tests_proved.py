"""The command by which a project's tests run: the policy's as it is, else the first that really runs some."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.knowledge.suites.candidate import Candidate
from app.sandbox.box import Limits, Result
from app.workflows.errors import NeedsPersonError
from app.workflows.probing import prove_tests
from app.workflows.understood import TestCommand, Understanding, project_told, render_advice, render_start
from tests.support.agents import Journal

MAKE = Candidate("make test", "`Makefile` has the target `test`", "make", "make")
GO = Candidate("go test ./...", "there is `go.mod`", "Go", "go")
MISSING = Result(127, "sh: 1: go: not found")


@dataclass
class Played:
    """A box that answers each command as it is told to, and the tree in which it does."""

    ends: dict[str, Result]
    ran: list[str] = field(default_factory=list)
    allowed_s: list[float] = field(default_factory=list)
    worked_s: float = 0.0

    async def run(self, argv: list[str], *, worktree: Path, limits: Limits) -> Result:
        self.ran.append(argv[-1])
        self.allowed_s.append(limits.wall_s)
        return self.ends[argv[-1]]

    async def lay_out(self) -> Path:
        return Path()

    async def put_back(self) -> None:
        self.ran.append("put back")


async def prove(box: Played, *found: Candidate, configured: str | None = None, journal: Journal | None = None) -> Any:
    services: Any = SimpleNamespace(box=box)
    return await prove_tests(journal or Journal(), services, configured, found, box)  # type: ignore[arg-type]


async def test_the_first_that_runs_tests_is_used_whether_they_pass_or_not():
    box = Played({"go test ./...": MISSING, "make test": Result(1, "1 failed, 2 passed in 0.1s")})
    command, before = await prove(box, GO, MAKE)
    assert command == TestCommand("make test", MAKE.why, ("go test ./...: the program is not there",))
    assert (before.result, before.line) == ("failed", "failed (exit code 1)")
    assert box.ran == ["go test ./...", "put back", "make test", "put back"], "what a try leaves lying about is gone"


@pytest.mark.parametrize(("later", "used"), [(Result(0, "2 passed"), "go test ./..."), (MISSING, "make test")])
async def test_what_only_ends_well_is_used_where_nothing_surely_runs_tests(later: Result, used: str):
    command, _ = await prove(Played({"make test": Result(0, "All checks passed!"), "go test ./...": later}), MAKE, GO)
    assert command.command == used


async def test_none_is_used_that_proves_nothing_and_each_says_why():
    hangs = Result(-9, "3 passed", "timeout", seconds=300.4)
    command, before = await prove(Played({"go test ./...": MISSING, "make test": hangs}), GO, MAKE)
    assert command.command is None
    assert command.tried[1] == "make test: it did not end by itself (timeout after 300 s)"
    assert before.result == "not_configured"
    assert "none of those tried ran tests" in render_start(Understanding(tests=command), before.line)
    assert "timeout after 300 s" in "".join(project_told(Understanding(tests=command)))


async def test_trying_ends_after_ten_minutes():
    slow = Result(-9, "", "timeout", seconds=300.0)
    many = [Candidate(f"make {name}", "", "make", "make") for name in ("test", "check", "unit", "spec")]
    box = Played({each.command: slow for each in many})
    command, _ = await prove(box, *many)
    assert [each for each in box.ran if each != "put back"] == ["make test", "make check"]
    assert command.tried[-1] == "no more were tried after 600 s"
    assert box.allowed_s == [300.0, 300.0]
    assert box.worked_s == 600.0, "it counts as work on the issue"


async def test_nothing_is_run_again_after_a_crash():
    journal = Journal()
    ends = {"go test ./...": MISSING, "make test": Result(0, "2 passed")}
    first = await prove(Played(ends), GO, MAKE, journal=journal)
    box = Played({})
    assert await prove(box, GO, MAKE, journal=journal) == first
    assert not box.ran


async def test_the_policys_own_is_taken_as_it_is():
    box = Played({"./check": Result(1, "not well")})
    command, before = await prove(box, GO, configured="./check")
    assert command == TestCommand("./check")
    assert before.result == "failed", "a change may mend that"
    assert not render_advice(command)


@pytest.mark.parametrize(
    ("end", "why"),
    [
        (Result(-9, "waiting for the database", "timeout", seconds=600.2), "timeout after 600 s"),
        (Result(127, "sh: 1: tset: not found"), "the program is not there"),
        (Result(1, "could not resolve host: pypi.org"), "needs the network"),
        (Result(-9, "y\n" * 9, "output", seconds=2.0), "output after 2 s"),
    ],
)
async def test_a_configured_command_that_cannot_run_ends_the_work_with_the_reason(end: Result, why: str):
    with pytest.raises(NeedsPersonError) as stopped:
        await prove(Played({"./check": end}), configured="./check")
    assert "`./check`" in stopped.value.reason
    assert why in stopped.value.reason
    assert ".github/quorum.yml" in stopped.value.remedy


def test_what_others_wrote_is_harmless_where_it_is_shown():
    tried = TestCommand(None, tried=("npm run test: it needs @everyone ![x](http://evil.example)",))
    told = render_start(Understanding(criteria=("ping @mona\n- [x] done",), tests=tried), "")
    assert "@everyone" not in told
    assert "@mona" not in told
    assert "](http" not in told
    assert told.count("\n") == 1
