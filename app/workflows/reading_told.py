"""What is kept and told of how a perspective read a change: all of it, or what was new since it did. Pure."""

from collections.abc import Iterator
from typing import TypedDict

from app.agents.panel import Heard
from app.policy.values import Sha
from app.workflows.hearing import Hearing
from app.workflows.texts import count


class ReadAs(TypedDict):
    """Fields of a `StoredVerdict`."""

    terms: str | None
    whole_at: Sha | None
    read_at: float | None
    stands: bool


def read_as(name: str, heard: Heard, hearing: Hearing) -> ReadAs:
    """Nobody builds on an answer from which something is missing, nor on a short one for several.

    One that was built is as old as its ground.
    """
    increment = hearing.increments.get(name)
    terms = hearing.terms.get(name) if heard.opinion.whole is not None and not heard.opinion.light else None
    if increment is None:
        return {"terms": terms, "whole_at": None, "read_at": None, "stands": False}
    whole, stands = increment.whole, heard.only_stands
    return {"terms": terms, "whole_at": whole.head_sha, "read_at": whole.read_at, "stands": stands}


def how_read(name: str, hearing: Hearing) -> Iterator[str]:
    """A note for the check run of who did not read everything this time."""
    increment = hearing.increments.get(name)
    if increment is not None:
        kept, stand = count(len(increment.paths), "file"), count(len(increment.stand), "finding")
        also = f"; still blocking: {stand} of then" if increment.stand else ""
        yield f"read in full at `{increment.whole.head_sha[:12]}`, and here what is new: {kept} are as they were{also}"
