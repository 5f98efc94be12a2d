"""Runs of tests that leave some out which they ran before: by filters, paths and lists of what to ignore."""

import re
from collections.abc import Iterator

from app.policy.changed_text import ChangedText, Hunk, Line, Region
from app.policy.weakened.found import Kind, Weakening, weakening
from app.policy.weakened.places import is_ci, is_config
from app.policy.weakened.whole import Whole, bare

_FILTER = re.compile(
    r"""-k[ =]?\\?["']?not\b|-m[ =]?\\?["']?not\b|--deselect\b|--ignore(?:-glob)?[ =]|--testPathIgnorePatterns"""
    r"""|--skip[ =]\w|-skip[ =]|--exclude-(?:task|group)|-Dtest=!|--tag ~|--grep .*--invert"""
)
_RUNS_TESTS = re.compile(r"(?i)pytest|addopts|jest|vitest|\btest\b|rspec|mocha|tox|nox")
_LIST = re.compile(
    r"(?:^|[\s\"'])(testPathIgnorePatterns|collect_ignore(?:_glob)?|norecursedirs|modulePathIgnorePatterns|exclude)"
    r"[\"']?\s*(?:[:=]|\+=)"
)
_PATHS = re.compile(r"^[\"']?(testpaths|testMatch|roots|python_files|include)[\"']?\s*[:=]")
_ITEM = re.compile(r"[\"']([^\"']+)[\"']")
_TESTS = re.compile(r"(?i)test|spec")
_HEAD_LINES = 12


def narrowed(whole: Whole) -> Iterator[Weakening]:
    """In settings and commands that were there before."""
    for file in whole.files:
        if file.status in {"added", "removed"} or not (is_ci(file.path) or is_config(file.path)):
            continue
        for hunk in file.hunks:
            for region in hunk.regions:
                yield from _filters(file, region, whole)
                yield from _lists(file, hunk, region, whole)


def _filters(file: ChangedText, region: Region, whole: Whole) -> Iterator[Weakening]:
    before = {found for line in region.removed for found in _FILTER.findall(line.told)}
    ran = any(_RUNS_TESTS.search(line.told) for line in region.removed)
    for line in region.added:
        fresh = [found for found in _FILTER.findall(line.told) if found not in before]
        setting = line.told.startswith(("addopts", '"--', "'--", "--"))
        if not fresh or bare(line) in whole.removed or line.told.startswith("#"):
            continue
        if (ran and _RUNS_TESTS.search(line.told)) or (setting and is_config(file.path)):
            yield weakening(Kind.TESTS_NARROWED, file, line, f"{fresh[0].strip()!r} leaves out tests that ran before")


def _lists(file: ChangedText, hunk: Hunk, region: Region, whole: Whole) -> Iterator[Weakening]:
    """More items in a list of what to leave out, or fewer in one of where to look."""
    for index, line in enumerate(region.lines, start=region.start):
        if bare(line) in (whole.removed if line.sign == "+" else whole.added):
            continue
        pattern = _LIST if line.sign == "+" else _PATHS
        head = line if pattern.search(line.told) else _head(hunk, index, pattern)
        if head is None:
            continue
        others = region.removed if line.sign == "+" else region.added
        kept = {item for each in others[:_HEAD_LINES] for item in _ITEM.findall(each.told)}
        items = {item for item in _ITEM.findall(line.told) if item not in kept and _TESTS.search(item)}
        if items and line.sign == "+" and not _is_for_code(file, head):
            yield weakening(Kind.TESTS_NARROWED, file, line, f"{', '.join(sorted(items))} is left out now")
        elif items and line.sign == "-":
            yield weakening(Kind.TESTS_NARROWED, file, line, f"{', '.join(sorted(items))} is no longer looked at")


def _is_for_code(file: ChangedText, head: Line) -> bool:
    """`exclude` leaves tests out among a test runner's settings only; elsewhere it is about packages."""
    return "exclude" in head.told and not re.search(r"vitest|jest|mocha|playwright", file.path)


def _head(hunk: Hunk, index: int, pattern: re.Pattern[str]) -> Line | None:
    """The head of the list that a line stands in, if it is in sight."""
    for line in reversed(hunk.lines[max(0, index - _HEAD_LINES) : index]):
        if line.sign != hunk.lines[index].sign and line.sign != " ":
            continue
        if pattern.search(line.told):
            return line if line.told.endswith(("[", "(", "=", ":")) else None
        if not _ITEM.search(line.told) or line.told.startswith("]"):
            return None
    return None
