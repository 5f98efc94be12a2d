"""Settings that follow their file while a process lives."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Generic, TypeVar

import structlog
from pydantic import BaseModel

from app.sources.file import SettingsError, settings_file

S = TypeVar("S", bound=BaseModel)
LOOK_S = 3.0
"""How often a process looks whether the file was changed: one `stat`."""
_UNREAD = object()

log = structlog.get_logger()


class Live(Generic[S]):
    """`now` are the settings that count. A file that is wrong, or that is gone, changes nothing and is told of once."""

    def __init__(
        self,
        now: S,
        load: Callable[[], S],
        fixed: Collection[str],
        find: Callable[[], Path | None] = settings_file,
    ) -> None:
        """`load` reads all anew and raises `SettingsError`; `fixed` names what counts after a restart only.

        `find` tells where the file is, None where there is none, and raises as `load` does.
        """
        self.now = now
        self._load = load
        self._fixed = fixed
        self._find = find
        self._last = self._signature()
        # What is there may have come after `now` was read.
        self._known: object = None if self._last is None else _UNREAD

    def look(self) -> S | None:
        """The new settings if the file was changed, is right, and says something else; they are not yet `now`.

        A change counts when two looks in a row find the file the same: half of a file can be right as well, and nothing
        in it, which is what an editor leaves for a moment, says that everything is as usual.
        """
        seen = self._signature()
        before, self._last = self._last, seen
        return self._take_up(seen) if seen == before != self._known else None

    def _take_up(self, seen: object) -> S | None:
        if seen is None:
            self._refuse(seen, "the file of settings is gone")
            return None
        try:
            new = self._load()
        except Exception as error:  # whatever it is: who looks must go on looking
            self._refuse(seen, str(error))
            return None
        if self._signature() != seen:
            return None  # it was written meanwhile
        self._known = seen
        late = [name for name in self._fixed if getattr(new, name) != getattr(self.now, name)]
        if late:
            log.warning("these settings count after a restart", settings=sorted(late))
        new = new.model_copy(update={name: getattr(self.now, name) for name in late})
        return None if new == self.now else new

    def _refuse(self, seen: object, why: str) -> None:
        self._known = seen
        log.warning("the settings were changed and are wrong; the old ones stay", error=why)

    def _signature(self) -> object:
        """What differs whenever the file does: https://docs.python.org/3/library/os.html#os.stat_result."""
        try:
            path = self._find()
            if path is None:
                return None
            about = path.stat()
        except (SettingsError, OSError) as error:
            return str(error)
        return str(path), about.st_ino, about.st_size, about.st_mtime_ns
