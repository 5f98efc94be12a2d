"""Linters and type checkers that were told to be silent, by marks in the code or in their settings.

A mark for one rule on a line that is new may be right, and is the linter's own business. Told of are marks on code
that was there before and passed without, and marks that silence every rule at once.
"""

import re
from collections.abc import Iterator

from app.policy.changed_text import ChangedText, Hunk, Line
from app.policy.kinds import kinds_of
from app.policy.weakened.found import Kind, Weakening, weakening
from app.policy.weakened.whole import WORD, Whole, bare, is_golden

_BEHIND = re.compile(
    r"""(?x)\s*(?:\#|//|/\*)\s*(?:noqa\b|type:\s*ignore|pyright:\s*ignore|pylint:\s*disable|nosec\b|nosemgrep|NOSONAR
      |nolint\b|eslint-disable-line|biome-ignore|rubocop:\s*disable|pragma:\s*no\s*cover|noinspection|mypy:\s*ignore
      |lgtm\b|skipcq|gitleaks:allow|ty:\s*ignore).*$"""
)
_ALONE = re.compile(
    r"""(?x)(?:(?://|/\*|\#|\{/\*)\s*(?:eslint-disable(?:-next-line)?\b|@ts-ignore|@ts-expect-error|@ts-nocheck|tslint:disable
      |pylint:\s*disable|nolint\b|rubocop:\s*disable|shellcheck\s+disable|hadolint\s+ignore|biome-ignore|istanbul\s+ignore
      |c8\s+ignore|v8\s+ignore|noinspection|prettier-ignore|nosec\b|golint:ignore|lint:ignore|mypy:\s*ignore|ruff:\s*noqa
      |flake8:\s*noqa|zizmor:\s*ignore|yamllint\s+disable)
      |@SuppressWarnings\b|@SuppressFBWarnings\b|@Suppress\(|\#!?\[allow\()"""
)
_ALL = re.compile(
    r"""(?x)(?:\#\s*noqa\s*$|\#\s*type:\s*ignore\s*$|\#\s*pyright:\s*ignore\s*$|\#\s*(?:ruff|flake8):\s*noqa\s*$
      |\#\s*nosec\s*$|//\s*nolint\s*$|/\*\s*eslint-disable\s*\*/|//\s*eslint-disable\s*$|@ts-nocheck|\#\s*mypy:\s*ignore-errors
      |pylint:\s*(?:skip-file|disable\s*=\s*all)|\#!\[allow\((?:warnings|clippy::all)|@SuppressWarnings\(\{?"all"
      |eslint-disable-(?:next-)?line\s*(?:\*/\s*)?$)"""
)


_MUCH = 0.6
_REACH = 4


def silenced(whole: Whole) -> Iterator[Weakening]:
    """Marks on lines of code and of tests."""
    for file in whole.files:
        new_test = file.status in {"added", "copied"} and "tests" in kinds_of(file.path)
        if new_test or is_golden(file.path) or "docs" in kinds_of(file.path):
            continue
        for hunk in file.hunks:
            yield from _marks(file, hunk, whole)


def _marks(file: ChangedText, hunk: Hunk, whole: Whole) -> Iterator[Weakening]:
    tests = "tests" in kinds_of(file.path)
    for region in hunk.regions:
        marked = any(_mark(line) is not None for line in region.removed)
        replaced = iter(region.removed) if len(region.removed) == len(region.added) else iter(())
        for index, line in enumerate(region.lines, start=region.start):
            if line.sign != "+":
                continue
            old, mark = next(replaced, None), _mark(line)
            if mark is None or bare(line) in whole.removed:
                continue
            code = line.told[: mark.start()].rstrip(" ,;")
            if code in whole.removed or _is_edited(old, code) or not (code or marked or _is_above_new(hunk, index)):
                yield weakening(Kind.LINTER_SILENCED, file, line, "the code passed without this mark before")
            elif _ALL.search(line.told) and not tests and not marked:
                yield weakening(Kind.LINTER_SILENCED, file, line, "the mark silences every rule, not a certain one")


def _mark(line: Line) -> re.Match[str] | None:
    """A mark, if it is none within a text: an odd number of quotes stands before one that is."""
    found = _ALONE.match(line.told) or _BEHIND.search(line.told)
    if found is None:
        return None
    before = line.told[: found.start()]
    return None if any(before.count(quote) % 2 for quote in ('"', "'", "`")) else found


def _is_edited(old: Line | None, code: str) -> bool:
    """Whether the marked code took the place of a line that is much like it, and had no mark."""
    was = set(WORD.findall(old.told)) if old is not None and _mark(old) is None else set[str]()
    return bool(was and code) and len(was & set(WORD.findall(code))) >= _MUCH * len(was)


def _is_above_new(hunk: Hunk, index: int) -> bool:
    """Whether a mark on a line of its own speaks of code that is new too."""
    below = next((line for line in hunk.lines[index + 1 : index + _REACH] if line.sign != "-" and line.told), None)
    return below is None or below.sign == "+"
