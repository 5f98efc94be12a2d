"""What stands around changed lines: the function or class that holds them, as far as the diff does not show it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.knowledge.symbols import Symbol

_WHOLE_LINES = 40
"""A symbol of so many lines is shown whole; of a longer one the head and what is near to the change."""
_HEAD_LINES = 3
_NEAR_LINES = 8
_LINE_CHARACTERS = 200
_SMALL_FILE_LINES = 150


@dataclass(frozen=True)
class Excerpt:
    """`text` has a number before each line, as reviewers read files; `…` stands for lines that were left out."""

    symbol: Symbol
    text: str


def enclosing(symbols: Sequence[Symbol], lines: Iterable[int]) -> tuple[Symbol, ...]:
    """The innermost symbol of each line, in the order of the file. `symbols` come in that order, outer ones first."""
    found: dict[Symbol, None] = {}
    open_: list[Symbol] = []
    position = 0
    for line in sorted(lines):
        while position < len(symbols) and symbols[position].start <= line:
            open_.append(symbols[position])
            position += 1
        while open_ and open_[-1].end < line:
            open_.pop()
        if open_:
            found[open_[-1]] = None
    return tuple(found)


def excerpts(
    symbols: Sequence[Symbol], source: bytes, changed: frozenset[int], shown: frozenset[int]
) -> tuple[Excerpt, ...]:
    """One for each symbol that holds changed lines and has others than those which the diff shows already."""
    lines = source.split(b"\n")
    made = []
    for symbol in enclosing(symbols, changed):
        wanted = _wanted(symbol, changed)
        if not wanted <= shown:
            made.append(Excerpt(symbol, _render(lines, sorted(wanted))))
    return tuple(made)


def whole(source: bytes, shown: frozenset[int]) -> str:
    """A small file of text with a number before each line; empty where it is none, or the diff shows all of it."""
    every = range(1, _count_of(source) + 1)
    if len(every) > _SMALL_FILE_LINES or b"\0" in source or shown.issuperset(every):
        return ""
    return _render(source.split(b"\n"), every)


def is_seen_whole(source: bytes, shown: frozenset[int]) -> bool:
    """Whether the diff shows each line of a file of text that has any."""
    lines = _count_of(source)
    return lines > 0 and b"\0" not in source and shown.issuperset(range(1, lines + 1))


def _count_of(source: bytes) -> int:
    """Lines; a line feed at the end begins none."""
    return source.count(b"\n") + (source[-1:] not in {b"", b"\n"})


def _wanted(symbol: Symbol, changed: frozenset[int]) -> set[int]:
    whole = range(symbol.start, symbol.end + 1)
    if len(whole) <= _WHOLE_LINES:
        return set(whole)
    near = {
        each
        for line in changed
        if line in whole
        for each in range(max(symbol.start, line - _NEAR_LINES), min(symbol.end, line + _NEAR_LINES) + 1)
    }
    return near | set(whole[:_HEAD_LINES])


def _render(lines: Sequence[bytes], wanted: Sequence[int]) -> str:
    told: list[str] = []
    before = None
    for number in wanted:
        if number > len(lines):
            break
        if before is not None and number > before + 1:
            told.append("     …")
        text = lines[number - 1].rstrip(b"\r").decode("utf-8", "replace")
        told.append(f"{number:6d}  {text[:_LINE_CHARACTERS]}")
        before = number
    return "\n".join(told)
