"""Which suggestions are offered, on the files of a real mirror and with tests that end as they are told to."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.agents.council import Opinion
from app.agents.panel import Heard
from app.cli.demo.stage import run_git
from app.policy.checked import Checked
from app.policy.config import Policy
from app.policy.finding import Finding, Outcome, Severity, spot_of
from app.sandbox.box import Result
from app.sandbox.errors import SandboxAwayError, SandboxUnavailableError
from app.workflows.hearing import Hearing
from app.workflows.offering import try_suggestions
from app.workflows.quiet import Said
from app.workflows.told_tests import ToldTests
from tests.support.agents import Journal
from tests.support.commits import Commits

LINES = [f"line {number}" for number in range(1, 13)]
TESTED, UNTESTED = Policy(test="sh check.sh"), Policy()
NEW = Said(1, frozenset(), frozenset())


def finding(number: int, suggestion: str | None, *, last: int | None = None, path: str = "a.txt") -> Finding:
    last = last or number
    where = {"path": path, "start_line": number, "end_line": last, "quote": "\n".join(LINES[number - 1 : last])}
    return Finding(severity=Severity.MINOR, category="c", claim="It is so.", suggestion=suggestion, **where)


class Outcomes:
    """A `Box` that reads the tree: the tests fail where `breaks` says so of the file's lines."""

    def __init__(self, breaks: Callable[[list[str]], bool] = lambda _: False) -> None:
        self.breaks = breaks
        self.runs: list[list[str]] = []
        self.commands: set[str] = set()

    async def run(self, argv: Any, *, worktree: Path, **_more: Any) -> Result:
        self.commands.add(argv[-1])
        lines = (worktree / "a.txt").read_text().splitlines()
        self.runs.append([line for line in lines if line not in LINES])
        return Result(1, "no") if self.breaks(lines) else Result(0, "yes")


class Desk:
    """A run's context, services and case, as far as they matter here."""

    def __init__(self, folder: Path) -> None:
        run_git(folder, "init", "--quiet", "--bare", "mirror")
        commits = Commits(folder / "mirror")
        head = commits.make({"a.txt": "\n".join([*LINES, ""])})
        mirrors = SimpleNamespace(path=lambda _repo: commits.path)
        self.worktrees = folder / "worktrees"
        self.services = SimpleNamespace(mirrors=mirrors, worktrees=self.worktrees, box=Outcomes())
        self.change = SimpleNamespace(head=head)
        self.journal = Journal()
        self.journal.run = SimpleNamespace(id="run", fence=1, repo=None)  # type: ignore[attr-defined]

    async def offers(
        self,
        *kept: Finding,
        policy: Policy = TESTED,
        head: str = "passed",
        said: Said = NEW,
        told: ToldTests = ToldTests(),  # noqa: B008 - it is frozen
    ) -> list[tuple[str | None, str]]:
        case = SimpleNamespace(policy=policy, change=self.change, tests=SimpleNamespace(result=head), told=told)
        hearing = Hearing({"testing": Heard(Opinion(None, "m"), Outcome.APPROVED, kept, (), ())}, ())
        heard = await try_suggestions(self.journal, self.services, case, hearing, said)  # type: ignore[arg-type]
        found = heard.heard["testing"].kept
        return [(each.suggestion, each.offer if isinstance(each, Checked) else "") for each in found]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_all_are_tried_together_first_and_that_is_said(desk: Desk):
    told = await desk.offers(finding(1, "one"), finding(2, "two"), finding(3, None))
    note = "The tests pass on this head with all 2 suggestions of this review that were tested together."
    assert told == [("one", note), ("two", note), (None, "")]
    assert desk.services.box.runs == [["one", "two"]]
    assert not list(desk.worktrees.rglob("*"))


async def test_the_one_that_fails_is_found_and_the_others_are_offered(desk: Desk):
    desk.services.box = Outcomes(lambda lines: "bad" in lines)
    told = await desk.offers(finding(1, "one"), finding(2, "two"), finding(3, "bad"), finding(4, "four"))
    assert [text for text, _ in told] == ["one", "two", None, "four"]
    assert told[2][1] == "A suggestion is not offered: with it the tests failed (exit code 1)."
    assert len(desk.services.box.runs) == 5


