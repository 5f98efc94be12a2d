"""What a reader of a change wants to know and the diff does not show: what holds each hunk, who uses it, who tests it.

Short on purpose: the more there is to read, the less is found (https://arxiv.org/abs/2603.26130). Reviewers can look
for the rest themselves.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.knowledge.apart import outlines_apart
from app.knowledge.around import enclosing, excerpts, is_seen_whole, whole
from app.knowledge.blobs import read_blobs
from app.knowledge.callers import Use, Uses, find_uses
from app.knowledge.languages import TESTLESS, endings_of, grammar_of, may_name
from app.knowledge.outline import MOST_BYTES
from app.knowledge.symbols import Symbol
from app.policy.testfiles import is_test

_MOST_SOURCE_BYTES = 8_000_000
_MOST_CHARACTERS = 60_000
"""Of all that is told: it is kept in the journal, so that a prompt stays the same to the byte."""
_MOST_FILES = 150
"""More would be read in vain, as what is told of them has no room."""
_MOST_OTHERS = 20
"""Files of no language that is parsed; small ones are shown whole."""
_A_FILE, _A_TEST = 9_000, 3_000
_A_WHOLE_FILE = 6_000
_WHOLE_CHARACTERS = 12_000
"""Of small files that are shown whole: readers looked up most of them one by one (docs/evaluation.md)."""
_MOST_PLACES = 6
_MOST_RELATED = 8
_NAMES_OF_A_FILE = 6
_LINES_OF_A_FILE = 200
"""That a name stands nowhere else can be said only where few lines are left unseen."""


@dataclass(frozen=True)
class Touched:
    """A changed file at the head, by lines counted from 1: those that changed, and those that the diff shows."""

    path: str
    changed: frozenset[int]
    shown: frozenset[int]


@dataclass(frozen=True)
class Around:
    """`notes`: text to show beside a file's hunks. `related`: other changed files that use what it changes.

    `seen_whole`: the diff shows every line of it.
    """

    notes: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    seen_whole: bool = False


@dataclass
class _Room:
    left: int

    def take(self, texts: Sequence[str], most: int) -> tuple[str, ...]:
        """As many as there is room for, and of one file not more than `most` characters."""
        taken: list[str] = []
        of_file = min(most, self.left)
        for text in texts:
            if len(text) <= of_file:
                of_file -= len(text)
                self.left -= len(text)
                taken.append(text)
        return tuple(taken)


async def look_around(
    mirror: Path, head: str, files: Sequence[Touched], most_characters: int | None = None
) -> dict[str, Around]:
    """By path; `files` come in the order of their weight, as there is not room for everything."""
    # A name that is no text could not be kept in the journal.
    named = [each for each in files if each.changed and each.path.isprintable()]
    known = [each for each in named if grammar_of(each.path) is not None][:_MOST_FILES]
    others = [each for each in named if grammar_of(each.path) is None][:_MOST_OTHERS]
    paths = [each.path for each in (*known, *others)]
    sources = await read_blobs(mirror, head, paths, most_each=MOST_BYTES, most_together=_MOST_SOURCE_BYTES)
    wholes = _wholes([each for each in named if each.path in sources], sources)
    code = {each.path: sources[each.path] for each in known if each.path in sources}
    made = await outlines_apart(list(code.items()))
    outlines = dict(zip(code, made, strict=True))
    own = {each.path: enclosing(outlines.get(each.path, ()), each.changed) for each in known}
    uses = await _find_uses(mirror, head, own)
    room = _Room(_MOST_CHARACTERS if most_characters is None else most_characters)
    changed = {each.path for each in files}
    told = {path: Around(room.take([note], _A_WHOLE_FILE)) for path, note in wholes.items()}
    for each in known:
        places = [use for use in uses.found if _is_of(use, own[each.path]) and not _is_inside(use, each.path, own)]
        places = [use for use in places if may_name(each.path, use.path)]
        notes = [] if each.path in wholes else _excerpts(each, outlines.get(each.path, ()), code.get(each.path, b""))
        seen = range(1, code[each.path].count(b"\n") + 2) if each.path in wholes else each.shown
        asked = [] if is_test(each.path) else _asked(each.path, own[each.path])
        notes += [_render_uses(symbol, each.path, places, uses, seen) for symbol in asked]
        related = dict.fromkeys(use.path for use in places if use.path in changed and use.path != each.path)
        shown = told[each.path].notes if each.path in told else ()
        most = _A_TEST if is_test(each.path) else _A_FILE
        # A type and what is implemented for it have one name, and the same is told of each.
        notes_taken = room.take([note for note in dict.fromkeys(notes) if note], most)
        told[each.path] = Around((*shown, *notes_taken), room.take(list(related)[:_MOST_RELATED], most))
    whole_in_diff = [each.path for each in named if is_seen_whole(sources.get(each.path, b""), each.shown)]
    return told | {path: replace(told.get(path, Around()), seen_whole=True) for path in whole_in_diff}


def _wholes(files: Sequence[Touched], sources: Mapping[str, bytes]) -> dict[str, str]:
    """Small files as they are at the head, by path, as many as there is room for."""
    left, taken = _WHOLE_CHARACTERS, {}
    for each in files:
        text = whole(sources[each.path], each.shown)
        note = f"{each.path}, the whole file\n{text}" if text else ""
        if note and len(note) <= min(left, _A_WHOLE_FILE):
            left -= len(note)
            taken[each.path] = note
    return taken


async def _find_uses(mirror: Path, head: str, own: Mapping[str, Sequence[Symbol]]) -> Uses:
    """In files of the languages that could call them. Nobody calls a test."""
    names = [symbol.name for path, symbols in own.items() if not is_test(path) for symbol in _asked(path, symbols)]
    families = {grammar.family for path in own if (grammar := grammar_of(path)) is not None}
    endings = {ending for family in families for ending in endings_of(family)}
    return await find_uses(mirror, head, names, endings, _LINES_OF_A_FILE)


def _asked(path: str, symbols: Sequence[Symbol]) -> Sequence[Symbol]:
    """Without tests that stand in the file itself, as Rust's do: nobody calls them. Elsewhere `test_x` may be used."""
    own = [each for each in symbols if "tests" not in each.full_name.split(".")]
    if path.endswith(".rs"):
        own = [each for each in own if not each.name.startswith("test_")]
    return own[:_NAMES_OF_A_FILE]


