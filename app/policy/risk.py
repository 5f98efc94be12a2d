"""How much could go wrong with a change, by what can be told without reading it. Pure, and the same each time.

A single line of code can undo a check, so that code is never low. What rules the repository itself, what cannot be
read in the diff, and tests that are taken away are high at any size.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.policy.changed import ChangedFile
from app.policy.kinds import Kind, all_kinds
from app.policy.paths import why_set_aside
from app.policy.sensitive import sensitive_word
from app.policy.testfiles import is_test

Level = Literal["low", "medium", "high"]

SMALL_LINES = 100
"""What a reviewer reads with ease: https://google.github.io/eng-practices/review/developer/small-cls.html."""
LARGE_LINES = 1000
"""Usually too large, says the same page."""
MANY_FILES = 50
"""The same page again: what is small in one file is too large when it is spread over fifty."""

_GUARDED: tuple[Kind, ...] = ("policy", "ownership", "workflows", "infrastructure", "migrations")
"""They decide who may do what, run with the repository's secrets, or cannot be undone by a revert."""
_CALLED: dict[Kind, str] = {"workflows": "workflows or hooks"}
"""What a kind is told as, where its word says less than is in it."""
_RUNNING: tuple[Kind, ...] = ("code", "dependencies", "configuration")
_HARMLESS = frozenset[Kind]({"docs", "tests"})


@dataclass(frozen=True)
class Risk:
    """`reasons` are sentences without a name from the change, the gravest first; each led to this level or a lower.

    `grave`: the files that would make it high by themselves.
    """

    level: Level
    reasons: tuple[str, ...]
    grave: tuple[str, ...] = ()


def risk_of(files: Sequence[ChangedFile]) -> Risk:
    """The gravest of what is true of the change."""
    high, medium = _high(files), _medium(files)
    level: Level = "high" if high else "medium" if medium else "low"
    grave = sorted({file.path for file in files if _high([file])}) if high else ()
    return Risk(level, (*high, *medium) or ("documents and tests only, and not many",), tuple(grave))


def _high(files: Sequence[ChangedFile]) -> list[str]:
    lines = lines_to_read(files)
    words = {word for file in files if (word := _speaks_of(file)) is not None}
    return [
        *_kinds(files, _GUARDED),
        *_counted(sum(map(_drops_tests, files)), "takes {} of tests away"),
        *([f"has names that speak of {', '.join(sorted(words))}"] if words else []),
        *_counted(sum(file.submodule for file in files), "changes {} that is code of another repository"),
        *_counted(sum(file.symlink for file in files), "changes {} that leads to another place"),
        *_counted(sum(map(_is_opaque, files)), "has {} that cannot be read in a diff"),
        *([f"has {lines} lines to read, {LARGE_LINES} or more"] if lines >= LARGE_LINES else []),
        *([f"has {len(files)} files, {MANY_FILES} or more"] if len(files) >= MANY_FILES else []),
    ]


def _medium(files: Sequence[ChangedFile]) -> list[str]:
    lines = lines_to_read(files)
    tests = [file for file in files if is_test(file.path)]
    lost = sum(file.removed for file in tests) - sum(file.added for file in tests)
    return [
        *_kinds(files, _RUNNING),
        *(["leaves the tests shorter than they were"] if lost > 0 else []),
        *_counted(sum(file.mode_changed for file in files), "makes {} executable, or no longer so"),
        *([f"has {lines} lines to read, more than {SMALL_LINES}"] if SMALL_LINES < lines < LARGE_LINES else []),
    ]


def lines_to_read(files: Sequence[ChangedFile]) -> int:
    """Added and removed lines; those of lock files are not counted, as a tool wrote them and nobody reads them."""
    return sum(file.added + file.removed for file in files if why_set_aside(file.path, was=file.was) != "lock file")


def _kinds(files: Sequence[ChangedFile], kinds: Sequence[Kind]) -> list[str]:
    counts = Counter(kind for file in files for kind in all_kinds(file.names))
    return [
        sentence for kind in kinds for sentence in _counted(counts[kind], f"changes {{}} of {_CALLED.get(kind, kind)}")
    ]


def _counted(count: int, sentence: str) -> list[str]:
    return [sentence.format("1 file" if count == 1 else f"{count} files")] if count else []


def _drops_tests(file: ChangedFile) -> bool:
    if file.status == "removed":
        return is_test(file.path)
    return file.status == "renamed" and file.was is not None and is_test(file.was) and not is_test(file.path)


def _speaks_of(file: ChangedFile) -> str | None:
    """Tests and documents may speak of anything."""
    words = (sensitive_word(name, file.usual) for name in file.names if not all_kinds([name]) <= _HARMLESS)
    return next((word for word in words if word is not None), None)


def _is_opaque(file: ChangedFile) -> bool:
    """Pictures are binary, too, but run nowhere."""
    return file.binary and not all_kinds(file.names) <= _HARMLESS
