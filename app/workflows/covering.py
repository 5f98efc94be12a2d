"""Reading the coverage report that the tests left behind, before the tree is put back."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from app.forge.git import diff, list_files
from app.policy.config import Policy
from app.policy.coverage import Coverage
from app.sandbox.coverage.changed import of_changed_lines
from app.sandbox.coverage.report import read_coverage
from app.sandbox.diffs import parse_diff
from app.sandbox.errors import ReportError
from app.sandbox.reading import read_within
from app.workflows.change import Change

_MOST_BYTES = 32 * 1024**2


@dataclass(frozen=True)
class Measure:
    """`report`: where the tests leave it, relative to the root. `look` reads it there, in a tree and its mirror."""

    report: str
    look: Callable[[Path, Path], Awaitable[Coverage]]


def measuring(policy: Policy, change: Change) -> Measure | None:
    """What is to be looked at after the tests of a change; None if the policy names no report."""
    report = policy.coverage
    if report is None:
        return None

    async def look(mirror: Path, worktree: Path) -> Coverage:
        content = await asyncio.to_thread(read_within, worktree, report, _MOST_BYTES)
        if content is None:
            told = f"the tests left no file `{report}` of at most {_MOST_BYTES // 1024**2} MiB"
            return Coverage(problem=told)
        return await _of_change(mirror, change, content)

    return Measure(report, look)


async def _of_change(mirror: Path, change: Change, content: bytes) -> Coverage:
    patch = await diff(mirror, change.base, change.head)
    at_head = frozenset(await list_files(mirror, change.head))

    def read() -> Coverage:
        files = [each for each in parse_diff(patch) if each.new_path is not None]
        changed = {each.path: each.added for each in files if each.path not in change.set_aside}
        try:
            return of_changed_lines(read_coverage(content), changed, at_head)
        except ReportError as error:
            return Coverage(problem=f"the report cannot be used: {error}")

    return await asyncio.to_thread(read)
