"""What a source file defines."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Symbol:
    """Lines are counted from 1 by line feeds, both ends included. `parent`: the names it stands in, joined by dots.

    Names are a stranger's words.
    """

    name: str
    kind: str
    start: int
    end: int
    parent: str | None

    @property
    def full_name(self) -> str:
        return f"{self.parent}.{self.name}" if self.parent else self.name
