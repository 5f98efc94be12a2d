"""What the code holds at the places that plans name, for those who judge the plans without tools."""

import re
from collections.abc import Sequence
from pathlib import Path

from app.knowledge.apart import outlines_apart
from app.knowledge.blobs import read_blobs
from app.knowledge.context import Touched, look_around
from app.knowledge.languages import grammar_of
from app.knowledge.outline import MOST_BYTES
from app.knowledge.symbols import Symbol
from app.policy.testfiles import is_test

_MOST_CHARACTERS = 16_000
"""About 4,000 tokens, which the voters after the first read from the cache."""
_MOST_SOURCE_BYTES = 2_000_000
_MOST_FILES = 20
_LINES_OF_A_SYMBOL = 80
_NAME = re.compile(r"[A-Za-z_$][\w$]+")


async def show_planned(mirror: Path, treeish: str, paths: Sequence[str], told: str) -> str:
    """`paths`: the files of the plans; `told`: their words, which say what in these files is meant.

    Code as it is before any change, with who uses it, lines numbered; empty where the plans name no code that is there.
    """
    code = [path for path in dict.fromkeys(paths) if grammar_of(path) is not None and not is_test(path)][:_MOST_FILES]
    sources = await read_blobs(mirror, treeish, code, most_each=MOST_BYTES, most_together=_MOST_SOURCE_BYTES)
    outlines = dict(zip(sources, await outlines_apart(list(sources.items())), strict=True))
    words = frozenset(_NAME.findall(told))
    # A file of which no symbol is named is shown if it is small, and for that it needs a line.
    touched = [
        Touched(path, _lines(symbols, words) or frozenset({1}), frozenset()) for path, symbols in outlines.items()
    ]
    found = await look_around(mirror, treeish, touched, _MOST_CHARACTERS)
    return "\n\n".join(note for around in found.values() for note in around.notes)


def _lines(symbols: Sequence[Symbol], words: frozenset[str]) -> frozenset[int]:
    """Where the named symbols stand: of what holds others, such as a class, the head."""
    parents = {each.parent for each in symbols}
    named = [each for each in symbols if each.name in words]
    shown = {each: 1 if each.full_name in parents else _LINES_OF_A_SYMBOL for each in named}
    return frozenset(line for each, most in shown.items() for line in range(each.start, each.end + 1)[:most])
