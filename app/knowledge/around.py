"""What stands around changed lines: the function or class that holds them, as far as the diff does not show it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.knowledge.symbols import Symbol

_WHOLE_LINES = 40
"""A symbol of so many lines is shown whole; of a longer one the head and what is near to the change."""
_HEAD_LINES = 3
_NEAR_LINES = 8
_SEEN_LINES = 4
_LINE_CHARACTERS = 200
_SMALL_FILE_LINES = 150


@dataclass(frozen=True)
class Excerpt:
    """`text` has a number before each line, as reviewers read files; `…` stands for lines that were left out,
    with the numbers of those that the diff shows.
    """

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
    """One for each symbol that holds changed lines, with lines of it that the diff does not show. None comes twice."""
    lines = source.split(b"\n")
    made: list[Excerpt] = []
    told: set[int] = set()
    for symbol in enclosing(symbols, changed):
        wanted = _wanted(symbol, changed) - told
        told |= wanted
        if any(line.strip() for number in wanted - shown for line in lines[number - 1 : number]):
            made.append(Excerpt(symbol, render_lines(lines, sorted(wanted), shown)))
    return tuple(made)


def whole(source: bytes, shown: frozenset[int]) -> str:
    """A small file of text with a number before each line; empty where it is none, or the diff shows all of it."""
    every = range(1, _count_of(source) + 1)
    if len(every) > _SMALL_FILE_LINES or b"\0" in source or shown.issuperset(every):
        return ""
    return render_lines(source.split(b"\n"), every)


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


def render_lines(lines: Sequence[bytes], wanted: Sequence[int], seen: frozenset[int] = frozenset()) -> str:
    """Lines by their numbers, in order. Of many together that were `seen` in the diff, only where they are."""
    told: list[str] = []
    there = [number for number in wanted if number <= len(lines)]
    before = there[0] - 1 if there else 0
    for (_, is_seen), run in groupby(enumerate(there), key=lambda each: (each[1] - each[0], each[1] in seen)):
        numbers = [number for _, number in run]
        told += ["     …"] if numbers[0] > before + 1 else []
        if is_seen and len(numbers) >= _SEEN_LINES:
            told.append(f"{numbers[0]:6d}  … {numbers[-1]}, in the diff")
        else:
            told += [f"{number:6d}  {_text(lines[number - 1])}" for number in numbers]
        before = numbers[-1]
    return "\n".join(told)


def _text(line: bytes) -> str:
    return line.rstrip(b"\r").decode("utf-8", "replace")[:_LINE_CHARACTERS]
