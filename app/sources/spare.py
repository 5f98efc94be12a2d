"""The file of settings as it was when a worker last could work with it, for the next one, if that cannot.

A file that is wrong changes nothing while Quorum runs, and a worker that dies meanwhile is no reason to end that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import structlog
from pydantic import BaseModel

from app.sources.file import SettingsError, reading
from app.sources.writing import write_private

S = TypeVar("S", bound=BaseModel)
NAME = "last-settings.toml"
log = structlog.get_logger()


@dataclass(frozen=True)
class Spare(Generic[S]):
    """`copy`: where it is kept. `find` tells where the file is, `load` reads all settings; both as in `Settings`."""

    copy: Path
    find: Callable[[], Path | None]
    load: Callable[[], S]

    def take(self) -> None:
        """What could be worked with came from the file, unless that is wrong by now: then nothing is taken."""
        try:
            self.load()
            file = self.find()
            if file is not None:
                write_private(self.copy, file.read_text(encoding="utf-8"))
        except (SettingsError, OSError, UnicodeDecodeError) as error:
            log.warning("the settings are not kept for a worker that comes next", error=str(error))

    def last(self, why: Exception) -> S:
        """The settings with the copy in the place of the file. Raises `why` where there is none, or it is wrong too."""
        try:
            with reading(self.copy):
                found = self.load()
        except (SettingsError, OSError):
            raise why from None
        log.error("the settings cannot be used; work goes on with the last ones that could", error=str(why))
        return found
