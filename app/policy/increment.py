"""What is new of a change that was read before, and whether it is enough to read that. Pure.

Files are compared by what git's objects say of them before and after the change: a rebase makes nothing new but what
the base branch changed as well, and nothing that a file says or is called can make it look as if it had been read.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.policy.changed import ChangedFile
from app.policy.risk import risk_of

MOST_INCREMENTS = 4
"""Readings of what is new after one of everything; then everything is read again."""
SMALL_CHARACTERS = 16_000
"""Of diff, some 4,000 tokens: a change of that size is read whole each time, since nothing is saved by less."""


@dataclass(frozen=True)
class Entry:
    """A file of a change: how, from which object and mode to which. Equal entries are the same change, to the byte.

    `was`: the path before, of a rename. https://git-scm.com/docs/diff-format#_raw_output_format
    """

    path: str
    was: str | None
    status: str
    modes: tuple[str, str]
    objects: tuple[str, str]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(filter(None, (self.path, self.was)))


@dataclass(frozen=True)
class Compared:
    """`same`: paths whose change is what it was. `gone`: whether a file is no longer changed at all."""

    same: frozenset[str]
    gone: bool


def compare(before: Collection[Entry], now: Collection[Entry]) -> Compared:
    """A change as it was read, and as it is now."""
    known = frozenset(before)
    names = {name for entry in now for name in entry.names}
    gone = {name for entry in known for name in entry.names} - names
    return Compared(frozenset(entry.path for entry in now if entry in known), bool(gone))


@dataclass(frozen=True)
class Extent:
    """Of a change in characters of its diff: all of it, and what would be read of it.

    `new`: files whose change is new or another. `gone`: see `Compared`.
    """

    whole: int
    shown: int
    new: Sequence[ChangedFile]
    gone: bool


def why_small(characters: int) -> str | None:
    """Why everything is read whatever was read before: then nobody has to look at earlier heads."""
    return "the change is small" if characters < SMALL_CHARACTERS else None


def why_all(extent: Extent) -> str | None:
    """Why everything must be read; None if what is new is enough."""
    if (small := why_small(extent.whole)) is not None:
        return small
    if not extent.new or not extent.shown:
        return "no file tells what is new"
    if extent.gone:
        return "a file was taken out of the change"
    if 2 * extent.shown > extent.whole:
        return "more than half of it is new, or belongs with what is new"
    risk = risk_of(extent.new)
    return f"what is new {risk.reasons[0]}" if risk.level == "high" else None
