"""The tests that a change adds, by the names of their functions."""

import re
from collections.abc import Sequence
from pathlib import Path

from app.knowledge.apart import outlines_apart
from app.knowledge.blobs import read_blobs
from app.knowledge.languages import grammar_of
from app.knowledge.outline import MOST_BYTES

_MOST_SOURCE_BYTES = 2_000_000
_MOST_FILES = 50
_MOST_NAMES = 500
_TEST = re.compile(r"(?:test|Test)(?:[A-Z0-9_]\w*)?", re.ASCII)
"""Of Python, Go and others; where a test's name is a sentence in a call, nothing is known of it."""


async def new_tests(mirror: Path, base: str, tree: str, paths: Sequence[str]) -> tuple[str, ...]:
    """Names that `tree` has in the test files at `paths` and `base` has not, each in its class."""
    chosen = [path for path in paths if grammar_of(path) is not None][:_MOST_FILES]
    was, now = frozenset(await _tests(mirror, base, chosen)), await _tests(mirror, tree, chosen)
    names = (name.rpartition(".")[2] for name in now if name not in was)
    return tuple(dict.fromkeys(names))[:_MOST_NAMES]


async def _tests(mirror: Path, treeish: str, paths: Sequence[str]) -> list[str]:
    sources = await read_blobs(mirror, treeish, paths, most_each=MOST_BYTES, most_together=_MOST_SOURCE_BYTES)
    return [
        symbol.full_name
        for symbols in await outlines_apart(list(sources.items()))
        for symbol in symbols
        if symbol.kind in {"function", "method"} and _TEST.fullmatch(symbol.name)
    ]
