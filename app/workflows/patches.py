"""The files of a change as reviewers get them: each one's part of the diff, and what stands around it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from app.agents.anchor import Lines
from app.agents.belonging import rank
from app.agents.hunks import FileDiff
from app.forge.git import diff
from app.knowledge.context import Around, Touched, look_around
from app.runs.engine import Context
from app.sandbox.filewise import filewise
from app.workflows.change import Change
from app.workflows.journalled import journalled

_OBJECTS = re.compile(rb"^index [0-9a-f]{7,64}\.\.[0-9a-f]{7,64}.*\n", re.MULTILINE)
"""Names of git objects cost tokens and tell a reader nothing."""


async def read_patches(ctx: Context, mirror: Path, change: Change) -> tuple[list[FileDiff], dict[str, Lines]]:
    """Every file that is not set aside, and by path the lines that may be spoken of."""
    aside = frozenset(change.set_aside)
    files: list[FileDiff] = []
    lines: dict[str, Lines] = {}
    for raw, file in filewise(await diff(mirror, change.base, change.head)):
        if file.path not in aside:
            text = _OBJECTS.sub(b"", raw, 1).decode("utf-8", "replace")
            files.append(FileDiff(file.path, text, text.count("\n")))
            lines[file.path] = Lines(file.added | file.beside_removed, file.shown)
    touched = [Touched(each.path, lines[each.path].changed, lines[each.path].shown) for each in sorted(files, key=rank)]
    # Kept in the journal: a conversation that goes on after a crash must begin with the same bytes.
    around = await journalled(ctx, "around", dict[str, Around], lambda: look_around(mirror, change.head, touched))
    return [_with_notes(each, around) for each in files], lines


def _with_notes(file: FileDiff, around: Mapping[str, Around]) -> FileDiff:
    found = around.get(file.path)
    return file if found is None else replace(file, notes=found.notes, related=found.related)
