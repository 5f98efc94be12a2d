"""A stand-in for the file of settings that a running process follows."""

from dataclasses import dataclass

from app.settings import Settings


@dataclass
class Changed:
    """A file of settings that was changed once."""

    new: Settings | None
    now: Settings | None = None

    def look(self) -> Settings | None:
        new, self.new = self.new, None
        return new
