"""Long text as an agent is shown it: cut at the ends of lines, with what is left out counted. Pure.

Of what test runners print, lines that name a failing test stay, wherever they stood.
"""

import re
from collections.abc import Sequence

from app.agents.failing import names_failure

_MOST_NAMING = 30
_NAMING_SHARE = 3
"""At most a third of the room is for lines that name failing tests."""
_LEFT_OUT = re.compile(r"\[\.\.\. (\d{1,9}) lines? (?:is|are) left out")


def first_lines(text: str, room: int) -> str:
    """The whole lines at the beginning that fit into `room` characters, and how many are left out behind them."""
    if len(text) <= room:
        return text
    lines = text.split("\n")
    kept = _that_fit(lines, room)
    shown = lines[:kept] or [_beginning(lines[0], room)]
    left = len(lines) - len(shown) - (lines[-1] == "")
    return "\n".join([*shown, *([_told(left)] if left else [])])


def last_lines(text: str, room: int) -> str:
    """The whole lines at the end that fit; before them how many are left out, and which of those name a failing test.

    The end of a program's output tells the most of how it went.
    """
    text = text.strip("\n")
    return text if len(text) <= room else _without_middle(text.split("\n"), 0, room)


def both_ends(text: str, room: int) -> str:
    """The whole lines at the beginning and at the end that fit, half of the room for each; in between as above."""
    text = text.strip("\n")
    return text if len(text) <= room else _without_middle(text.split("\n"), room // 2, room - room // 2)


def _without_middle(lines: Sequence[str], before: int, after: int) -> str:
    head = list(lines[: _that_fit(lines, before)])
    tail = list(lines[len(lines) - _that_fit(lines[::-1], after) :])
    head = head or ([_beginning(lines[0], before)] if before else [])
    tail = tail or [_end(lines[-1], after)]
    left = lines[len(head) : len(lines) - len(tail)]
    if not left:
        return "\n".join([*head, *tail])
    naming = [line for line in left if names_failure(line)]
    naming = naming[: min(_MOST_NAMING, _that_fit(naming, (before + after) // _NAMING_SHARE))]
    told = _told(_counted(left), ", among them:" if naming else "")
    return "\n".join([*head, told, *naming, *(["[...]"] if naming else []), *tail])


def _that_fit(lines: Sequence[str], room: int) -> int:
    """How many of the first lines have room."""
    for number, line in enumerate(lines):
        room -= len(line) + 1
        if room < -1:  # the last one needs no line feed
            return number
    return len(lines)


def _counted(lines: Sequence[str]) -> int:
    """A line that says how many were left out before stands for so many."""
    marks = [_LEFT_OUT.match(line) for line in lines]
    return sum(1 if mark is None else int(mark[1]) for mark in marks)


def _told(count: int, more: str = "") -> str:
    return f"[... {count} {'line is' if count == 1 else 'lines are'} left out{more} ...]".replace(": ...]", ":]")


def _beginning(line: str, room: int) -> str:
    """Of one line that is longer than the room."""
    return line if len(line) <= room else f"{line[:room]} [... {len(line) - room} more characters of this line ...]"


def _end(line: str, room: int) -> str:
    return line if len(line) <= room else f"[... {len(line) - room} characters of this line ...] {line[-room:]}"
