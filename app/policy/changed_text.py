"""What a change says, line by line, so that rules can read it. Pure; `app.sandbox.changed_texts` builds it from git."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from app.policy.changed import ChangeStatus

Sign = Literal["+", "-", " "]
_TOLD_CHARS = 400
"""No rule reads further into a line, so that a file of one line costs what any other does."""


@dataclass(frozen=True)
class Line:
    """`number` is counted from 1, at the head; where the line is gone, in the base."""

    number: int
    text: str
    sign: Sign = "+"

    @cached_property
    def told(self) -> str:
        """The line as rules read it: the start, without what stands at the ends, and with single spaces."""
        return " ".join(self.text[:_TOLD_CHARS].split())

    @cached_property
    def indent(self) -> int:
        text = self.text[:_TOLD_CHARS]
        return len(text) - len(text.lstrip())


@dataclass(frozen=True)
class Hunk:
    """`heading` is what git writes behind the second `@@`: the line that it takes for the head of a function."""

    heading: str
    lines: tuple[Line, ...]

    @cached_property
    def regions(self) -> tuple["Region", ...]:
        """Runs of changed lines; a blank line or a lone bracket that stayed does not part them."""
        return tuple(_regions(self.lines))

    @cached_property
    def added(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.sign == "+")

    @cached_property
    def removed(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.sign == "-")


@dataclass(frozen=True)
class Region:
    """What was changed in one place. `start` is where it begins among the hunk's lines."""

    start: int
    lines: tuple[Line, ...]

    @cached_property
    def added(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.sign == "+")

    @cached_property
    def removed(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.sign == "-")


@dataclass(frozen=True)
class ChangedText:
    """One changed file. `was` is the old path of a rename or copy; a binary file has no hunks."""

    path: str
    was: str | None
    status: ChangeStatus
    hunks: tuple[Hunk, ...]

    @cached_property
    def added(self) -> tuple[Line, ...]:
        return tuple(line for hunk in self.hunks for line in hunk.added)

    @cached_property
    def removed(self) -> tuple[Line, ...]:
        return tuple(line for hunk in self.hunks for line in hunk.removed)


def _regions(lines: tuple[Line, ...]) -> Iterator[Region]:
    start, end = None, 0
    for index, line in enumerate(lines):
        if line.sign != " ":
            start, end = index if start is None else start, index + 1
        elif start is not None and not _is_trivial(line):
            yield Region(start, lines[start:end])
            start = None
    if start is not None:
        yield Region(start, lines[start:end])


def _is_trivial(line: Line) -> bool:
    return line.told == "end" or not any(char.isalnum() for char in line.told)
