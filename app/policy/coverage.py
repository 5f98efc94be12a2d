"""Which of the changed lines the tests ran, and how that is told. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_FILES, _RANGES, _SHORT = 20, 12, 3
"""How many files are named, and how much of each; in a summary less."""

Range = tuple[int, int]
"""First and last of lines that follow each other."""


@dataclass(frozen=True)
class FileCoverage:
    """Changed lines of a file at the head that can be run and that no test ran, in order; not all of very many."""

    path: str
    missed: tuple[Range, ...]


@dataclass(frozen=True)
class Coverage:
    """Of `lines` changed lines that can be run the tests `ran` so many; `files` are those with others.

    `absent`: changed files that the report does not speak of, though it does of others of their kind. `problem`: why
    nothing is known, if so.
    """

    ran: int = 0
    lines: int = 0
    files: tuple[FileCoverage, ...] = ()
    absent: tuple[str, ...] = ()
    problem: str = ""


def render_missed(coverage: Coverage) -> str:
    """For reviewers, a file a line; empty if the tests ran all of it. Paths are a stranger's words."""
    if coverage.problem:
        return f"Not known: {coverage.problem}."
    told = [f"- {each.path}: {_told(each.missed, _RANGES)}" for each in coverage.files]
    told += [f"- {path}: not in the report at all" for path in coverage.absent]
    if not told:
        return ""
    more = [f"- and {len(told) - _FILES} more files"] if len(told) > _FILES else []
    return "\n".join([f"The tests ran {coverage.ran} of {coverage.lines} changed lines; not:", *told[:_FILES], *more])


def spots_missed(coverage: Coverage) -> tuple[str, ...]:
    """Places for a summary, such as `a.py:10-12`."""
    return (
        *(f"{each.path}:{_told(each.missed, _SHORT)}" for each in coverage.files),
        *(f"{path} (not in the report)" for path in coverage.absent),
    )


def ranges_of(lines: Iterable[int]) -> Iterator[Range]:
    """Lines in as few ranges as there can be, in order."""
    first = last = 0
    for line in sorted(lines):
        if first and line == last + 1:
            last = line
            continue
        if first:
            yield first, last
        first = last = line
    if first:
        yield first, last


def _told(ranges: Sequence[Range], most: int) -> str:
    told = [f"{first}-{last}" if last > first else f"{first}" for first, last in ranges[:most]]
    return ", ".join([*told, *(["…"] if len(ranges) > most else [])])
