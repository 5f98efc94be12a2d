"""Tests that are still there and run no more. A new test that is skipped weakens nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.policy.changed_text import Line
from app.policy.weakened.definitions import Definition, family_of
from app.policy.weakened.found import Kind, Weakening, weakening
from app.policy.weakened.whole import TestHunk, Whole, bare

_ABOVE = re.compile(
    r"@(?:pytest\.)?mark\.(?:skip|skipif|xfail)\b|@(?:unittest\.)?(?:skip|skipIf|skipUnless|expectedFailure)\b"
    r"|@(?:Disabled(?:On|If|For)?\w*|Ignore)\b|#\[(?:ignore\b|cfg_attr\(.*\bignore\b)"
)
"""Marks on the line above a test. https://docs.pytest.org/en/stable/how-to/skipping.html,
https://docs.python.org/3/library/unittest.html#skipping-tests-and-expected-failures,
https://junit.org/junit5/docs/current/user-guide/#writing-tests-disabling,
https://doc.rust-lang.org/reference/attributes/testing.html#the-ignore-attribute."""
_RETRIED = re.compile(r"@(?:pytest\.mark\.)?(?:flaky|retry)\b|@(?:RetryingTest|RepeatedIfExceptionsTest)\b")
_INSIDE = {
    "python": re.compile(
        r"(?:return )?(?:pytest\.(?:skip|xfail|importorskip)|self\.skipTest)\(|raise (?:unittest\.|pytest\.)?[sS]kip"
        r"|pytestmark = .*mark\.(?:skip|xfail)|__test__ = False|collect_ignore(?:_glob)? = \["
    ),
    "go": re.compile(r"[tb]\.Skip(?:f|Now)?\("),
    "script": re.compile(r"(?:return )?this\.skip\(\)"),
    "ruby": re.compile(r"""(?:skip|pending)(?:$|\(|[ (]["'])"""),
    "jvm": re.compile(r"(?:Assumptions?\.)?assumeTrue\(false"),
}
_TITLED = re.compile(
    r"""(?:it|test|describe|context|suite|specify)\.(?:concurrent\.)?(?:skip|todo|fixme|fails|failing|skipIf)\b"""
    r"""|x(?:it|test|describe|context|specify|example)\b|pending[ (]["']"""
    r"""|.*,\s*(?:skip|pending)(?:: |:\s?true| =>)|.*, :(?:skip|pending)\b"""
)
_ONLY = re.compile(
    r"(?:it|test|describe|context|suite|specify)\.only\b|f(?:it|test|describe|context|specify)[ (]"
    r"|.*,\s*:?focus(?:: true|\b.* do$)"
)
_TITLE = re.compile(r"""["'`]([^"'`]+)["'`]""")
_CASE = re.compile(r"pytest\.param\(.*marks ?=.*\b(?:skip|skipif|xfail)\b")
_NO_SKIP = "what ran before is skipped now"
_REACH = 12
"""Lines between a mark and the definition that it stands on."""


@dataclass(frozen=True)
class _Before:
    """What the removed lines of all tests name."""

    titles: frozenset[str]
    skipped: frozenset[str]
    cases: frozenset[str]


def skipped(whole: Whole) -> Iterator[Weakening]:
    """Marks and calls that keep a test from running, or from counting, which ran and counted before."""
    removed = [line for seen in whole.tests for line in seen.hunk.removed]
    before = _Before(
        frozenset(title for line in removed for title in _titles(line)),
        frozenset(title for line in removed if _TITLED.match(line.told) for title in _titles(line)),
        frozenset(_case(line) for line in removed),
    )
    for seen in whole.tests:
        if seen.file.status == "added":
            continue
        for index, line in enumerate(seen.hunk.lines):
            if line.sign == "+" and bare(line) not in whole.removed:
                yield from _on(seen, index, before, whole)


def _on(seen: TestHunk, index: int, before: _Before, whole: Whole) -> Iterator[Weakening]:
    line, family = seen.hunk.lines[index], family_of(seen.file.path) or ""
    inside = _INSIDE.get(family)
    if _ABOVE.match(line.told) and _stands_on_old(seen, index, whole):
        yield weakening(Kind.TEST_SKIPPED, seen.file, line, _NO_SKIP)
    elif _RETRIED.match(line.told) and _stands_on_old(seen, index, whole):
        yield weakening(Kind.THRESHOLD_LOWERED, seen.file, line, "a test that fails now and then passes with it")
    elif inside is not None and inside.match(line.told) and _is_old(seen.owner_of(index), whole):
        yield weakening(Kind.TEST_SKIPPED, seen.file, line, _NO_SKIP)
    elif _CASE.match(line.told) and _case(line) in before.cases:
        yield weakening(Kind.TEST_SKIPPED, seen.file, line, "a case that ran before is skipped now")
    elif family in {"script", "ruby"}:
        yield from _titled(seen, line, before)


def _titled(seen: TestHunk, line: Line, before: _Before) -> Iterator[Weakening]:
    """Where a test is a call that is given its title."""
    titles = _titles(line)
    if _TITLED.match(line.told) and titles & before.titles and not titles & before.skipped:
        yield weakening(Kind.TEST_SKIPPED, seen.file, line, _NO_SKIP)
    elif _ONLY.match(line.told) and titles:
        yield weakening(Kind.TESTS_NARROWED, seen.file, line, "all tests beside this one run no more")


def _stands_on_old(seen: TestHunk, index: int, whole: Whole) -> bool:
    """Whether the first definition below a mark was there before, and had no such mark."""
    for at in range(index + 1, min(index + _REACH, len(seen.hunk.lines))):
        line, definition = seen.hunk.lines[at], seen.definitions[at]
        if line.sign != "-" and definition is not None:
            return _is_old((line, definition), whole) and not _had_mark(seen, index, at)
    return False


def _had_mark(seen: TestHunk, start: int, end: int) -> bool:
    """A mark that is exchanged for another one."""
    near = seen.hunk.lines[max(0, start - 3) : end]
    return any(line.sign == "-" and (_ABOVE.match(line.told) or _RETRIED.match(line.told)) for line in near)


def _is_old(owner: tuple[Line, Definition] | None, whole: Whole) -> bool:
    """What has no owner in sight belongs to one that stayed; a definition that was only edited is an old one."""
    if owner is None:
        return True
    line, definition = owner
    return line.sign == " " or definition.name in whole.removed_tests


def _titles(line: Line) -> frozenset[str]:
    return frozenset(title for title in _TITLE.findall(line.told) if len(title) > 1)


def _case(line: Line) -> str:
    """The values of a table's entry, without what is said about them."""
    return re.sub(r",? ?(?:marks|id) ?=.*", "", line.told.removeprefix("pytest.param")).strip("(), ")
