"""Commands of a run that outlive the worker: where they are left, how they are found again, who ends them."""

import asyncio
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from app.agents.tools.files import Last
from app.runs.engine import Context
from app.runs.errors import RunEndingError
from app.sandbox import lasting
from app.sandbox.box import Box, Limits, Result
from app.sandbox.lasting import LastingBox
from app.sandbox.reading import read_within
from app.sandbox.removal import remove_tree
from app.sandbox.supervise import disk_of

_AT = "at"
_NAME_BYTES = 100
_IS_TREE = re.compile(r"[0-9]+(-beside)*")
_BROKEN_OFF = Result(-1, "(what it printed is lost)", "killed")


class Left:
    """What one drive of a run has left running, and what it took over. `tree` is that drive's own work tree."""

    def __init__(self, tree: Path) -> None:
        self._tree = tree
        self._mine: set[Path] = set()
        self.step = ""
        """The step that is under way."""
        self.goes_on = False
        """A command runs that the next drive will look for: its tree must stay."""

    def place_of(self, step: str) -> Path:
        return self._tree.parent / lasting.FOLDER / hashlib.sha256(step.encode()).hexdigest()[:16]

    def begin(self, step: str) -> Path:
        """The place for a command that this drive is about to leave."""
        place = self.place_of(step)
        self._mine.add(place)
        return place

    def take(self, place: Path) -> None:
        """An earlier drive's command is this one's now, and so is the tree that it works in."""
        self._mine.add(place)
        new = place / f"{_AT}.new"
        new.unlink(missing_ok=True)
        with new.open("x") as told:  # and through no link
            told.write(self._tree.name)
        new.rename(place / _AT)

    def find(self, step: str) -> tuple[Path, Path] | None:
        """The place of a step's command that goes on or has ended, and the tree that it works in."""
        place = self.place_of(step)
        ordered = lasting.tree_of(place)
        if ordered is None or not lasting.is_known(place):
            return None
        at = read_within(place, _AT, _NAME_BYTES)
        name = ordered.name if at is None else at.decode("utf-8", "replace")
        if not _IS_TREE.fullmatch(name):
            return None
        tree = self._tree.with_name(name)
        return (place, tree) if tree != self._tree and tree.is_dir() else None

    def clear(self) -> None:
        """Take away this drive's places, and those that nobody watches any more."""
        for place in (self._tree.parent / lasting.FOLDER).glob("*"):
            if place in self._mine or not lasting.is_known(place):
                remove_tree(place)
        try:
            (self._tree.parent / lasting.FOLDER).rmdir()
        except OSError:
            return  # there are none, or others are still there


def last_in(ctx: Context, box: Box, directory: Path, left: Left) -> Last | None:
    """None where the sandbox leaves no command to a process of its own."""
    if not isinstance(box, LastingBox):
        return None
    leaving = box

    async def last(argv: Sequence[str], limits: Limits) -> Result:
        place = left.begin(left.step)
        await leaving.begin(place, argv, worktree=directory, limits=limits)
        return await watch(ctx, place, directory, limits, left)

    return last


async def watch(ctx: Context, place: Path, tree: Path, limits: Limits, left: Left) -> Result:
    """Wait for it. A run that is told to end takes its command along; one that is only put aside leaves it."""

    async def look() -> None:
        await ctx.hold()
        if await asyncio.to_thread(disk_of, tree) > limits.disk_bytes:
            lasting.stop(place)  # its own watch looks where the tree was before another drive took it over

    try:
        return await lasting.wait(place, look) or _BROKEN_OFF
    except RunEndingError:
        lasting.stop(place)
        raise
    except BaseException:
        left.goes_on = True
        raise
