"""What tests expect, rewritten while what they ask stayed the same: maybe to fit the code, maybe for a good reason."""

import re
from collections.abc import Iterator

from app.policy.changed_text import ChangedText, Line
from app.policy.weakened.asserting import is_assertion
from app.policy.weakened.bounds import grew_looser
from app.policy.weakened.found import Kind, Weakening, weakening
from app.policy.weakened.whole import WORD, TestHunk, Whole, bare, is_golden

_LITERAL = re.compile(
    r"""(?x)
      (?:\b[rbuf]{1,2})? (?: "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | `[^`]*` )
    | (?<![\w.])-?\d[\d_]*(?:\.\d+)?(?:e-?\d+)?(?![\w.])
    | \b(?:True|False|None|true|false|null|nil|undefined)\b
    """
)
_BEHIND = re.compile(
    r"""(?x)
      \bassert\b.*(?:==|\bis)\s | \bassert_?(?:Equals?|equal|eq!|Is|That)\(.*, | \bassert_equal\b
    | \.to(?:Be|Equal|StrictEqual|HaveLength|HaveBeenCalledTimes)\( | \.(?:isEqualTo|hasSize)\(
    | \.to\s+(?:eq|eql|equal)\b | \.to\.(?:deep\.)?equal\(
    | \b(?:assert|require)\.(?:Equal|Len|strictEqual|equal|deepEqual)\(
    | \b(?:want|expected|exp|wanted)\w*"?\s*(?::=|=|:)\s*$
    """
)
_FLIPS = (
    ("assertTrue(", "assertFalse("),
    ("assert ", "assert not "),
    (".toBeTruthy(", ".toBeFalsy("),
    ("assert.True(", "assert.False("),
    ("require.True(", "require.False("),
    ("be_truthy", "be_falsey"),
    (".isTrue(", ".isFalse("),
    (".toThrow(", ".not.toThrow("),
)
_EQUALS = re.compile(r"==|\bis\b|[eE]qual|toBe|toHave|\beql?\b|assert_eq!|hasSize|\bLen\(|(?:want|exp)\w*\"?\s*[:=]")


def rewritten(whole: Whole) -> Iterator[Weakening]:
    """Expected values, and files of them."""
    for seen in whole.tests:
        if seen.file.status not in {"added", "removed"}:
            yield from _values(seen, whole)
    if not whole.changes_code and not any(not is_golden(seen.file.path) for seen in whole.tests):
        yield from (each for file in whole.files for each in _golden(file))


def _golden(file: ChangedText) -> Iterator[Weakening]:
    if is_golden(file.path) and file.removed and file.added:
        because = "what tests compare with was rewritten, and no code or test that makes it was changed"
        yield weakening(Kind.SNAPSHOT_REWRITTEN, file, file.added[0], because)


def _values(seen: TestHunk, whole: Whole) -> Iterator[Weakening]:
    """Only where nothing else is changed nearby: with other inputs other results are due."""
    changed = (*seen.hunk.removed, *seen.hunk.added)
    if not all(_tells_expected(line) for line in changed if line.told):
        return
    for region in seen.hunk.regions:
        if len(region.removed) != len(region.added):
            continue
        for old, new in zip(region.removed, region.added, strict=True):
            if bare(new) in whole.removed or grew_looser(old.told, new.told) is not None:
                continue
            if _differs_in_value(old, new) and not _is_in_code(old, new, whole):
                said = "the code says nothing of the new value" if whole.changes_code else "no code is changed"
                because = f"it was `{old.told[:120]}`, and {said}"
                yield weakening(Kind.EXPECTATION_CHANGED, seen.file, new, because)


def _tells_expected(line: Line) -> bool:
    return is_assertion(line.told) or bool(re.match(r"\"?(?:want|exp)\w*\"? ?[:=]", line.told))


def _differs_in_value(old: Line, new: Line) -> bool:
    """Whether the same is asked of the same, and only the value that must come is another one."""
    if any({old.told, new.told} == {old.told, _flipped(old.told, *pair)} for pair in _FLIPS if old.told != new.told):
        return True
    if _LITERAL.sub("#", old.told) != _LITERAL.sub("#", new.told) or not _EQUALS.search(new.told):
        return False
    pairs = list(zip(_LITERAL.finditer(old.told), _LITERAL.finditer(new.told), strict=False))
    differing = [now for was, now in pairs if was[0] != now[0]]
    return bool(differing) and all(_is_expected(new.told, each) for each in differing)


def _flipped(told: str, plain: str, negated: str) -> str:
    return told.replace(negated, plain, 1) if negated in told else told.replace(plain, negated, 1)


def _is_expected(told: str, value: re.Match[str]) -> bool:
    """Whether a value stands where a result is named, and not within the call that is asked."""
    before = told[: value.start()]
    if re.search(r"\b(?:assert_?(?:Equals?|equal|eq!)|(?:assert|require)\.\w+)\(?[^(]*$", before):
        return True  # an argument of the assertion itself, on either side
    found = list(_BEHIND.finditer(before))
    return bool(found) and before[found[-1].end() :].count("(") <= before[found[-1].end() :].count(")")


def _is_in_code(old: Line, new: Line, whole: Whole) -> bool:
    """Whether the change writes the new value into the code as well: then the test follows it."""
    fresh = {word.replace("_", "") if word[0].isdigit() else word for word in WORD.findall(new.told)}
    fresh -= set(WORD.findall(old.told))
    return bool(fresh) and fresh <= whole.code_words