async def test_no_more_is_run_than_six_times_and_what_was_not_tried_is_not_offered(desk: Desk):
    desk.services.box = Outcomes(lambda lines: "bad" in lines)
    told = await desk.offers(*(finding(number, "bad") for number in range(1, 13)))
    assert [text for text, _ in told] == [None] * 12
    assert len(desk.services.box.runs) == 6
    assert told[-1][1] == "A suggestion is not offered: there were too many to test each."


async def test_those_for_the_same_lines_are_tried_apart_and_the_same_ones_once(desk: Desk):
    told = await desk.offers(finding(1, "one", last=2), finding(2, "two"), finding(2, "two"))
    assert [text for text, _ in told] == ["one", "two", "two"]
    assert desk.services.box.runs == [["one"], ["two"]]


async def test_after_a_crash_nothing_is_run_again(desk: Desk):
    desk.services.box = Outcomes(lambda lines: "bad" in lines)
    found = [finding(1, "one"), finding(3, "bad")]
    first = await desk.offers(*found)
    runs = len(desk.services.box.runs)
    assert await desk.offers(*found) == first
    del desk.journal.known["suggestions"]
    assert await desk.offers(*found) == first, "the worker died between two runs"
    assert len(desk.services.box.runs) == runs


@pytest.mark.parametrize(
    ("policy", "head", "note"),
    [
        (UNTESTED, "not_configured", "Not tested: no test command is configured."),
        (TESTED, "failed", "Not tested: the tests do not pass on this head as it is."),
    ],
)
async def test_where_nothing_can_be_told_by_tests_that_is_said(desk: Desk, policy: Policy, head: str, note: str):
    assert await desk.offers(finding(1, "one"), policy=policy, head=head) == [("one", note)]
    assert desk.services.box.runs == []


async def test_a_command_that_was_found_out_tries_suggestions_where_it_proves_something(desk: Desk):
    desk.services.box = Outcomes(lambda lines: "bad" in lines)
    found = ToldTests(command="make test", proved=True)
    told = await desk.offers(finding(1, "one"), finding(3, "bad"), policy=UNTESTED, head="not_configured", told=found)
    assert told == [
        ("one", "Applied to this head, the tests pass with it."),
        (None, "A suggestion is not offered: with it the tests failed (exit code 1)."),
    ]
    assert desk.services.box.commands == {"make test"}


async def test_what_a_found_command_does_not_prove_is_not_tried(desk: Desk):
    found = ToldTests(command="make test", proved=False)
    told = await desk.offers(finding(1, "one"), policy=UNTESTED, head="not_configured", told=found)
    assert told == [("one", "Not tested: the tests do not surely pass on this head as it is.")]
    assert desk.services.box.runs == []


async def test_what_does_not_apply_is_not_offered_and_the_finding_stays(desk: Desk):
    told = await desk.offers(finding(1, "line 1\n"), finding(1, "x", path="gone.txt"), policy=UNTESTED)
    assert told == [
        (None, "A suggestion is not offered: it changes nothing."),
        (None, "A suggestion is not offered: it is not for a regular file."),
    ]


async def test_a_sandbox_that_breaks_off_costs_the_suggestion_and_not_the_review(desk: Desk):
    def breaks(_lines: list[str]) -> bool:
        raise SandboxUnavailableError("it is gone", "Bring it back.")

    desk.services.box = Outcomes(breaks)
    told = await desk.offers(finding(1, "one"))
    assert told == [(None, "A suggestion is not offered: with it the tests could not be run.")]


async def test_a_sandbox_that_may_come_back_is_waited_for(desk: Desk):
    def breaks(_lines: list[str]) -> bool:
        raise SandboxAwayError("no socket", "Start it.")

    desk.services.box = Outcomes(breaks)
    with pytest.raises(SandboxAwayError):
        await desk.offers(finding(1, "one"))


async def test_what_is_not_said_again_is_not_tried_either(desk: Desk):
    before = Said(2, frozenset({spot_of(finding(1, None))}), frozenset())
    assert await desk.offers(finding(1, "one"), said=before) == [("one", "")]
    assert desk.services.box.runs == []
