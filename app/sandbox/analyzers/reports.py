"""Reading the JSON that tools print in a shape of their own, and lines of text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from app.sandbox.analyzers.alarm import Alarm, alarm_of
from app.sandbox.errors import ReportError

_LINE = re.compile(r"(?P<path>.+?):(?P<line>\d{1,9}):\d+: \[(?P<level>\w+)\] (?P<said>.*?)(?: \((?P<rule>[\w-]+)\))?")

_LINE_CHARS = 6000
"""More than any path and a message that is worth reading."""


@dataclass(frozen=True)
class Shape:
    """The keys under which a tool's JSON has things. `items`: a list of alarms, or lists of them by file; or all of it.

    `prefix` stands before each rule, `said` before each message. Without the key `level` every alarm is an `otherwise`.
    """

    items: str
    path: str
    line: str
    rule: str
    message: str
    level: str = ""
    end_line: str = ""
    prefix: str = ""
    said: str = ""
    otherwise: str = "warning"

    def __call__(self, tool: str, text: str) -> list[Alarm]:
        """Read it. Raises `ReportError` for anything else than this shape."""
        try:
            told = from_json(text)
        except ValueError as error:
            raise ReportError(f"it printed no JSON: {error}") from error
        if not self.items and isinstance(told, list):
            told = {"": told}
        if not isinstance(told, Mapping) or not isinstance(told.get(self.items), list | Mapping):
            raise ReportError(f"its JSON has no `{self.items}`")
        return [self._alarm(tool, item) for item in _flat(told[self.items])]

    def _alarm(self, tool: str, item: Any) -> Alarm:
        try:
            line = int(item[self.line])
            end_line = int(item.get(self.end_line) or line)
            rule, message = f"{self.prefix}{item[self.rule]}", f"{self.said}{item[self.message]}"
            level = str(item[self.level]) if self.level else self.otherwise
            return alarm_of(tool, rule, level, str(item[self.path]), (line, end_line), message)
        except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
            raise ReportError(f"an item of its `{self.items}` is not as expected: {error!r}") from error


def _flat(items: Any) -> Iterator[Any]:
    for each in items.values() if isinstance(items, Mapping) else [items]:
        yield from each if isinstance(each, list) else [each]


def read_lines(tool: str, text: str) -> list[Alarm]:
    """`path:line:column: [level] message (rule)`, as yamllint prints it. Raises `ReportError` if no line is one.

    Other lines belong to a message: it may quote a key with a line feed in it.
    """
    matches = [match for line in text.split("\n") if (match := _LINE.fullmatch(line[:_LINE_CHARS]))]
    if not matches and text.strip():
        raise ReportError("it printed something else than alarms")
    return [_alarm(tool, match) for match in matches]


def _alarm(tool: str, match: re.Match[str]) -> Alarm:
    number = int(match["line"])
    return alarm_of(tool, match["rule"] or "syntax", match["level"], match["path"], (number, number), match["said"])
