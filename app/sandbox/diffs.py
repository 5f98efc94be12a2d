"""Reading git's diffs by git's own line definition: LF ends a line, and nothing else does.

Libraries that split lines as Python does stumble over lone carriage returns, form feeds and U+2028, and lose files or
shift line numbers; a file that is lost is a file that nobody reviews. What cannot be read raises.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.sandbox.errors import PatchError

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_LETTERS = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}
SYMLINK, SUBMODULE = "120000", "160000"


@dataclass(frozen=True)
class Removal:
    """Lines that were taken out with nothing put in their place. `first` is counted from 1 in the old file.

    `above` is the new file's line before it, 0 where it stood at the top.
    """

    first: int
    lines: tuple[bytes, ...]
    above: int


@dataclass(frozen=True)
class FileDiff:
    """One file's part of a diff. A path is None on the side where the file is not; modes are git's octal text.

    `added` are the new side's changed lines, `shown` all of its lines that the hunks show, `beside_removed` those next
    to where lines were taken out, all counted from 1. `added_text` holds the added lines; a symbolic link's target
    stands there.
    """

    old_path: str | None
    new_path: str | None
    old_mode: str | None
    new_mode: str | None
    binary: bool
    added: frozenset[int]
    shown: frozenset[int]
    beside_removed: frozenset[int]
    added_text: bytes
    removals: tuple[Removal, ...] = ()

    @property
    def path(self) -> str:
        return self.new_path or self.old_path or ""

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path for path in (self.old_path, self.new_path) if path is not None))


def parse_diff(diff: bytes) -> list[FileDiff]:
    """Every file of a diff that git wrote with the prefixes a/ and b/. Raises `PatchError` for anything else."""
    lines = diff.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    files: list[FileDiff] = []
    position = 0
    while position < len(lines):
        reader = _Reader(lines, position)
        files.append(reader.read())
        position = reader.position
    return files


class _Reader:
    """Reads one file's part, from its `diff --git` line up to the next one's."""

    def __init__(self, lines: list[bytes], position: int) -> None:
        self._lines = lines
        self.position = position
        self._added: set[int] = set()
        self._shown: set[int] = set()
        self._beside: set[int] = set()
        self._text: list[bytes] = []
        self._removals: list[Removal] = []

    def read(self) -> FileDiff:
        head = self._lines[self.position]
        if not head.startswith(b"diff --git "):
            raise PatchError(f"line {self.position + 1} of the diff belongs to no file: {head[:80]!r}")
        self.position += 1
        fields = dict(self._fields())
        old, new = _names(head, fields)
        self._hunks(counted=b"--- " in fields)
        both = fields[b"index "].rpartition(b" ")[2] if b" " in fields.get(b"index ", b"") else None
        deleted, created = fields.get(b"deleted file mode "), fields.get(b"new file mode ")
        return FileDiff(
            old_path=None if created is not None else old,
            new_path=None if deleted is not None else new,
            old_mode=_text(deleted or fields.get(b"old mode ") or (None if created else both)),
            new_mode=_text(created or fields.get(b"new mode ") or (None if deleted else both)),
            binary=b"Binary files " in fields or b"GIT binary patch" in fields,
            added=frozenset(self._added),
            shown=frozenset(self._shown),
            beside_removed=frozenset(self._beside & self._shown),
            added_text=b"\n".join(self._text),
            removals=tuple(self._removals),
        )

    def _fields(self) -> Iterator[tuple[bytes, bytes]]:
        """The extended header, up to the first hunk. Raises for a line that git does not write there."""
        while self.position < len(self._lines):
            line = self._lines[self.position]
            if line.startswith((b"@@ ", b"diff --git ")):
                return
            name = next((each for each in _HEADER if line.startswith(each)), None)
            if name is None:
                raise PatchError(f"line {self.position + 1} of the diff is no header of git's: {line[:80]!r}")
            self.position += 1
            yield name, line[len(name) :]
            if name == b"GIT binary patch":
                self._skip_binary()

    def _skip_binary(self) -> None:
        while self.position < len(self._lines) and not self._lines[self.position].startswith(b"diff --git "):
            self.position += 1

    def _hunks(self, *, counted: bool) -> None:
        while self.position < len(self._lines) and not self._lines[self.position].startswith(b"diff --git "):
            match = _HUNK.match(self._lines[self.position])
            if match is None or not counted:
                raise PatchError(f"line {self.position + 1} of the diff starts no hunk")
            self.position += 1
            old_left, number, new_left = int(match[2] or 1), int(match[3]), int(match[4] or 1)
            start = self.position
            self._hunk(old_left, number, new_left)
            if self.position - start > new_left:  # some lines are of the old file alone
                # Of a hunk without lines of the new file the number is that of the line above it.
                below = number + (new_left == 0)
                self._removals += _removals(self._lines[start : self.position], int(match[1]), below)

    def _hunk(self, old_left: int, number: int, new_left: int) -> None:
        """Follow the counts of the hunk's header: content may look like any header."""
        while old_left > 0 or new_left > 0:
            line = self._lines[self.position] if self.position < len(self._lines) else b"?"
            kind = line[:1]
            if kind not in {b" ", b"+", b"-", b"\\"}:
                raise PatchError(f"the diff ends or breaks off within a hunk, at line {self.position + 1}")
            self.position += 1
            old_left -= kind in {b" ", b"-"}
            new_left -= kind in {b" ", b"+"}
            if kind == b"+":
                self._added.add(number)
                self._text.append(line[1:])
            if kind == b"-":
                self._beside |= {number - 1, number}
            if kind in {b" ", b"+"}:
                self._shown.add(number)
                number += 1
        while self.position < len(self._lines) and self._lines[self.position].startswith(b"\\ "):
            self.position += 1


