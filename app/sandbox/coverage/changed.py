"""From a report on the whole project to what it says of the changed lines. Pure."""

import posixpath
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from app.policy.coverage import Coverage, FileCoverage, ranges_of
from app.policy.testfiles import is_test
from app.sandbox.box import TREE
from app.sandbox.coverage.lines import LinesRun

_DEPTH = 40
"""Folders; a path that lies deeper is known by its end."""
_FILES, _RANGES, _ABSENT = 100, 50, 50
"""What is kept at most; the counts are of everything."""


def of_changed_lines(report: LinesRun, changed: Mapping[str, frozenset[int]], at_head: Container[str]) -> Coverage:
    """`changed`: the added lines by path. `at_head`: every file of the head, which tells whose a short name is."""
    known: dict[str, set[int]] = {}
    run: dict[str, set[int]] = {}
    by_end = _by_end(changed)
    for told, lines in report.items():
        path = _path_of(told, changed, by_end, at_head)
        if path is not None:
            known.setdefault(path, set()).update(changed[path] & lines.keys())
            run.setdefault(path, set()).update(line for line in changed[path] & lines.keys() if lines[line])
    missed = {path: known[path] - run[path] for path in known}
    worst = sorted((path for path in missed if missed[path]), key=lambda path: (-len(missed[path]), path))
    kinds = {posixpath.splitext(path)[1] for path in report}
    absent = sorted(path for path in changed if path not in known and changed[path] and _is_of(path, kinds))
    return Coverage(
        ran=sum(map(len, run.values())),
        lines=sum(map(len, known.values())),
        files=tuple(FileCoverage(path, tuple(islice(ranges_of(missed[path]), _RANGES))) for path in worst[:_FILES]),
        absent=tuple(absent[:_ABSENT]),
    )


def _path_of(
    told: str, changed: Container[str], by_end: Mapping[str, Sequence[str]], at_head: Container[str]
) -> str | None:
    """The changed file that a report means; None for every other file, and where it could be several."""
    path = posixpath.normpath(told).removeprefix(TREE)
    if path in at_head:
        return path if path in changed else None
    meant = {*by_end.get(path, ()), *(end for end in _ends(path) if end in changed)}
    return meant.pop() if len(meant) == 1 else None


def _by_end(changed: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Changed files by what their paths end with, so that what a report names is not held against each of them."""
    known: dict[str, list[str]] = {}
    for path in changed:
        for end in _ends(path):
            known.setdefault(end, []).append(path)
    return known


def _ends(path: str) -> Iterator[str]:
    """A path without its first folder, without its first two, and so on."""
    parts = path.rsplit("/", _DEPTH)
    return ("/".join(parts[number:]) for number in range(1, len(parts)))


def _is_of(path: str, kinds: Container[str]) -> bool:
    """Whether the report would speak of a file if anything had loaded it."""
    kind = posixpath.splitext(path)[1]
    return bool(kind) and kind in kinds and not is_test(path)
