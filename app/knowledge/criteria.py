"""What an issue itself lists as what must hold. Pure."""

import re

_HEADING = re.compile(
    r"^#{1,6}\s*(?:acceptance criteria|definition of done|requirements|expected(?: behaviou?r)?|what must hold)\b",
    re.IGNORECASE,
)
_OTHER_HEADING = re.compile(r"^#{1,6}\s")
_ITEM = re.compile(r"^\s{0,3}(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(\S.*)$")
_TASK = re.compile(r"^\s{0,3}[-*+]\s+\[ \]\s+(\S.*)$")
_FENCE = re.compile(r"^\s{0,3}(?:```|~~~)")
_MOST = 12
_CHARS = 300


def stated_criteria(body: str) -> tuple[str, ...]:
    """Open boxes of a task list, and the items below a heading such as *Acceptance criteria*; each once.

    https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/about-tasklists
    """
    found: dict[str, None] = {}
    below = fenced = False
    for line in body.replace("\r\n", "\n").split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        if fenced:
            continue
        if _OTHER_HEADING.match(line):
            below = bool(_HEADING.match(line))
        item = _ITEM.match(line) if below else _TASK.match(line)
        if item:
            found[item[1].strip()[:_CHARS]] = None
    return tuple(found)[:_MOST]