def _removals(hunk: list[bytes], old: int, new: int) -> Iterator[Removal]:
    """Runs of changed lines that only take lines out."""
    gone: list[bytes] = []
    put_in = False
    for line in [*hunk, b" "]:
        kind = line[:1]
        if kind == b"-":
            gone.append(line[1:])
        elif kind == b"+":
            put_in, new = True, new + 1
        elif kind == b" ":
            if gone and not put_in:
                yield Removal(old, tuple(gone), new - 1)
            old, new, gone, put_in = old + len(gone) + 1, new + 1, [], False


_HEADER = (
    *(b"old mode ", b"new mode ", b"deleted file mode ", b"new file mode ", b"similarity index "),
    *(b"dissimilarity index ", b"rename from ", b"rename to ", b"copy from ", b"copy to ", b"index "),
    *(b"--- ", b"+++ ", b"Binary files ", b"GIT binary patch"),
)


def _names(head: bytes, fields: dict[bytes, bytes]) -> tuple[str, str]:
    """Both names: from the lines that hold one each if there are such, else from the first line, where they are one."""
    for old_field, new_field, prefix in ((b"rename from ", b"rename to ", 0), (b"copy from ", b"copy to ", 0)):
        if old_field in fields and new_field in fields:
            return _name(fields[old_field], prefix), _name(fields[new_field], prefix)
    if b"--- " in fields and b"+++ " in fields:
        old, new = fields[b"--- "].removesuffix(b"\t"), fields[b"+++ "].removesuffix(b"\t")
        known = [_name(each, 2) for each in (old, new) if each != b"/dev/null"]
        if known:
            return known[0], known[-1]
    return (_same_name(head.removeprefix(b"diff --git ")),) * 2


def _same_name(rest: bytes) -> str:
    if rest.startswith(b'"'):
        found = _QUOTED.match(rest)
        if found is not None and rest[found.end() :] == b" " + rest[: found.end()].replace(b'"a/', b'"b/', 1):
            return _name(found[0], 2)
    elif len(rest) % 2 and rest[: len(rest) // 2][2:] == rest[len(rest) // 2 + 1 :][2:]:
        return _name(rest[: len(rest) // 2], 2)
    raise PatchError(f"the names in {rest[:200]!r} cannot be told apart")


def _name(raw: bytes, prefix: int) -> str:
    if raw.startswith(b'"'):
        found = _QUOTED.fullmatch(raw)
        if found is None:
            raise PatchError(f"{raw[:200]!r} is not a name as git quotes it")
        raw = _ESCAPE.sub(_unescape, found[1])
    if prefix and raw[:prefix] not in {b"a/", b"b/"}:
        raise PatchError(f"the name {raw[:200]!r} lacks git's a/ or b/")
    return os.fsdecode(raw[prefix:])


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8) & 0xFF]) if code.isdigit() else _LETTERS.get(code, code)


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode("ascii", "replace")
