"""Timing a command on the code before and after a change, in trees that nobody has worked in."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.gitcmd import git
from app.sandbox.box import Result
from app.workflows.measuring import Measured, measure, quick_look
from app.workflows.workshop import Workshop

COMMAND = "python bench.py"


class Stopwatch:
    """Tells what stands in the tree in the place of running anything."""

    def __init__(self, *results: Result) -> None:
        self.results = list(results)
        self.saw: list[dict[str, str]] = []

    async def run(self, argv: Sequence[str], *, worktree: Path, **_: Any) -> Result:
        assert list(argv) == ["sh", "-c", COMMAND]
        self._look(worktree)
        return self.results.pop(0)

    def _look(self, worktree: Path) -> None:
        self.saw.append({path.name: path.read_text() for path in worktree.iterdir()})
        (worktree / "left-behind").write_text("cache")


def took(*seconds: float) -> list[Result]:
    return [Result(0, "", seconds=each) for each in seconds]


async def tree(mirror: Path, **files: str) -> str:
    lines = []
    for name, text in sorted(files.items()):
        blob = (await git("hash-object", "-w", "--stdin", git_dir=mirror, stdin=text.encode())).decode().strip()
        lines.append(f"100644 blob {blob}\t{name}\n")
    return (await git("mktree", git_dir=mirror, stdin="".join(lines).encode())).decode().strip()


@pytest.fixture
async def at_work(tmp_path: Path) -> tuple[Workshop, str]:
    mirror = tmp_path / "mirror.git"
    await git("init", "--quiet", "--bare", str(mirror))
    base = await tree(mirror, code="slow", data="d")
    return Workshop(mirror, tmp_path / "run" / "1", await tree(mirror, code="fast", data="d", bench="b")), base


async def test_both_are_run_in_turn_and_the_least_time_counts(at_work):
    workshop, base = at_work
    box = Stopwatch(*took(9.0, 4.0, 8.0, 2.0, 10.0, 3.0))
    found = await measure(SimpleNamespace(box=box), COMMAND, workshop, base)
    assert found == Measured(COMMAND, 8.0, 2.0)
    before, after = {"code": "slow", "data": "d", "bench": "b"}, {"code": "fast", "data": "d", "bench": "b"}
    assert box.saw == [before, after] * 3
    assert not workshop.directory.parent.exists()


async def test_a_command_that_fails_measures_nothing_and_is_not_run_again(at_work):
    workshop, base = at_work
    box = Stopwatch(*took(1.0), Result(0, "", "timeout"))
    found = await measure(SimpleNamespace(box=box), COMMAND, workshop, base)
    assert found.trouble == "on the code after the change it failed (timeout)"
    box = Stopwatch(Result(127, ""))
    found = await measure(SimpleNamespace(box=box), COMMAND, workshop, base)
    assert found.trouble == "on the code before the change it failed (exit code 127)"


async def test_who_hands_in_is_told_at_once_and_the_same_work_is_not_measured_twice(at_work):
    workshop, base = at_work
    box = Stopwatch(*took(2.0, 1.0), Result(1, ""))
    look = quick_look(SimpleNamespace(box=box), workshop, base)
    told = (True, f"`{COMMAND}`: 2.00 s before, 1.00 s after: 2.0 times as fast (one run each)")
    assert await look(COMMAND) == told
    assert await look(COMMAND) == told
    workshop.tree = base
    fine, why = await look(COMMAND)
    assert not fine
    assert why == f"`{COMMAND}` measured nothing: on the code before the change it failed (exit code 1)"
