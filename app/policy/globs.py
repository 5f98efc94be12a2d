"""Globs as in .gitignore, turned into RE2, whose cost is bounded by pattern times text whatever either holds.

https://git-scm.com/docs/gitignore#_pattern_format, without backslashes. Like git's, matching is by bytes: a path need
not be text. Paths are joined with NUL, which none of them can hold, so that one search looks at all of them.
"""

import unicodedata
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any

import re2

_NUL = b"\0"
_ANY_NAME = b"[^/\\x00]*"
_ANYTHING = b"[^\\x00]+"
_FOLDERS = b"(?:[^\\x00]+/)?"
_ODD = frozenset({"", ".", ".."})


class Paths:
    """Paths of files to be matched. Odd ones (`/x`, `a//b`, `a/../b`), which git never has, match nothing."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names

    def first(self, glob: str) -> str | None:
        """A path that the glob matches, or one in a folder that it matches."""
        return self._even.first(glob)

    def all(self, globs: Sequence[str]) -> bool:
        """Whether there are paths and each is matched by one of the globs."""
        return len(self._even.names) == len(self.names) and self._even.all(globs)

    def first_folded(self, glob: str) -> str | None:
        """As `first`, blind to case and Unicode forms: on some machines it is the same file."""
        return self._folded.first(fold(glob))

    def all_folded(self, globs: Sequence[str]) -> bool:
        return len(self._folded.names) == len(self.names) and self._folded.all([fold(glob) for glob in globs])

    @cached_property
    def _even(self) -> "_Joined":
        return _Joined([name for name in self.names if _ODD.isdisjoint(name.split("/"))])

    @cached_property
    def _folded(self) -> "_Joined":
        return _Joined([fold(name) for name in self._even.names])


class _Joined:
    """Each path with a NUL before and behind it."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self._text = b"".join(_NUL + _bytes(name) + _NUL for name in names)

    def first(self, glob: str) -> str | None:
        literal, pattern = _compiled((glob,))
        if literal not in self._text:
            return None
        found = pattern.search(self._text)
        return None if found is None else found.group(0)[1:-1].decode("utf-8", "surrogateescape")

    def all(self, globs: Sequence[str]) -> bool:
        if not self.names or not globs:
            return False
        _, pattern = _compiled(tuple(globs))
        if not pattern.fullmatch(_NUL + _bytes(self.names[0]) + _NUL):
            return False
        return sum(1 for _ in pattern.finditer(self._text)) == len(self.names)


def matches(glob: str, path: str, *, inside: bool = True) -> bool:
    """Whether the glob names the file or, with `inside`, a folder that it lies in."""
    if not _ODD.isdisjoint(path.split("/")):
        return False
    return bool(_compiled((glob,), inside)[1].fullmatch(_NUL + _bytes(path) + _NUL))


def fold(path: str) -> str:
    """The form in which paths are the same where case or Unicode forms do not count."""
    return unicodedata.normalize("NFKC", path).casefold()


@lru_cache(maxsize=8192)
def _compiled(globs: tuple[str, ...], inside: bool = True) -> tuple[bytes, Any]:
    """The longest text that every match must hold (empty for several globs), and the pattern."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    both = b"|".join(_translated(glob, inside) for glob in globs)
    literal = max(_literals(globs[0]), key=len) if len(globs) == 1 else b""
    return literal, re2.compile(b"\\x00(?:" + both + b")\\x00", options)


def _translated(glob: str, inside: bool) -> bytes:
    """A slash before the end anchors at the root; the last part may be a folder, with everything inside of it."""
    anchored, folder = "/" in glob.rstrip("/"), glob.endswith("/")
    parts = glob.strip("/").split("/")
    text = b"" if anchored else _FOLDERS
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if part == "**":
            text += _ANYTHING if last else _FOLDERS
        else:
            text += _name(part) + (b"" if last else b"/")
    below = b"/" + _ANYTHING
    return text + (below if folder else b"(?:" + below + b")?" if inside else b"")


def _name(part: str) -> bytes:
    text, position, raw = b"", 0, _bytes(part)
    while position < len(raw):
        char = raw[position : position + 1]
        if char == b"*":
            text += b"" if text.endswith(_ANY_NAME) else _ANY_NAME
        elif char == b"?":
            text += b"[^/\\x00]"
        elif char == b"[" and _end_of_class(raw, position) > 0:
            end = _end_of_class(raw, position)
            text += _class(raw[position + 1 : end])
            position = end
        else:
            text += b"\\x%02x" % raw[position]
        position += 1
    return text


def _end_of_class(raw: bytes, start: int) -> int:
    """Where the bracket closes; a `]` that comes first is one of the characters. -1: it does not close."""
    skip = start + (3 if raw[start + 1 : start + 2] in {b"!", b"^"} else 2)
    return raw.find(b"]", skip)


def _class(inside: bytes) -> bytes:
    """The characters of a bracket, without the slash. A range that is upside down holds nothing."""
    negated = inside[:1] in {b"!", b"^"}
    rest, wanted = inside[negated:], set[int]()
    position = 0
    while position < len(rest):
        if rest[position + 1 : position + 2] == b"-" and position + 2 < len(rest):
            wanted |= set(range(rest[position], rest[position + 2] + 1))
            position += 3
        else:
            wanted.add(rest[position])
            position += 1
    allowed = (set(range(1, 256)) - wanted if negated else wanted) - {0, ord("/")}
    return b"[" + b"".join(b"\\x%02x" % each for each in sorted(allowed)) + b"]" if allowed else b"[^\\x00-\\xff]"


def _literals(glob: str) -> list[bytes]:
    """Runs of the glob's text without anything special. Where a bracket is, nothing is promised."""
    if "[" in glob:
        return [b""]
    runs = glob.replace("**", "*").replace("?", "*").strip("/").split("*")
    return [_bytes(run.strip("/")) for run in runs] or [b""]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
