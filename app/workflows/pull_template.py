"""Filling in a project's pull request template: its headings stay, and a box is ticked only if code knows it is true.

Pure. The template is the base branch's and comes cleaned; what is put in is cleaned too.
"""

import re
from dataclasses import dataclass

from app.workflows.pull_boxes import is_box, tick

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$|^\*\*(.+?)\*\*:?$")
_HEADING_CHARS = 200
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_LINKS = re.compile(r"^\W*(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b.{0,30}#", re.IGNORECASE)
_NOTHING = "*Not filled in: Quorum knows nothing of this.*"

_SORTS = {
    "issue": {*("issue", "issues", "ticket", "tickets", "closes", "fixes", "links", "link", "linked", "references")},
    "verification": {*("test", "tests", "tested", "testing", "verification", "verified", "verify", "validation", "qa")},
    "left": {*("left", "todo", "limitations", "follow-up", "follow-ups", "followups", "questions", "open", "risks")},
    "summary": {
        *("description", "summary", "what", "change", "changes", "why", "motivation", "overview", "purpose", "context"),
        *("about", "proposed", "problem", "solution"),
    },
}
"""By words of a heading; the first that fits."""
_OTHERS = frozenset(
    {"breaking", "type", "types", "kind", "screenshots", "screenshot", "checklist", "licence", "license"}
)
"""What a heading with one of these words asks for is something else."""


@dataclass(frozen=True)
class Filling:
    """Texts for the sections, and what is known to be true: `passed`, `proven`, `linked`, `changelog`.

    `command`: by which the tests ran.
    """

    summary: str
    verification: str
    closes: str
    left: str = ""
    true: frozenset[str] = frozenset()
    command: str = ""


def fill(template: str, filling: Filling) -> str:
    """The template with its sections filled; what no section asks for comes behind it."""
    used: set[str] = set()
    parts = [_fill_section(heading, lines, filling, used) for heading, lines in _sections(template)]
    if "summary" not in used:
        parts.insert(0, filling.summary)
    if "verification" not in used:
        parts.append(f"### How it was verified\n\n{filling.verification}")
    if filling.left and "left" not in used:
        parts.append(f"### What is left\n\n{filling.left}")
    if "issue" not in used:
        parts.append(filling.closes)
    return "\n\n".join(part.strip("\n") for part in parts if part.strip())


def _sections(template: str) -> list[tuple[str, list[str]]]:
    """Headings with the lines below them; the first has none. What stands in a fence is no heading."""
    sections: list[tuple[str, list[str]]] = [("", [])]
    fenced = False
    for line in template.split("\n"):
        fenced ^= _FENCE.match(line) is not None
        if not fenced and len(line) <= _HEADING_CHARS and _HEADING.match(line):
            sections.append((line, []))
        else:
            sections[-1][1].append(line)
    return sections


def _fill_section(heading: str, lines: list[str], filling: Filling, used: set[str]) -> str:
    boxes = [tick(line, filling.true, filling.command) for line in lines if is_box(line)]
    if not heading:
        return "\n".join(tick(line, filling.true, filling.command) for line in lines if not _LINKS.match(line))
    if boxes:
        kept = "\n".join(tick(line, filling.true, filling.command) for line in lines)
        return f"{heading}\n{kept}"
    sort = _sort_of(heading)
    told = {
        "issue": filling.closes,
        "verification": filling.verification,
        "left": filling.left,
        "summary": filling.summary,
    }
    if sort is None or sort in used or not told[sort]:
        return f"{heading}\n\n{_NOTHING if sort not in used else _see(sort)}"
    used.add(sort)
    return f"{heading}\n\n{told[sort]}"


def _see(sort: str | None) -> str:
    return "*See above.*" if sort else _NOTHING


def _sort_of(heading: str) -> str | None:
    found = _HEADING.match(heading)
    words = set(re.findall(r"[\w-]+", (found[2] or found[3] if found else heading).casefold()))
    return None if words & _OTHERS else next((sort for sort, known in _SORTS.items() if words & known), None)
