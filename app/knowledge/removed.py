"""Names that a change takes away and that the code still uses: who reads the diff alone cannot see them.

A name counts as gone when no file that is changed defines it any more, and none of those that still name it does.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from app.knowledge.apart import outlines_apart
from app.knowledge.blobs import read_blobs
from app.knowledge.callers import Use, find_uses
from app.knowledge.languages import endings_of, grammar_of
from app.knowledge.outline import MOST_BYTES
from app.knowledge.symbols import Symbol
from app.policy.testfiles import is_test

_MOST_SOURCE_BYTES = 8_000_000
_MOST_FILES = 100
_MOST_USING_FILES = 60
_MOST_NAMES = 20
_MOST_USES = 5
_CONSTANT = re.compile(
    r"^\s*(?:export |pub |public |private |protected |static |final |const |let |var |readonly |[A-Z]\w* )*"
    r"([A-Z][A-Z0-9_]{2,})\b[^=(]{0,80}=(?!=)"
)
"""A constant by its form: a line that begins with it, in capitals, and gives it a value."""


@dataclass(frozen=True)
class Cut:
    """A file that the change takes lines out of. `was`: its path in the base; `now`: at the head, None if it is gone.

    `lines` are those of the base that are gone, in order, by their numbers and with their texts.
    """

    was: str
    now: str | None
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Removed:
    """`uses`: some of the lines of the head that still name it; `more`: how many others do."""

    name: str
    path: str
    line: int
    uses: tuple[Use, ...]
    more: int


async def find_removed(mirror: Path, base: str, head: str, cuts: Sequence[Cut]) -> tuple[Removed, ...]:
    """In the order of `cuts`, which come by their weight, as there is no room for everything."""
    known = [each for each in cuts if grammar_of(each.was) is not None and each.was.isprintable()][:_MOST_FILES]
    gone = {symbol.name: (each, symbol) for each, symbol in reversed(await _cut_out(mirror, base, known))}
    if not gone:
        return ()
    left = await _defined(mirror, head, [each.now for each in known if each.now is not None])
    families = {grammar.family for each in known if (grammar := grammar_of(each.was)) is not None}
    endings = {ending for family in families for ending in endings_of(family)}
    uses = (await find_uses(mirror, head, [name for name in gone if name not in left], endings)).found
    elsewhere = await _defined(mirror, head, list(dict.fromkeys(use.path for use in uses))[:_MOST_USING_FILES])
    found = []
    for name, (cut, symbol) in sorted(gone.items(), key=lambda each: (known.index(each[1][0]), each[1][1].start)):
        mine = [use for use in uses if use.name == name and _same_family(use.path, cut.was) and not _is_quoted(use)]
        if mine and name not in elsewhere and not any(_defines(use) for use in mine):
            code_first = sorted(mine, key=lambda use: is_test(use.path))
            found.append(Removed(name, cut.was, symbol.start, tuple(code_first[:_MOST_USES]), len(mine[_MOST_USES:])))
    return tuple(found[:_MOST_NAMES])


def render_removed(removed: Iterable[Removed]) -> str:
    """Facts for reviewers; empty if there are none."""
    return "\n".join(
        f"- {each.name} was removed from {each.path} (line {each.line} there) and is still named at\n"
        + "\n".join(f"  {use.path}:{use.line}: {use.text}" for use in each.uses)
        + (f"\n  and {each.more} times more" if each.more else "")
        for each in removed
    )


async def _cut_out(mirror: Path, base: str, cuts: Sequence[Cut]) -> list[tuple[Cut, Symbol]]:
    """What was defined on lines that are gone. A function that lost some of its body kept its name."""
    sources = await read_blobs(
        mirror, base, [each.was for each in cuts], most_each=MOST_BYTES, most_together=_MOST_SOURCE_BYTES
    )
    outlines = dict(zip(sources, await outlines_apart(list(sources.items())), strict=True))
    found: list[tuple[Cut, Symbol]] = []
    for each in cuts:
        named = [symbol for symbol in outlines.get(each.was, ()) if symbol.kind != "module"]
        found += [(each, symbol) for symbol in named if _lost_its_name(symbol, each)]
        constants = ((number, _CONSTANT.match(text)) for number, text in each.lines)
        found += [(each, Symbol(said[1], "constant", number, number, None)) for number, said in constants if said]
    return found


def _lost_its_name(symbol: Symbol, cut: Cut) -> bool:
    """Only its own lines are looked at: a file can have thousands of symbols, and tens of thousands of lines."""
    word = re.compile(rf"\b{re.escape(symbol.name)}\b")
    first = bisect_left(cut.lines, symbol.start, key=itemgetter(0))
    last = bisect_right(cut.lines, symbol.end, key=itemgetter(0))
    return any(word.search(text) for _, text in cut.lines[first:last])


async def _defined(mirror: Path, head: str, paths: Sequence[str]) -> frozenset[str]:
    """The names that files of the head define."""
    sources = await read_blobs(mirror, head, paths, most_each=MOST_BYTES, most_together=_MOST_SOURCE_BYTES)
    outlines = await outlines_apart(list(sources.items()))
    constants = (
        found[1]
        for source in sources.values()
        for line in source.decode("utf-8", "replace").split("\n")
        if (found := _CONSTANT.match(line)) is not None
    )
    return frozenset(symbol.name for symbols in outlines for symbol in symbols) | frozenset(constants)


def _same_family(path: str, other: str) -> bool:
    mine, theirs = grammar_of(path), grammar_of(other)
    return mine is not None and theirs is not None and mine.family == theirs.family


def _is_quoted(use: Use) -> bool:
    """Whether the line has the name as a text alone: a key, or a word that is printed."""
    bare = re.sub(rf"""(["'`]){re.escape(use.name)}\1""", "", use.text)
    return re.search(rf"\b{re.escape(use.name)}\b", bare) is None and bare != use.text


def _defines(use: Use) -> bool:
    """Whether a line gives the name a value, in whatever file: an import or a parameter may do so as well."""
    return bool(re.match(rf"(?:export |const |let |var )*{re.escape(use.name)}\s*(?::[^=]+)?=(?!=)", use.text))
