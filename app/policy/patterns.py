"""Regular expressions of a policy file: RE2, so that none costs more than its length times the text.

Syntax: https://github.com/google/re2/wiki/Syntax. They are looked for line by line, anywhere in a line; case counts.
"""

import re
from functools import lru_cache
from typing import Any

import re2

MAX_PATTERN_CHARS = 300
_ENDS = re.compile(rb"[\n\v\f\r\x1c-\x1e]|\xc2\x85|\xe2\x80[\xa8\xa9]")
_MEMORY = 1 << 20
"""Bytes that a pattern may take when it is compiled; `(a{1000}){1000}` asks for more."""


def pattern_problem(pattern: str) -> str | None:
    """What is wrong with a pattern, as the rest of a sentence that starts with its text; None if nothing is."""
    if not pattern or len(pattern) > MAX_PATTERN_CHARS:
        return f"is empty or longer than {MAX_PATTERN_CHARS} characters"
    try:
        compiled = _compiled(pattern)
    except (re2.error, UnicodeError):
        return "is no RE2 pattern, or a far too large one (no look-around, no back-references)"
    return "matches an empty line, and so everything" if compiled.search("") else None


def found_in(pattern: str, text: str) -> bool:
    """Whether a line of `text` holds it."""
    return _compiled(pattern).search(_bytes(text)) is not None


def in_every_line(pattern: str, text: str) -> bool:
    """Whether there are lines that are not blank and each of them holds it.

    What ends a line for some language does: in Python a lone carriage return ends a comment, in JavaScript U+2028.
    """
    lines = [line for line in _ENDS.split(_bytes(text)) if line.strip()]
    compiled = _compiled(pattern)
    return bool(lines) and all(compiled.search(line) for line in lines)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


@lru_cache(maxsize=2048)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors, options.never_nl, options.one_line, options.max_mem = False, True, False, _MEMORY
    return re2.compile(f"(?m){pattern}", options)
