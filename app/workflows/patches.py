"""The files of a change as reviewers get them: each one's part of the diff, and what stands around it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from app.agents.anchor import Lines
from app.agents.hunks import FileDiff
from app.agents.patched import read_diff, touched_lines
from app.agents.plain import Plain, read_plainly
from app.forge.git import diff
from app.knowledge.context import Around, look_around
from app.policy.effort import USUAL, Effort
from app.runs.engine import Context
from app.sandbox.changed_texts import changed_texts
from app.workflows.change import Change
from app.workflows.journalled import journalled


async def read_patches(
    ctx: Context, mirror: Path, change: Change, *, for_readers: bool, effort: Effort = USUAL
) -> tuple[list[FileDiff], dict[str, Lines]]:
    """Every file that is not set aside, and by path the lines that may be spoken of.

    Without readers nobody looks around: what matters then is only which files would not have fitted.
    """
    files, lines = read_diff(await diff(mirror, change.base, change.head), change.set_aside)
    if not for_readers:
        return files, lines
    touched = touched_lines(files, lines)
    # Kept in the journal: a conversation that goes on after a crash must begin with the same bytes.
    room = effort.around
    around = await journalled(ctx, "around", dict[str, Around], lambda: look_around(mirror, change.head, touched, room))
    return with_notes(files, around), lines


async def read_plain(mirror: Path, change: Change, *, own: bool) -> Plain:
    """What the diff says of itself. It takes a second for a megabyte, so others go on meanwhile."""
    patch = await diff(mirror, change.base, change.head)

    def read() -> Plain:
        files = [each for each in changed_texts(patch) if each.path not in change.set_aside]
        return read_plainly(files, own=own)

    return await asyncio.to_thread(read)


def with_notes(files: Sequence[FileDiff], around: Mapping[str, Around]) -> list[FileDiff]:
    """The same files, with what stands around them."""
    return [_with(each, around[each.path]) if each.path in around else each for each in files]


def _with(file: FileDiff, around: Around) -> FileDiff:
    return replace(file, notes=around.notes, related=around.related, seen_whole=around.seen_whole)
