"""Failing tests told apart from their parts, and from new ones that do not fail. Pure."""

import re
from collections.abc import Iterable, Sequence

from app.policy.testlogs.unit import Unit

_PART = re.compile(
    r"""
      (?P<unittest>\S+\ \([\w.]+\))\ [\[(].*                        # test_a (t.T.test_a) [message] (x=1)
    | (?P<pytest>\S+?\.py::[^\[\s(]+(?:\[.*?\])?)\ ?\(.*\)          # t.py::test_a(x=1)
    | (?P<go>Test\w*)/.*                                            # TestA/x
    """,
    re.VERBOSE,
)


def without_parts(names: Iterable[str]) -> list[str]:
    """Each test once, in order: runners name every part of it that fails, which some call a subtest."""
    tests = list(dict.fromkeys(_test_of(name) for name in names))
    return [name for name in tests if "[" not in name or name.partition("[")[0] not in tests]


def not_failing(added: Sequence[str], units: Sequence[Unit]) -> list[str]:
    """Which of the tests that a change adds are not among those that failed.

    `added`: names of functions. None where a file could not be run, or no name of the change's tests is printed.
    """
    if any(unit.broken for unit in units):
        return []
    words = {word for unit in units for name in unit.failing for word in re.findall(r"\w+", name)}
    return [name for name in added if name not in words] if words.intersection(added) else []


def _test_of(name: str) -> str:
    found = _PART.fullmatch(name)
    return name if found is None else found["unittest"] or found["pytest"] or found["go"]
