"""The lines of a diff as values that rules read: see `app.policy.changed_text`."""

import re
from collections.abc import Iterator

from app.policy.changed import ChangeStatus
from app.policy.changed_text import ChangedText, Hunk, Line, Sign
from app.sandbox.diffs import FileDiff
from app.sandbox.filewise import filewise

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)", re.DOTALL)
_SIGNS: dict[bytes, Sign] = {b"+": "+", b"-": "-", b" ": " "}


def changed_texts(diff: bytes) -> tuple[ChangedText, ...]:
    """Every file of a diff that git wrote with the prefixes a/ and b/. Raises `PatchError` for anything else.

    Bytes that are no UTF-8 are replaced; LF alone ends a line, as in `parse_diff`.
    """
    return tuple(_changed(file, part) for part, file in filewise(diff))


def _changed(file: FileDiff, part: bytes) -> ChangedText:
    lines = part.split(b"\n")
    head = next((index for index, line in enumerate(lines) if line.startswith(b"@@ ")), len(lines))
    status = _status(file, lines[:head])
    hunks = () if file.binary else tuple(_hunks(lines, head))
    return ChangedText(file.path, file.old_path if status in {"renamed", "copied"} else None, status, hunks)


def _status(file: FileDiff, head: list[bytes]) -> ChangeStatus:
    if file.old_path is None:
        return "added"
    if file.new_path is None:
        return "removed"
    if file.old_path == file.new_path:
        return "modified"
    return "copied" if any(line.startswith(b"copy from ") for line in head) else "renamed"


def _hunks(lines: list[bytes], position: int) -> Iterator[Hunk]:
    """`parse_diff` has read it before: the counts of the headers are true."""
    while position < len(lines) and (match := _HUNK.fullmatch(lines[position])) is not None:
        old, old_left, new, new_left = int(match[1]), int(match[2] or 1), int(match[3]), int(match[4] or 1)
        found = []
        position += 1
        while old_left > 0 or new_left > 0:
            sign = _SIGNS.get(lines[position][:1])
            if sign is not None:
                text = lines[position][1:].decode("utf-8", "replace")
                found.append(Line(old if sign == "-" else new, text, sign))
                old, old_left = (old, old_left) if sign == "+" else (old + 1, old_left - 1)
                new, new_left = (new, new_left) if sign == "-" else (new + 1, new_left - 1)
            position += 1
        while position < len(lines) and lines[position].startswith(b"\\ "):
            position += 1
        yield Hunk(match[5].decode("utf-8", "replace"), tuple(found))
