"""Assertions that are gone, or that ask for less than the ones whose place they took."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from app.policy.changed_text import Line, Region
from app.policy.weakened.asserting import Strength, is_assertion, read_assertion, words_of
from app.policy.weakened.bounds import grew_looser
from app.policy.weakened.deleted import MERGES
from app.policy.weakened.found import Kind, Weakening, weakening
from app.policy.weakened.whole import WORD, TestHunk, Whole, bare

_FALSY = re.compile(r"(?:==|is|,|\() ?(?:0|None|False|false|null|nil|\[\]|\{\}|\(\)|\"\"|'')\s*[),;]*(?:\s|$)")
_NAMES_LIKE = 0.5
"""Share of the old assertion's names that the new one must have to be of the same thing."""
_WINDOW = 6
_NEAR = 30
_CAUGHT = re.compile(
    r"except\b.*:|(?:\} )?catch\b.*\{|rescue\b|contextlib\.suppress\(|with (?:contextlib\.)?suppress\("
)
_NOTHING_DONE = re.compile(
    r"(?:pass|\.\.\.|return|continue|end|\}|\} ?\)?;?|nil|(?:#|//).*|print\(.*|console\.\w+\(.*)?$"
)


def loosened(whole: Whole) -> Iterator[Weakening]:
    """By hunk, since what replaces an assertion stands near to it."""
    for seen in whole.tests:
        if seen.file.status in {"added", "removed"}:
            continue
        yield from _swallowed(seen)
        fresh = [line for line in seen.hunk.added if is_assertion(line.told) and bare(line) not in whole.removed]
        handed = _handed_over(seen, whole)
        lost = [line for line in _lost(seen, whole) if line not in handed]
        pairs = list(_pairs(seen.hunk.regions, set(lost), set(fresh)))
        for old, new in pairs:
            because = _why_looser(old, new)
            if because is not None:
                yield weakening(Kind.ASSERTION_LOOSENED, seen.file, new, because)
        paired = {old for old, _ in pairs}
        left = [line for line in lost if line not in paired]
        yield from _gone(seen, left, paired, fresh)


def _lost(seen: TestHunk, whole: Whole) -> list[Line]:
    """Assertions that the change took from tests that it left, and put nowhere else."""
    in_place = any(
        line.sign == "+" and definition is not None and definition.test and ".todo(" not in line.told
        for line, definition in zip(seen.hunk.lines, seen.definitions, strict=True)
    )
    return [
        line
        for index, line in enumerate(seen.hunk.lines)
        if line.sign == "-"
        and is_assertion(line.told)
        and bare(line) not in whole.added
        and whole.gone.isdisjoint(WORD.findall(line.told))
        and (in_place or not _is_taken_along(seen, index))
    ]


def _is_taken_along(seen: TestHunk, index: int) -> bool:
    """Whether the whole test went, which is told of once."""
    owner = seen.owner_of(index)
    return owner is not None and owner[0].sign == "-"


def _handed_over(seen: TestHunk, whole: Whole) -> set[Line]:
    """Assertions in whose place a function is called that the change adds, or that became a part of another line."""
    found = set[Line]()
    for region in seen.hunk.regions:
        if any(not whole.helpers.isdisjoint(WORD.findall(line.told)) for line in region.added):
            found.update(region.removed)
        else:
            near = "\n".join(line.told for line in region.added[:_NEAR] if not line.told.startswith("#"))
            found.update(
                line for line in region.removed if _core(line) and _core(line) in near and "assert" not in near
            )
    return found


def _core(line: Line) -> str:
    return line.told.removeprefix("assert ") if line.told.startswith("assert ") else ""


def _pairs(regions: Sequence[Region], lost: set[Line], fresh: set[Line]) -> Iterator[tuple[Line, Line]]:
    """Each lost assertion with the next one that is of the same thing; two that stand alone are a pair anyway."""
    for region in regions:
        old = [line for line in region.removed if line in lost]
        new = [line for line in region.added if line in fresh]
        if len(old) == len(new) == 1:
            yield old[0], new[0]
            continue
        coming = iter(new)
        near = list(islice(coming, _WINDOW))
        for line in old:
            match = next((each for each in near if _is_of_same(line, each)), None)
            if match is not None:
                near.remove(match)
                near.extend(islice(coming, 1))
                yield line, match


def _is_of_same(old: Line, new: Line) -> bool:
    words = words_of(old.told)
    return bool(words) and len(words & words_of(new.told)) >= _NAMES_LIKE * len(words)


def _why_looser(old: Line, new: Line) -> str | None:
    before, after = read_assertion(old.told), read_assertion(new.told)
    if after.strength == Strength.NOTHING and before.strength != Strength.NOTHING:
        return f"it holds whatever the code does; before it was `{old.told[:120]}`"
    looser = grew_looser(old.told, new.told)
    if looser is not None:
        return looser
    if before.strength is None or after.strength is None or after.strength >= before.strength:
        return None
    if not _is_of_same(old, new) or _asks_the_same(old, new):
        return None
    return f"it asks for less than `{old.told[:120]}`, whose place it took"


def _asks_the_same(old: Line, new: Line) -> bool:
    """What was compared with nothing may be asked for its falsehood; a helper may be given both sides."""
    if _FALSY.search(old.told) and re.search(r"\bnot\b|False|Falsy|[eE]mpty|None|[nN]il|Null|!", new.told):
        return True
    if read_assertion(new.told).strength != Strength.TRUTH:
        return False
    values = {word for word in WORD.findall(old.told) if word[0].isdigit()} | words_of(old.told)
    return len(values) > 1 and values <= set(WORD.findall(new.told)) and "(" in new.told


def _gone(seen: TestHunk, left: Sequence[Line], paired: set[Line], fresh: Sequence[Line]) -> Iterator[Weakening]:
    """Assertions without another in their place: not those that fewer lines, a loop or a table now make."""
    spare = len(fresh) - len(paired)
    if not left or spare >= len(left) or any(MERGES.search(line.told) for line in seen.hunk.added):
        return
    known = {word for line in paired for word in words_of(line.told)}
    said = {word for line in fresh for word in words_of(line.told)}
    missing = [line for line in left if not _is_merged(words_of(line.told), known, said, spare)]
    if missing:
        more = f", and {len(missing) - 1} more near it" if len(missing) > 1 else ""
        because = f"nothing near it asserts this any more{more}"
        yield weakening(Kind.ASSERTION_REMOVED, seen.file, missing[0], because)


def _is_merged(words: frozenset[str], known: set[str], said: set[str], spare: int) -> bool:
    """Whether a new assertion has the names that tell this one from those that were replaced."""
    if spare > 0:
        return len(words & said) >= _NAMES_LIKE * len(words)
    return not words <= known and words - known <= said


def _swallowed(seen: TestHunk) -> Iterator[Weakening]:
    """Lines that were set in further, below a `try` whose failures are dropped."""
    before = {line.told: line.indent for line in seen.hunk.removed if line.told}
    wrapped = [line for line in seen.hunk.added if before.get(line.told, line.indent) < line.indent]
    if not any(is_assertion(line.told) for line in wrapped):
        return
    for line, after in zip(seen.hunk.added, (*seen.hunk.added[1:], Line(0, "")), strict=True):
        if _CAUGHT.match(line.told) and (_NOTHING_DONE.match(after.told) or "suppress(" in line.told):
            yield weakening(Kind.ASSERTION_LOOSENED, seen.file, line, "failures of what stands within it are dropped")
            return
