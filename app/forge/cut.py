"""Keeping a text within what GitHub takes. Pure."""

import re

_TEXT_CHARS = 65_000
"""GitHub takes 65,535 characters (https://docs.github.com/en/rest/checks/runs); the rest is room for the note."""
_BAR = re.compile(r"^(`{3,})([^`\n]*)$", re.MULTILINE)


def cut(text: str, limit: int = _TEXT_CHARS) -> str:
    """Keep the beginning, and say that there was more.

    Whole lines are kept: half a code span is none, and what stood in it would act. Of a line that is too long by itself
    the backticks go.
    """
    if len(text) <= limit:
        return text
    whole, _, _ = text[:limit].rpartition("\n")
    kept = whole if whole.strip() else text[:limit].replace("`", "'")
    return f"{kept}{_end_of_fence(kept)}\n\n*(cut here: {len(text) - len(kept)} characters more)*"


def _end_of_fence(text: str) -> str:
    """What closes the code block that `text` breaks off in; nothing outside of one."""
    bar = ""
    for found in _BAR.finditer(text):
        if not bar:
            bar = found[1]
        elif found[1].startswith(bar) and not found[2].strip():
            bar = ""
    return f"\n{bar}" if bar else ""
