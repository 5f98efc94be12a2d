"""A map of a repository for somebody who has an issue in hand: what lies where, and what the likeliest files define.

Short on purpose, as all of it is paid for at every turn.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from app.knowledge.apart import outlines_apart
from app.knowledge.blobs import read_blobs
from app.knowledge.callers import find_uses
from app.knowledge.languages import endings_of, grammar_of
from app.knowledge.named import named_files
from app.knowledge.outline import MOST_BYTES
from app.knowledge.symbols import Symbol
from app.policy.testfiles import is_test

MOST_CHARACTERS = 8_000
"""About 2,000 tokens."""
_FOR_NAMES = 4_000
_MOST_OUTLINED = 30
_MOST_SOURCE_BYTES = 2_000_000
_MOST_FOLDERS = 60
_MOST_SYMBOLS = (70, 25, 25, 10)
"""Of the likeliest file, the next ones, and all after them; what the issue names comes first."""
_MOST_WORDS = 40
_MOST_DEFINING = 5
"""Files; what more of them define, such as `get`, tells nothing of where."""
_MOST_USING = 5
"""Files that only use what the issue names, where others are or define it."""
_WORD = re.compile(r"[A-Za-z_$][\w$]{2,}")
_NAME = re.compile(r"[A-Za-z_$][\w$]+")
"""In what is surely code a name can be as short as `In`."""
_CALLED = re.compile(r"(?<![\w$])([A-Za-z_$][\w$]+)\(")
_TELLING = re.compile(r"\w_\w|[a-z0-9][A-Z]|[A-Z]{2}[a-z]")
"""Names of code rather than words: `snake_case`, `camelCase`, `HTTPServer`."""
_QUOTED = re.compile(r"`([^`\n]{1,200})`")
_PATH, _BASENAME, _SYMBOL, _USE, _STEM, _PART = 100, 60, 50, 8, 15, 5
_STUBS = (".pyi", ".d.ts", ".rbi")
_EXACT = 50
"""From here on a file is what the issue is about: it is named, is the module that is named, or defines what is."""


async def map_repository(mirror: Path, treeish: str, names: Sequence[str], about: str) -> str:
    """`names`: the files of the tree. `about`: the issue, whose words say which of them are likely to be touched."""
    readable = [name for name in names if name.isprintable()]
    listed = _render_names(readable)
    words = _names_in(about)
    scores = await _score(mirror, treeish, readable, about, words)
    likely = [path for path, _ in scores.most_common(_MOST_OUTLINED)]
    sources = await read_blobs(mirror, treeish, likely, most_each=MOST_BYTES, most_together=_MOST_SOURCE_BYTES)
    outlines = dict(zip(sources, await outlines_apart(list(sources.items())), strict=True))
    named = {path: {each.name for each in symbols} & words for path, symbols in outlines.items()}
    defining = Counter(name for found in named.values() for name in found)
    for path, found in named.items():
        scores[path] += sum(_SYMBOL if defining[name] <= _MOST_DEFINING else _USE for name in found)
    ranked = _ranked([path for path in outlines if outlines[path]], scores)
    defined = _render_symbols(ranked, outlines, words, MOST_CHARACTERS - len(listed))
    return f"{listed}\n\nWhat the likeliest files define, by line:\n\n{defined}" if defined else listed


def _ranked(paths: Sequence[str], scores: Mapping[str, int]) -> list[str]:
    """Code before tests and stubs, the likeliest first; where the issue tells what it is about, little else."""
    found = sorted(paths, key=lambda path: (_is_beside(path), -scores[path], path))
    exact = [path for path in found if scores[path] >= _EXACT]
    if all(map(_is_beside, exact)):
        return found
    using = [path for path in found if _USE // 2 <= scores[path] < _EXACT]
    chosen = {*exact, *using[:_MOST_USING]}
    return [path for path in found if path in chosen]


def _is_beside(path: str) -> bool:
    """A test, or a stub of types: it names what is defined elsewhere."""
    return is_test(path) or path.endswith(_STUBS)


def _names_in(about: str) -> frozenset[str]:
    """What the issue calls by the names of code: those in backticks or called, and those that look like it."""
    quoted = [name for span in _QUOTED.findall(about) for name in _NAME.findall(span)]
    looking = [name for name in _WORD.findall(about) if _TELLING.search(name)]
    return frozenset(list(dict.fromkeys([*quoted, *_CALLED.findall(about), *looking]))[:_MOST_WORDS])


async def _score(mirror: Path, treeish: str, names: Sequence[str], about: str, words: frozenset[str]) -> "Counter[str]":
    known = [name for name in names if grammar_of(name) is not None]
    said = {word.casefold() for word in _WORD.findall(about)}
    named = frozenset(named_files(about, names))
    scores = Counter({name: score for name in known if (score := _by_name(name, about, said, named))})
    families = {grammar.family for name in known if (grammar := grammar_of(name)) is not None}
    endings = {ending for family in families for ending in endings_of(family)}
    if words and endings:
        uses = await find_uses(mirror, treeish, sorted(words), endings)
        for path, _name in {(use.path, use.name) for use in uses.found}:
            scores[path] += _USE // 2 if is_test(path) else _USE
    if len(known) <= _MOST_OUTLINED:
        scores.update(dict.fromkeys(known, 0))  # a small project is outlined whole
    return scores


def _by_name(path: str, about: str, said: set[str], named: frozenset[str]) -> int:
    place = PurePosixPath(path)
    if path in named:
        return _PATH
    if place.name in about and re.search(rf"(?<![\w./-]){re.escape(place.name)}(?![\w-])", about):
        return _BASENAME
    score = _STEM if place.stem.casefold() in said else 0
    score += sum(_PART for part in place.parts[:-1] if len(part) > 3 and part.casefold() in said)  # noqa: PLR2004
    return score // 2 if is_test(path) else score


def _render_names(names: Sequence[str]) -> str:
    """Every file where that has room; else the folders with how many files they hold, and what lies at the root."""
    whole = "\n".join(names)
    if len(whole) <= _FOR_NAMES:
        return whole
    folders: Counter[str] = Counter()
    for name in names:
        parts = name.split("/")
        folders["/".join(parts[:2] if len(parts) > 2 else parts[:1]) + "/"] += len(parts) > 1  # noqa: PLR2004
    at_root = [name for name in names if "/" not in name]
    most = sorted(folder for folder, count in folders.most_common(_MOST_FOLDERS) if count)
    lines = [*(f"{folder} ({folders[folder]} files)" for folder in most), *at_root]
    return _fitting([f"{len(names)} files, in folders:", *lines], _FOR_NAMES)


def _render_symbols(
    ranked: Sequence[str], outlines: Mapping[str, tuple[Symbol, ...]], words: frozenset[str], room: int
) -> str:
    """What is at the top of each file, and first whatever the issue names, with what such a class holds."""
    blocks = []
    for place, path in enumerate(ranked):
        most = _MOST_SYMBOLS[min(place, len(_MOST_SYMBOLS) - 1)]
        named = [each for each in outlines[path] if each.name in words]
        classes = {each.full_name for each in named if each.kind == "class"}
        inside = [each for each in outlines[path] if each.parent in classes]
        top = [each for each in outlines[path] if each.parent is None]
        wanted = list(dict.fromkeys([*named, *inside, *top]))[:most]
        held = [one for each in wanted for one in (*_holding(each, outlines[path]), each)]
        shown = sorted(list(dict.fromkeys(held))[:most], key=lambda each: each.start)
        block = "\n".join([path, *(f"  {each.start}: {each.kind} {each.full_name}" for each in shown)])
        room -= len(block) + 1
        if room < 0:
            break
        blocks.append(block)
    return "\n".join(blocks)


def _holding(symbol: Symbol, symbols: Sequence[Symbol]) -> list[Symbol]:
    """The classes that it stands in: their methods alone would not say that they are there."""
    around = [
        each for each in symbols if each.start <= symbol.start and symbol.end <= each.end and each.kind == "class"
    ]
    return [each for each in around if f"{symbol.full_name}.".startswith(f"{each.full_name}.") and each != symbol]


def _fitting(lines: Sequence[str], room: int) -> str:
    kept = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            kept.append("…")
            break
        kept.append(line)
    return "\n".join(kept)
