"""From a report on the whole project to what it says of the changed lines. Pure."""

import posixpath
from collections.abc import Container, Iterable, Mapping
from itertools import islice

from app.policy.coverage import Coverage, FileCoverage, ranges_of
from app.policy.testfiles import is_test
from app.sandbox.coverage.lines import LinesRun

_ROOT = "/work/"
"""Where the sandbox has the tree."""
_FILES, _RANGES, _ABSENT = 100, 50, 50
"""What is kept at most; the counts are of everything."""


def of_changed_lines(report: LinesRun, changed: Mapping[str, frozenset[int]], at_head: Container[str]) -> Coverage:
    """`changed`: the added lines by path. `at_head`: every file of the head, which tells whose a short name is."""
    known: dict[str, set[int]] = {}
    run: dict[str, set[int]] = {}
    for told, lines in report.items():
        path = _path_of(told, changed, at_head)
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


def _path_of(told: str, changed: Iterable[str], at_head: Container[str]) -> str | None:
    """The changed file that a report means; None for every other file, and where it could be several."""
    path = posixpath.normpath(told).removeprefix(_ROOT)
    if path in at_head:
        return path if path in set(changed) else None
    ends = [each for each in changed if each.endswith(f"/{path}") or path.endswith(f"/{each}")]
    return ends[0] if len(ends) == 1 else None


def _is_of(path: str, kinds: Container[str]) -> bool:
    """Whether the report would speak of a file if anything had loaded it."""
    kind = posixpath.splitext(path)[1]
    return bool(kind) and kind in kinds and not is_test(path)
