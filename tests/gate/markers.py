"""What lines of a change make a reviewer say: the one convention that the scripted reviewer and the oracle share.

An added line that begins with a marker and the name of a perspective decides what that perspective says of the change.
"""

import hashlib
import re
from dataclasses import dataclass

BAD, VAGUE, MUTE = "BAD", "VAGUE", "MUTE"
"""Refuse; approve without being sure; give no answer."""
CATEGORY = "a marker"


@dataclass(frozen=True)
class Added:
    """A line that a diff adds, without white space at its ends."""

    path: str
    text: str


def sections(diff: str) -> list[str]:
    """A git diff by file, without what says where in the file or in which object: sorted, so that order is nothing."""
    parts = re.split(r"^(?=diff --git )", diff, flags=re.MULTILINE)
    plain = (
        re.sub(r"^@@ .*$", "@@", re.sub(r"^index .*\n", "", part, flags=re.MULTILINE), flags=re.MULTILINE)
        for part in parts
    )
    return sorted(part.rstrip("\n") for part in plain if part.strip())


def identity(diff: str) -> str:
    return hashlib.sha256("\n".join(sections(diff)).encode()).hexdigest()[:16]


def added_lines(diff: str) -> list[Added]:
    found = []
    for section in sections(diff):
        head, *hunks = section.split("\n@@\n")
        path = next((line[6:] for line in head.split("\n") if line.startswith("+++ b/")), "")
        found += [Added(path, line[1:].strip()) for hunk in hunks for line in hunk.split("\n") if line.startswith("+")]
    return found


def said_by(perspective: str, lines: list[Added]) -> tuple[str, Added | None]:
    """What a perspective says of these lines, and the first line that it refuses them for."""
    for marker in (BAD, MUTE, VAGUE):
        for line in lines:
            if line.text.split(" ")[:2] == [marker, perspective]:
                return marker, line
    return "", None


def finding_key(line: Added) -> str:
    """What people call a finding by."""
    return hashlib.sha256(f"{line.path}|{line.text}|{CATEGORY}".encode()).hexdigest()[:16]
