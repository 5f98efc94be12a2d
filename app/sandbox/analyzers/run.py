"""All analyzers over a change: on its files at the head and, where they raise an alarm, on those before it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from app.sandbox.analyzers.alarm import Alarm, Analysis, one_line
from app.sandbox.analyzers.catalog import Analyzer
from app.sandbox.analyzers.introduced import Sighting, introduced, on_touched_lines, unheeded
from app.sandbox.analyzers.invoke import alarms_of
from app.sandbox.analyzers.texts import lines_of
from app.sandbox.box import Box
from app.sandbox.diffs import SUBMODULE, SYMLINK, FileDiff
from app.sandbox.errors import SandboxAwayError, SandboxError

_MOST_FILES = 1000
_MOST_ALARMS = 200
_QUOTE, _REASON = 300, 400


async def analyze(
    box: Box, head: Path, base: Path | None, files: Sequence[FileDiff], configured: Sequence[Analyzer]
) -> Analysis:
    """The alarms that the change introduced, tool by tool. `head` and `base` hold the files after and before it.

    Without `base` only alarms on added lines are told. A tool that is not there, fails, hangs or prints rubbish is
    among the `missing`. The policy's own commands may leave things lying about in the trees. Raises `SandboxAwayError`
    alone: what passes by itself is no result.
    """
    alarms: list[Alarm] = []
    unnamed = sum(file.new_path is not None and not file.new_path.isprintable() for file in files)
    missing = [f"{unnamed} files with unprintable names were not looked at"] if unnamed and configured else []
    readable = [file for file in files if can_be_read(file)]
    for analyzer in configured:
        mine = [file for file in readable if analyzer.looks_at(file.path)]
        if len(mine) > _MOST_FILES:
            missing.append(f"{analyzer.name}: it looked at {_MOST_FILES} of {len(mine)} files")
        try:
            found, reason = await _new_alarms(box, analyzer, (head, base), mine[:_MOST_FILES])
        except SandboxAwayError:
            raise
        except SandboxError as error:
            found, reason = [], str(error)
        if len(found) > _MOST_ALARMS:
            missing.append(f"{analyzer.name}: {_MOST_ALARMS} of its {len(found)} alarms are told")
        if reason:
            missing.append(f"{analyzer.name}: {one_line(reason, _REASON)}")
        alarms += found[:_MOST_ALARMS]
    return Analysis(tuple(alarms), tuple(missing))


def can_be_read(file: FileDiff) -> bool:
    """Whether there is a text at the head that a program can be pointed to, by a name that can be told."""
    if file.new_path is None or file.binary or file.new_mode in {SYMLINK, SUBMODULE}:
        return False
    return file.new_path.isprintable()  # what is no UTF-8 holds surrogates, which are not


async def _new_alarms(
    box: Box, analyzer: Analyzer, trees: tuple[Path, Path | None], files: Sequence[FileDiff]
) -> tuple[list[Alarm], str]:
    """And why they could not be compared with those before, if so. Raises `SandboxError` when nothing is known."""
    if not files:
        return [], ""
    head, base = trees
    now = await _look(box, analyzer, head, [file.path for file in files])
    touched = {file.path: file.added for file in files}
    with_alarms = {each.alarm.path for each in now}
    old = _old_names([file for file in files if file.path in with_alarms])
    if base is None:
        return _quoted(on_touched_lines(now, touched), now), ""
    try:
        before = await _look(box, analyzer, base, list(old))
    except SandboxAwayError:
        raise
    except SandboxError as error:
        told = f"on the code before the change: {error}. Only alarms on added lines are told"
        return _quoted(on_touched_lines(now, touched), now), told
    fresh = introduced(now, before, touched, old)
    habits = unheeded(before, old) if analyzer.of_style else frozenset()
    heeded = [each for each in fresh if (each.rule, each.path) not in habits]
    rules = sorted({each.rule for each in fresh if (each.rule, each.path) in habits})
    left_out = f"{', '.join(rules)} in files that break it again and again before the change" if rules else ""
    return _quoted(heeded, now), left_out


def _old_names(files: Sequence[FileDiff]) -> Mapping[str, str]:
    """New names by old ones, of files that were there and could be read then."""
    return {
        file.old_path: file.path
        for file in files
        if file.old_path is not None and file.old_path.isprintable() and file.old_mode not in {SYMLINK, SUBMODULE}
    }


async def _look(box: Box, analyzer: Analyzer, tree: Path, paths: Sequence[str]) -> list[Sighting]:
    alarms = await alarms_of(box, analyzer, tree, paths)
    texts = await asyncio.to_thread(lambda: {path: lines_of(tree, path) for path in {each.path for each in alarms}})
    return [Sighting(each, _line(texts[each.path], each.line)) for each in alarms]


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _quoted(alarms: Sequence[Alarm], now: Sequence[Sighting]) -> list[Alarm]:
    texts = {(each.alarm.path, each.alarm.line): each.text for each in now}
    return [replace(alarm, quote=one_line(texts[alarm.path, alarm.line], _QUOTE)) for alarm in alarms]
