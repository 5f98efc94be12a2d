"""What an analyzer says of a line, and what came of all of them. Every text in it is bounded and printable."""

import posixpath
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
"""SARIF's levels: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317648"""
_SEVERITIES: dict[str, Severity] = {
    **dict.fromkeys(("error", "high", "critical"), "error"),
    **dict.fromkeys(("note", "low", "info", "style", "none"), "note"),
}
_RULE, _MESSAGE = 100, 400


@dataclass(frozen=True)
class Alarm:
    """Lines are counted from 1, both ends included; 0 where the whole file is meant. `quote`: the first line's text."""

    tool: str
    rule: str
    severity: Severity
    path: str
    line: int
    end_line: int
    message: str
    quote: str = ""


@dataclass(frozen=True)
class Analysis:
    """`missing` says of each tool that was to look and could not, or not at everything, why that is so."""

    alarms: tuple[Alarm, ...] = ()
    missing: tuple[str, ...] = ()


Reader = Callable[[str, str], Sequence[Alarm]]
"""Reads what the tool of this name printed. Raises `ReportError`. Paths need not be those of any file."""


def alarm_of(tool: str, rule: str, level: str, path: str, lines: tuple[int, int], message: str) -> Alarm:
    """An alarm as a tool tells it, put into bounds."""
    line = max(0, lines[0])
    return Alarm(
        tool=tool,
        rule=one_line(rule, _RULE) or "unnamed",
        severity=_SEVERITIES.get(level.lower(), "warning"),
        path=posixpath.normpath(path),
        line=line,
        end_line=max(line, lines[1]),
        message=one_line(message, _MESSAGE),
    )


def one_line(text: str, limit: int) -> str:
    """The text with single blanks for white space and nothing unprintable, cut at `limit` characters."""
    # Whoever prints without an end is not read to the end.
    plain = " ".join("".join(each if each.isprintable() else " " for each in text[: 8 * limit]).split())
    return plain if len(plain) <= limit else f"{plain[: limit - 1]}…"
