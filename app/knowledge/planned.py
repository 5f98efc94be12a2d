"""What the code holds at the places that plans name, for those who judge the plans without tools."""

import re
from collections.abc import Sequence
from pathlib import Path

from app.knowledge.apart import outlines_apart
from app.knowledge.blobs import read_blobs
from app.knowledge.context import Touched, look_around
from app.knowledge.languages import grammar_of
from app.knowledge.outline import MOST_BYTES
from app.policy.testfiles import is_test

_MOST_CHARACTERS = 16_000
"""About 4,000 tokens, which the voters after the first read from the cache."""
_MOST_SOURCE_BYTES = 2_000_000
_MOST_FILES = 20
_NAME = re.compile(r"[A-Za-z_$][\w$]+")


async def show_planned(mirror: Path, treeish: str, paths: Sequence[str], told: str) -> str:
    """`paths`: the files of the plans; `told`: their words, which say what in these files is meant.

    Code as it is before any change, with who uses it, lines numbered; empty where the plans name no code that is there.
    """
    code = [path for path in dict.fromkeys(paths) if grammar_of(path) is not None and not is_test(path)][:_MOST_FILES]
    sources = await read_blobs(mirror, treeish, code, most_each=MOST_BYTES, most_together=_MOST_SOURCE_BYTES)
    outlines = dict(zip(sources, await outlines_apart(list(sources.items())), strict=True))
    words = frozenset(_NAME.findall(told))
    touched = []
    for path, symbols in outlines.items():
        # A file of which no symbol is named is shown if it is small, and for that it needs a line.
        named = frozenset(each.start for each in symbols if each.name in words) or frozenset({1})
        touched.append(Touched(path, named, frozenset()))
    found = await look_around(mirror, treeish, touched, _MOST_CHARACTERS)
    return "\n\n".join(note for around in found.values() for note in around.notes)
