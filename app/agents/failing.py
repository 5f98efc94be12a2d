"""The names of failing tests in what test runners print: enough to see whether it is the same ones again. Pure.

A hint for noticing that an agent does not get on; nothing is let through because of it.
"""

import re

_PATTERNS = (
    r"^(?:FAILED|ERROR) (\S+::\S+)",  # pytest's short summary
    r"^(?:FAIL|ERROR): (\S+ \([\w.]+\))",  # unittest
    r"^\s*--- FAIL: (\S+)",  # go test
    r"^test (\S+) \.\.\. FAILED$",  # cargo test
    r"^\s*[\u2715\u2716\u00d7\u2717] (.+?)(?: \(\d+(?:\.\d+)? ?m?s\))?$",  # jest, mocha, vitest, node --test
    r"^not ok \d+ -? ?(.+)$",  # TAP
    r"^rspec (\S+:\d+|\S+\[[\d:]+\])",  # rspec
    r"^\d+\) ([\w\\]+::\w+)",  # phpunit
    r"^\[ERROR\]\s+(\w+\.\w+:\d+)",  # surefire
    r"^\s*Failed (\S+) \[",  # dotnet test
)
_FAILING = re.compile("|".join(_PATTERNS), re.MULTILINE)
_MOST = 200
_NAME_CHARACTERS = 200


_TAP = re.compile(r"^\s*not ok\b(?!.*# *(?:todo|skip)\b)", re.IGNORECASE)
"""Subtests are indented, and what is marked so fails nothing: https://testanything.org/tap-version-14-specification.html"""


def names_failure(line: str) -> bool:
    """Whether a line of a test runner's output tells that a test failed."""
    return _TAP.match(line) is not None or (_FAILING.match(line) is not None and not line.startswith("not ok"))


def failing_tests(output: str) -> frozenset[str]:
    """The names that stand in it; none where everything passed, or where the runner is not known."""
    names = (next(filter(None, found.groups())).strip()[:_NAME_CHARACTERS] for found in _FAILING.finditer(output))
    return frozenset(name for name, _ in zip(names, range(_MOST), strict=False))
