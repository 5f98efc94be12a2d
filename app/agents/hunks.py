"""One file's part of the diff, cut at its hunks where it must be cut. Pure."""

import re
from dataclasses import dataclass

from app.agents.envelope import mark_hidden

_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
"""No content looks like it: within a hunk every line has a sign before it."""


@dataclass(frozen=True)
class FileDiff:
    """The part of a diff about one file. `lines` is how many it has.

    `notes`: what stands around its hunks, the most telling first. `related`: files that belong with it. `seen_whole`:
    it shows every line of the file.
    """

    path: str
    text: str
    lines: int
    notes: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    seen_whole: bool = False

    @property
    def size(self) -> str:
        """Lines that are added and removed, as `+3 -1`."""
        first = _HUNK.search(self.text)
        lines = self.text[first.start() :].split("\n") if first is not None else []
        added, removed = (sum(line.startswith(sign) for line in lines) for sign in "+-")
        return f"+{added} -{removed}"


@dataclass(frozen=True)
class Span:
    """Lines of a file at the head, both ends included; of a file that is gone, or without hunks, there are none."""

    path: str
    first: int
    last: int


@dataclass(frozen=True)
class Chunk:
    """A file's header with some of its hunks, as it is shown."""

    span: Span
    text: str


def cut_at_hunks(file: FileDiff, limit: int) -> tuple[Chunk, ...]:
    """The whole file in as few chunks of at most `limit` characters as its order allows; () when that cannot be.

    A hunk is never cut: half of one shows code that nobody wrote.
    """
    text = mark_hidden(file.text)
    if len(text) <= limit:
        return (_chunk(file.path, text),)
    starts = [match.start() for match in _HUNK.finditer(text)]
    if not starts:
        return ()
    head, begin = text[: starts[0]], starts[0]
    chunks: list[Chunk] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        if len(head) + end - start > limit:
            return ()
        if len(head) + end - begin > limit:
            chunks.append(_chunk(file.path, head + text[begin:start]))
            begin = start
    return (*chunks, _chunk(file.path, head + text[begin:]))


def _chunk(path: str, text: str) -> Chunk:
    hunks = [(int(match[1]), int(match[2] or 1)) for match in _HUNK.finditer(text)]
    first = min((start for start, _ in hunks), default=0)
    last = max((start + count - 1 for start, count in hunks), default=-1)
    return Chunk(Span(path, first, last), text)