def _excerpts(file: Touched, symbols: Sequence[Symbol], source: bytes) -> list[str]:
    return [
        f"{file.path}: {each.symbol.kind} {each.symbol.full_name}, lines {each.symbol.start} to {each.symbol.end}\n"
        f"{each.text}"
        for each in excerpts(symbols, source, file.changed, file.shown)
    ]


def _is_tested(path: str) -> bool:
    grammar = grammar_of(path)
    return grammar is not None and grammar.family not in TESTLESS


def _render_uses(symbol: Symbol, path: str, places: Sequence[Use], uses: Uses, seen: Container[int]) -> str:
    """Empty when nothing is known. That nobody names it is worth a line of what others are meant to use.

    `seen`: lines of the file itself that stand before the reader; they are not told again.
    """
    if symbol.name in uses.skipped or symbol.kind in {"module", "block"}:
        return ""
    mine = [use for use in places if use.name == symbol.name]
    callers, tests = [use for use in mine if not is_test(use.path)], [use for use in mine if is_test(use.path)]
    missed = not _is_private(symbol) and not any(use.path == path for use in callers)
    elsewhere = [use for use in callers if use.path != path or use.line not in seen]
    also = " also" if len(elsewhere) < len(callers) else ""
    told = [f"{symbol.full_name} is{also} named {_at(elsewhere) or 'in no other code'}"] if elsewhere or missed else []
    if tests:
        told.append(f"tests name {'it' if told else symbol.full_name} {_at(tests)}")
    elif missed and _is_tested(path):
        told.append("no test has this name in it")
    return "\n".join(told)


def _is_private(symbol: Symbol) -> bool:
    """By its name, as most languages' people write it; what lies in something private is private, too."""
    return any(part.startswith(("_", "#")) and not part.endswith("__") for part in symbol.full_name.split("."))


def _at(uses: Sequence[Use]) -> str:
    """What looks like a call first."""
    first = sorted(uses, key=lambda use: f"{use.name}(" not in use.text)[:_MOST_PLACES]
    more = [f"  and {len(uses) - len(first)} times more"] if len(uses) > len(first) else []
    return "\n".join(["at", *(f"  {use.path}:{use.line}: {use.text}" for use in first), *more]) if uses else ""


def _is_of(use: Use, symbols: Sequence[Symbol]) -> bool:
    return any(symbol.name == use.name for symbol in symbols)


def _is_inside(use: Use, path: str, own: Mapping[str, Sequence[Symbol]]) -> bool:
    """A function that names itself is not its own caller."""
    return use.path == path and any(
        symbol.name == use.name and symbol.start <= use.line <= symbol.end for symbol in own[path]
    )
