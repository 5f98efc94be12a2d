"""What a test runner said of the tests that it ran, as a value."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """One program, package or file of tests that was run as a whole. `name` tells it from others, runner first.

    `failing`: each failing test by a name that stays the same when lines move. `ran`: how many tests ran; None where
    the runner does not say. `broken`: files or packages of it that could not be run at all, so that of the tests in
    them nothing is known.
    """

    name: str
    failing: tuple[str, ...] = ()
    ran: int | None = None
    broken: tuple[str, ...] = ()


def how_many(units: Sequence[Unit]) -> str:
    """How many tests ran, as the end of a sentence; empty where a runner does not say. Pure."""
    counts = [unit.ran for unit in units if unit.ran is not None]
    ran = sum(counts)
    return f", {ran} test{'' if ran == 1 else 's'} ran" if counts and len(counts) == len(units) else ""
