"""Whether a change brings code and no test of it: what a person would ask its author. Pure."""

import re
from collections.abc import Collection, Sequence

from app.policy.changed_text import ChangedText
from app.policy.kinds import kinds_of
from app.policy.testfiles import is_test

_IN_CODE = re.compile(r"^\s*(?:#\[(?:\w+::)*test\b|#\[cfg\(test\)\]|test \"|[#/*!]*\s*>>> )")
"""Tests that stand among the code they test: of Rust and Zig, and examples of Python that are run."""


def untested(texts: Sequence[ChangedText], known: Collection[str]) -> str | None:
    """A file of code to which something is added while no test is; None if there is none.

    `known`: the project's files. Where none of them is a test, nobody keeps tests there.
    """
    if not any(map(is_test, known)) or any(_has_test(text) for text in texts):
        return None
    return next((text.path for text in texts if _grows(text) and "code" in kinds_of(text.path)), None)


def _grows(text: ChangedText) -> bool:
    """What only takes code away seldom has a test that fails without it."""
    return any(line.told for line in text.added)


def _has_test(text: ChangedText) -> bool:
    if text.status == "removed":
        return False
    return is_test(text.path) or any(_IN_CODE.match(line.text) for line in text.added)
