"""What the code holds at the places that plans name, for those who judge the plans without tools."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.knowledge.apart import outlines_apart
from app.knowledge.around import render_lines
from app.knowledge.blobs import read_blobs
from app.knowledge.context import Touched, look_around
from app.knowledge.languages import grammar_of
from app.knowledge.outline import MOST_BYTES
from app.knowledge.symbols import Symbol
from app.policy.testfiles import is_test

_MOST_CHARACTERS = 20_000
"""About 5,000 tokens, which the voters after the first read from the cache."""
_FOR_USES = 2_500
_MOST_SOURCE_BYTES = 2_000_000
_MOST_FILES = 20
_LINES_OF_A_SYMBOL = 80
_SMALL_FILE_LINES = 150
_LINES_OF_A_HEAD = 8
_LINES_OF_A_CONSTRUCTOR = 15
_CONSTRUCTORS = frozenset({"__init__", "constructor", "initialize", "new"})
_LINES_OF_A_VALUE = 20
_NUMBER_CHARACTERS = 9
_ASSIGNS = re.compile(r"[ \t]{0,4}(?:[a-z]+[ \t]+){0,3}(?P<name>[A-Za-z_$][\w$]*)[ \t]*(?::[^=\n]{1,80})?=(?![=>])")
"""At the top or, as in a module of JavaScript, one level below it."""
_WORD = re.compile(r"[A-Za-z_$][\w$]+")
_LIKE_CODE = re.compile(
    r"[A-Za-z_$][\w$]*(?:_[\w$]*|[a-z0-9][A-Z][\w$]*)|(?<=\.)[A-Za-z_$][\w$]+|[A-Za-z_$][\w$]+(?=\(|\.[A-Za-z_])"
)
_SPAN = re.compile(r"`[^`\n]{1,200}`")
_PATH = re.compile(r"\S*/\S*|\S+\.[a-z]{1,4}\b(?!\()")
"""A part of a path names no function."""

_Piece = tuple[str, frozenset[int]]


@dataclass(frozen=True)
class _Words:
    """How often names stand in the plans: `code` counts those that look like one, `plain` every word."""

    code: Counter[str]
    plain: Counter[str]

    def named(self, symbols: Sequence[Symbol]) -> list[Symbol]:
        """Plain words such as `get` count only where nothing else does, and of classes."""
        found = [each for each in symbols if self.code[each.name] or (each.kind == "class" and self.plain[each.name])]
        return found or [each for each in symbols if self.plain[each.name]]


async def show_planned(mirror: Path, treeish: str, paths: Sequence[str], told: str) -> str:
    """`paths`: the files of the plans; `told`: their words, which say what in these files is meant.

    Code as it is before any change, lines numbered, each line once, with who uses it; empty where the plans name no
    code that is there.
    """
    code = [path for path in dict.fromkeys(paths) if grammar_of(path) is not None and not is_test(path)][:_MOST_FILES]
    sources = await read_blobs(mirror, treeish, code, most_each=MOST_BYTES, most_together=_MOST_SOURCE_BYTES)
    outlines = dict(zip(sources, await outlines_apart(list(sources.items())), strict=True))
    words, lines = _words(told), {path: source.removesuffix(b"\n").split(b"\n") for path, source in sources.items()}
    shown = _choose(_pieces(outlines, lines, words), lines)
    texts = [
        f"{path}, {_how_much(lines[path], shown[path])}\n{render_lines(lines[path], sorted(shown[path]))}"
        for path in shown
    ]
    touched = [
        Touched(path, frozenset(each.start for each in words.named(symbols)), frozenset(range(1, len(lines[path]) + 1)))
        for path, symbols in outlines.items()
    ]
    room = max(_FOR_USES, _MOST_CHARACTERS - sum(map(len, texts)))
    found = await look_around(mirror, treeish, touched, room)
    return "\n\n".join([*texts, *(note for around in found.values() for note in around.notes)])


def _words(told: str) -> _Words:
    spans = _SPAN.findall(told)
    plain = _PATH.sub(" ", told)
    code = Counter(_WORD.findall(" ".join(spans)))
    code.update(_LIKE_CODE.findall(_SPAN.sub(" ", plain)))
    return _Words(code, Counter(_WORD.findall(plain)))


def _how_much(lines: Sequence[bytes], shown: frozenset[int]) -> str:
    return "the whole file" if len(shown) == len(lines) else "what the plans name"


def _pieces(
    outlines: Mapping[str, Sequence[Symbol]], lines: Mapping[str, Sequence[bytes]], words: _Words
) -> Iterator[_Piece]:
    """What is to be shown, the weightiest first: heads of classes, functions, small files, the classes as a whole."""
    named = {path: words.named(symbols) for path, symbols in outlines.items()}
    for path, symbols in named.items():
        for each in symbols:
            members = [other for other in outlines[path] if other.parent == each.full_name]
            if members:
                yield path, _head(each, members, lines[path])
    for path, symbols in named.items():
        for each in symbols:
            if not any(other.parent == each.full_name for other in outlines[path]):
                yield path, frozenset(range(each.start, each.end + 1)[:_LINES_OF_A_SYMBOL])
    small = [path for path in outlines if len(lines[path]) <= _SMALL_FILE_LINES]
    yield from ((path, frozenset(range(1, len(lines[path]) + 1))) for path in small)
    yield from ((path, held) for path in outlines for held in _assigned(lines[path], words))
    classes = [(path, each) for path, symbols in named.items() for each in symbols if each.kind == "class"]
    for path, each in sorted(classes, key=lambda one: -words.plain[one[1].name]):
        yield path, frozenset(range(each.start, each.end + 1))


def _assigned(lines: Sequence[bytes], words: _Words) -> Iterator[frozenset[int]]:
    """Values at the top of a file that plans name, such as a table of expressions: to the line where they end."""
    for number, line in enumerate(lines, start=1):
        found = _ASSIGNS.match(line.decode("utf-8", "replace"))
        if found is None or not words.code[found["name"]]:
            continue
        depth = len(line) - len(line.lstrip())
        held = [number]
        for after, text in enumerate(lines[number : number + _LINES_OF_A_VALUE], start=number + 1):
            inside = len(text) - len(text.lstrip()) > depth
            if not inside and not text.lstrip().startswith((b")", b"]", b"}")):
                break
            held.append(after)
            if not inside:
                break
        yield frozenset(held)


def _head(symbol: Symbol, members: Sequence[Symbol], lines: Sequence[bytes]) -> frozenset[int]:
    """The first lines of a class, how an object of it is made, and of all else in it the line that has the name."""
    first = min(each.start for each in members)
    shown = set(range(symbol.start, max(first, symbol.start + 1))[:_LINES_OF_A_HEAD])
    for each in members:
        if each.name in _CONSTRUCTORS and each.end - each.start < _LINES_OF_A_CONSTRUCTOR:
            shown |= set(range(each.start, each.end + 1))
        else:
            shown.add(_naming(each, lines))
    return frozenset(shown)


def _naming(symbol: Symbol, lines: Sequence[bytes]) -> int:
    """Decorators stand before it."""
    every = range(symbol.start, min(symbol.end, len(lines)) + 1)
    return next((number for number in every if symbol.name.encode() in lines[number - 1]), symbol.start)


def _choose(pieces: Iterator[_Piece], lines: Mapping[str, Sequence[bytes]]) -> dict[str, frozenset[int]]:
    """As many as there is room for; what is too long is passed over."""
    chosen: dict[str, frozenset[int]] = {}
    room = _MOST_CHARACTERS - _FOR_USES
    for path, wanted in pieces:
        more = {line for line in wanted - chosen.get(path, frozenset()) if line <= len(lines[path])}
        size = sum(len(lines[path][line - 1]) + _NUMBER_CHARACTERS for line in more)
        if more and size <= room:
            room -= size
            chosen[path] = chosen.get(path, frozenset()) | more
    return chosen
