"""Which alarms a change introduced: those that were not there before, however the lines have moved. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.sandbox.analyzers.alarm import Alarm

_HABIT = 3
_GRAVE = re.compile(r"(?:E9|F[567]|F82|PLE|S\d)")
"""What is broken and not a matter of taste, and what is a hole: https://docs.astral.sh/ruff/rules/."""


@dataclass(frozen=True)
class Sighting:
    """An alarm, and the text of the line that it begins at; empty where there is none."""

    alarm: Alarm
    text: str


def introduced(
    now: Sequence[Sighting],
    before: Sequence[Sighting],
    touched: Mapping[str, frozenset[int]],
    renamed: Mapping[str, str],
) -> list[Alarm]:
    """The alarms of `now` that no alarm of `before` accounts for, with rule, file and line the same.

    Of several that are the same as many are old as there were; those on lines that the change left alone are so first.
    `touched`: the added lines of each file. `renamed`: the new names of files by their old ones.
    """
    left = Counter(_key(each, renamed.get(each.alarm.path, each.alarm.path)) for each in before)
    fresh = []
    for each in sorted(now, key=lambda each: each.alarm.line in touched.get(each.alarm.path, ())):
        key = _key(each, each.alarm.path)
        if left[key]:
            left[key] -= 1
        else:
            fresh.append(each.alarm)
    return sorted(fresh, key=lambda alarm: (alarm.path, alarm.line, alarm.rule))


def on_touched_lines(now: Sequence[Sighting], touched: Mapping[str, frozenset[int]]) -> list[Alarm]:
    """Where nothing can be compared: what is surely new, since its line is."""
    return [each.alarm for each in now if touched.get(each.alarm.path, frozenset()) & _lines(each.alarm)]


def unheeded(before: Sequence[Sighting], renamed: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """The rules that a file breaks so often before the change that nobody surely goes by them there, each with the
    file's new name.

    A linter that is newer than the project's own, or that nobody there runs, has rules that were never asked for.
    """
    counted = Counter((each.alarm.rule, renamed.get(each.alarm.path, each.alarm.path)) for each in before)
    return frozenset(each for each, times in counted.items() if times >= _HABIT and not _GRAVE.match(each[0]))


def _key(sighting: Sighting, path: str) -> tuple[str, str, str]:
    """Without the line's number, and without how far it is indented."""
    return sighting.alarm.rule, path, " ".join(sighting.text.split())


def _lines(alarm: Alarm) -> frozenset[int]:
    """A tool may say that an alarm ends anywhere; ten thousand lines are as good as the whole file."""
    return frozenset(range(alarm.line, min(alarm.end_line, alarm.line + 10_000) + 1))
