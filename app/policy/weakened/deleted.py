"""Tests that are gone: as files, as functions, as cases of a table. What was moved, renamed or rewritten is not."""

import re
from collections.abc import Iterator, Sequence

from app.policy.changed_text import ChangedText, Line
from app.policy.testfiles import is_named_as_test
from app.policy.weakened.definitions import Definition
from app.policy.weakened.found import Kind, Weakening, weakening
from app.policy.weakened.whole import WORD, TestHunk, Whole, bare

MERGES = re.compile(
    r"parametrize|\.each\b|subTest|ParameterizedTest|@(?:Csv|Value|Method|Enum)Source|#\[(?:case|rstest)|\bt\.Run\("
    r"|\[\]struct|\bfor\b.*\b(?:in|of|range)\b|\.forEach\(|\.each do|@given|fc\.assert|proptest!|quickcheck"
)
"""One test that does the work of several."""
_TABLE = re.compile(
    r"parametrize\(|\.each\(|\[\]struct ?\{|map\[\w+\]struct|@CsvSource|@ValueSource|\bcases\b.*[\[{(]$"
)
_ENTRY = re.compile(r"^(?:[\[({\"'`]|pytest\.param\(|#\[case).*[\])}\"'`],?(?: #.*| //.*)?$")
_MOVED_SHARE = 0.6
_NAMES_TOLD = 5
_BODY_LINES = 300
_CODE_ENDINGS = ("py", "js", "jsx", "ts", "tsx", "go", "rs", "rb", "java", "kt", "mjs", "cjs")


def deleted(whole: Whole) -> Iterator[Weakening]:
    """Tests that were there before the change and are nowhere after it, while what they test is."""
    for file in whole.files:
        if file.status == "removed":
            yield from _of_file(file, [seen for seen in whole.tests if seen.file is file], whole)
        elif file.was is not None and _is_hidden(file.was, file.path):
            yield Weakening(Kind.TEST_DELETED, file.path, 1, file.was, "no test runner finds a file of the new name")
    for seen in whole.tests:
        if seen.file.status != "removed":
            for line, definition, kept in _lost(seen, whole):
                told = f"{definition.name!r} is no longer a test: its lines stayed and its name is gone"
                because = told if kept else f"{definition.name!r} is gone, and nothing took its place"
                yield weakening(Kind.TEST_SKIPPED if kept else Kind.TEST_DELETED, seen.file, line, because)
            yield from _cases(seen, whole)


def _of_file(file: ChangedText, hunks: Sequence[TestHunk], whole: Whole) -> Iterator[Weakening]:
    stem = re.sub(r"(?:^test_|_tests?$|tests?$|_spec$)", "", file.path.rpartition("/")[2].partition(".")[0].lower())
    lost = [] if stem in whole.gone_modules else [each for seen in hunks for each in _lost(seen, whole)]
    if lost:
        names = ", ".join(repr(definition.name) for _, definition, _ in lost[:_NAMES_TOLD])
        more = f" and {len(lost) - _NAMES_TOLD} more" if len(lost) > _NAMES_TOLD else ""
        yield weakening(Kind.TEST_DELETED, file, lost[0][0], f"the file is gone with {names}{more}")


def _lost(seen: TestHunk, whole: Whole) -> Iterator[tuple[Line, Definition, bool]]:
    """Definitions of tests that are nowhere else; True: the body stayed where it was."""
    if any(MERGES.search(line.told) for line in seen.hunk.added):
        return
    for region in seen.hunk.regions:
        own = range(region.start, region.start + len(region.lines))
        gone = [index for index in own if _is_test(seen, index, "-", whole.added_tests)]
        fresh = [index for index in own if _is_test(seen, index, "+", whole.removed_tests)]
        for index in gone if len(fresh) < len(gone) else ():
            body, kept = _body(seen, index)
            if kept or not (_is_elsewhere(body, whole) or _is_due(seen, index, body, whole)):
                yield seen.hunk.lines[index], _defined(seen, index), kept


def _is_test(seen: TestHunk, index: int, sign: str, known: frozenset[str]) -> bool:
    """Whether a test is defined there that is not known from the diff's other side."""
    definition = seen.definitions[index]
    return (
        definition is not None
        and definition.test
        and seen.hunk.lines[index].sign == sign
        and definition.name not in known
    )


def _defined(seen: TestHunk, index: int) -> Definition:
    return seen.definitions[index] or Definition("", test=False)


def _body(seen: TestHunk, index: int) -> tuple[list[Line], bool]:
    """The lines that went with a definition; True when instead of them the first ones stayed."""
    body: list[Line] = []
    depth = seen.hunk.lines[index].indent
    for line in seen.hunk.lines[index + 1 : index + _BODY_LINES]:
        if not line.told or line.sign == "+":
            continue
        if line.indent <= depth and not line.told.startswith((")", "]")):
            break
        if line.sign == " " and not body:
            return [], True
        if line.sign == "-":
            body.append(line)
    return body, False


def _is_elsewhere(body: Sequence[Line], whole: Whole) -> bool:
    telling = [line for line in body if any(char.isalnum() for char in line.told)]
    found = sum(bare(line) in whole.added for line in telling)
    return bool(telling) and found >= _MOVED_SHARE * len(telling)


def _is_due(seen: TestHunk, index: int, body: Sequence[Line], whole: Whole) -> bool:
    """Whether the test speaks of something that the change takes out of the code."""
    words = {word for line in body for word in WORD.findall(line.told)}
    name = _defined(seen, index).name
    return not whole.gone.isdisjoint(
        words | set(name.split()) | {name.removeprefix("test_"), name.removeprefix("Test")}
    )


def _cases(seen: TestHunk, whole: Whole) -> Iterator[Weakening]:
    """Entries that only went, below the head of a table."""
    heads = (index for index, line in enumerate(seen.hunk.lines) if line.sign != "-" and _TABLE.search(line.told))
    head = -1 if _TABLE.search(seen.hunk.heading[:400]) else next(heads, None)
    for region in seen.hunk.regions:
        if head is None or region.start < head or region.added:
            continue
        lost = [line for line in region.removed if bare(line) not in whole.added]
        words = {word for line in lost for word in WORD.findall(line.told)}
        if lost and whole.gone.isdisjoint(words) and all(_ENTRY.match(line.told) for line in region.removed):
            yield weakening(Kind.TEST_DELETED, seen.file, lost[0], f"{len(lost)} of the table's cases are gone")


def _is_hidden(was: str, path: str) -> bool:
    """Whether a test file kept its name in a form that no runner looks for."""
    name, ending = path.rpartition("/")[2], path.rpartition(".")[2]
    stem = was.rpartition("/")[2].partition(".")[0]
    if not is_named_as_test(was) or is_named_as_test(path) or was.endswith("conftest.py"):
        return False
    return ending not in _CODE_ENDINGS or stem in name
