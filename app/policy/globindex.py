"""Many globs at once: which of them a path could match at all, so that few are tried. Pure.

Each glob is kept under something that every path it matches has: a whole name, else an ending.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

Index = Mapping[str, tuple[int, ...]]

_WILD = frozenset("*?[")
_ENDING = re.compile(r"\.[^.*?\[\]]+\Z")
_ANY = ""


def index_of(globs: Iterable[str]) -> Index:
    """Positions of the globs by their keys."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for position, glob in enumerate(globs):
        found[_key(glob)].append(position)
    return {key: tuple(positions) for key, positions in found.items()}


def candidates(index: Index, parts: Sequence[str]) -> set[int]:
    """Positions of every glob that may match the path with these parts; the others surely do not."""
    return {position for key in _keys(parts) for position in index.get(key, ())}


def _key(glob: str) -> str:
    """The last whole name in the glob, else an ending such as `.js`; `_ANY` when it has neither."""
    names = glob.strip("/").split("/")[::-1]
    whole = next((name for name in names if _WILD.isdisjoint(name)), None)
    if whole is not None:
        return whole
    endings = (found[0] for name in names if (found := _ENDING.search(name)))
    return next(endings, _ANY)


def _keys(parts: Sequence[str]) -> Iterator[str]:
    """Every key that a glob which matches this path may have; some of them twice."""
    yield _ANY
    yield from parts
    yield from (f".{part.rpartition('.')[2]}" for part in parts if "." in part)
