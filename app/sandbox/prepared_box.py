"""A box whose commands find what a project's set-up left."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from app.sandbox.apart.client import SandboxClient
from app.sandbox.box import Box, Limits, Prepared, Result
from app.sandbox.lasting import LastingBox


class PreparedBox:
    """A `LastingBox`, if `box` is one."""

    def __init__(self, box: Box, place: Path) -> None:
        self.box = box
        self._prepared = Prepared(place)

    async def run(
        self,
        argv: Sequence[str],
        *,
        worktree: Path,
        limits: Limits,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        writable: bool = True,
        prepared: Prepared | None = None,
    ) -> Result:
        """See `Box`."""
        return await self.box.run(
            argv,
            worktree=worktree,
            limits=limits,
            stdin=stdin,
            env=env,
            writable=writable,
            prepared=prepared or self._prepared,
        )


class LastingPreparedBox(PreparedBox):
    """For a `LastingBox`."""

    async def begin(
        self,
        place: Path,
        argv: Sequence[str],
        *,
        worktree: Path,
        limits: Limits,
        prepared: Prepared | None = None,
    ) -> None:
        """See `LastingBox`."""
        box = self.box
        if not isinstance(box, LastingBox):
            raise TypeError(f"{type(box).__name__} leaves no command to a process of its own")
        await box.begin(place, argv, worktree=worktree, limits=limits, prepared=prepared or self._prepared)


def with_prepared(box: Box, place: Path) -> Box:
    """`box`, whose commands find what was left in `place`."""
    return LastingPreparedBox(box, place) if isinstance(box, LastingBox) else PreparedBox(box, place)


def without_prepared(box: Box) -> Box:
    """The same box, whose commands find nothing of what a set-up left.

    For what must see the files as they are: programs that a package brought would come before those of the system.
    """
    return box.box if isinstance(box, PreparedBox) else box


def is_apart(box: Box) -> bool:
    """Whether commands run in a sandbox apart, which shares its folders with this process."""
    return isinstance(without_prepared(box), SandboxClient)
