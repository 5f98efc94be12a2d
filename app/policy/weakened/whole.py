"""The change as a whole: what turns up elsewhere in it was moved, and what the code lost its tests may lose."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.policy.changed_text import ChangedText, Hunk, Line
from app.policy.kinds import kinds_of
from app.policy.testfiles import is_test
from app.policy.weakened.definitions import Definition, defined_by, definition_at, holds_tests

WORD = re.compile(r"\w+")
_GOLDEN = re.compile(
    r"(?:^|/)__snapshots__/|\.(?:snap|ambr|golden|approved\.\w+)$|(?:^|/)(?:goldens?|snapshots)/|\.golden\.\w+$"
)


@dataclass(frozen=True)
class TestHunk:
    """A hunk of tests, with what its lines define."""

    __test__ = False
    file: ChangedText
    hunk: Hunk

    @cached_property
    def definitions(self) -> tuple[Definition | None, ...]:
        return tuple(definition_at(self.file.path, self.hunk.lines, index) for index in range(len(self.hunk.lines)))

    @cached_property
    def owners(self) -> tuple[int | None, ...]:
        """For each line, where the definition stands that it belongs to: of the same side, and set in less.

        What follows a definition that is set in as much as the line does not belong to it.
        """
        owners: list[int | None] = []
        old: list[int] = []
        new: list[int] = []
        for index, line in enumerate(self.hunk.lines):
            stack = old if line.sign == "-" else new
            if line.told:
                for each in (old, new) if line.sign == " " else (stack,):
                    while each and self.hunk.lines[each[-1]].indent >= line.indent and not closes(line):
                        each.pop()
            owners.append(stack[-1] if stack else None)
            if self.definitions[index] is not None:
                for each in (old, new) if line.sign == " " else (stack,):
                    each.append(index)
        return tuple(owners)

    def owner_of(self, index: int) -> tuple[Line, Definition] | None:
        owner = self.owners[index]
        definition = None if owner is None else self.definitions[owner]
        return None if owner is None or definition is None else (self.hunk.lines[owner], definition)


class Whole:
    """Sets over all lines of the change, each made once."""

    def __init__(self, files: Sequence[ChangedText]) -> None:
        self.files = files

    @cached_property
    def tests(self) -> tuple[TestHunk, ...]:
        return tuple(
            TestHunk(file, hunk)
            for file in self.files
            if not is_golden(file.path)
            for hunk in file.hunks
            if holds_tests(file.path, hunk)
        )

    @cached_property
    def added(self) -> frozenset[str]:
        """Every added line as it is told; what is found here again was not lost."""
        return frozenset(bare(line) for file in self.files for line in file.added)

    @cached_property
    def removed(self) -> frozenset[str]:
        return frozenset(bare(line) for file in self.files for line in file.removed)

    @cached_property
    def added_tests(self) -> frozenset[str]:
        return frozenset(self._tests("+"))

    @cached_property
    def removed_tests(self) -> frozenset[str]:
        return frozenset(self._tests("-"))

    @cached_property
    def helpers(self) -> frozenset[str]:
        """Functions that the change adds, and that are no tests: what tests did may now be done there."""
        named = {name for file in self.files for line in file.added if (name := defined_by(file.path, line))}
        return frozenset(named - self.added_tests)

    @cached_property
    def gone(self) -> frozenset[str]:
        """Names that code no longer defines: tests of these go with them."""
        before: set[str] = set()
        after: set[str] = set()
        for file, line in self._code():
            name = defined_by(file.path, line)
            if name:
                (after if line.sign == "+" else before).add(name)
        return frozenset(before - after - self.code_words)

    @cached_property
    def gone_modules(self) -> frozenset[str]:
        """The names, without endings, of files of code that are gone."""
        return frozenset(
            file.path.rpartition("/")[2].partition(".")[0].lower()
            for file in self.files
            if file.status == "removed" and is_code(file.path)
        )

    @cached_property
    def code_words(self) -> frozenset[str]:
        """Every word and number that lines added to the code have."""
        return frozenset(
            word.replace("_", "") if word[0].isdigit() else word
            for _, line in self._code()
            if line.sign == "+"
            for word in WORD.findall(line.text[:2000])
        )

    @cached_property
    def changes_code(self) -> bool:
        """Whether anything is changed but tests, what they compare with, and documents."""
        return any(not kinds_of(file.path) <= {"tests", "docs"} and not is_golden(file.path) for file in self.files)

    def _code(self) -> Iterator[tuple[ChangedText, Line]]:
        for file in self.files:
            for hunk in file.hunks if is_code(file.path) else ():
                if not holds_tests(file.path, hunk):
                    yield from ((file, line) for line in (*hunk.removed, *hunk.added))

    def _tests(self, sign: str) -> Iterator[str]:
        for seen in self.tests:
            for line, definition in zip(seen.hunk.lines, seen.definitions, strict=True):
                if definition is not None and definition.test and line.sign == sign:
                    yield definition.name


def is_golden(path: str) -> bool:
    """Whether a file holds what tests compare their output with."""
    return bool(_GOLDEN.search(path))


def is_code(path: str) -> bool:
    return not is_test(path) and "code" in kinds_of(path)


def bare(line: Line) -> str:
    """A line as it is known again elsewhere: without a comma or semicolon at its end."""
    return line.told.rstrip(" ,;")


def closes(line: Line) -> bool:
    """Whether a line ends what began further up, and so may be set in as little as that: `) -> None:`, `}`, `end`."""
    return line.told.startswith((")", "]", "}")) or line.told == "end"
