"""Settings that follow their file while a process lives."""

from collections.abc import Callable, Collection
from typing import Generic, TypeVar

import structlog
from pydantic import BaseModel

from app.sources.file import SettingsError, settings_file

S = TypeVar("S", bound=BaseModel)
LOOK_S = 3.0
"""How often a process looks whether the file was changed: one `stat`."""

log = structlog.get_logger()


class Live(Generic[S]):
    """`now` are the settings that count. A file that is wrong, or that is gone, changes nothing and is told of once."""

    def __init__(self, now: S, load: Callable[[], S], fixed: Collection[str]) -> None:
        """`load` reads all anew and raises `SettingsError`; `fixed` names what counts after a restart only."""
        self.now = now
        self._load = load
        self._fixed = fixed
        self._seen = _signature()

    def look(self) -> S | None:
        """The new settings if the file was changed, is right, and says something else; they are not yet `now`."""
        seen = _signature()
        if seen == self._seen:
            return None
        self._seen = seen
        try:
            new = self._load()
        except SettingsError as error:
            log.warning("the settings were changed and are wrong; the old ones stay", error=str(error))
            return None
        late = [name for name in self._fixed if getattr(new, name) != getattr(self.now, name)]
        if late:
            log.warning("these settings count after a restart", settings=sorted(late))
        new = new.model_copy(update={name: getattr(self.now, name) for name in late})
        return None if new == self.now else new


def _signature() -> object:
    """What differs whenever the file does: https://docs.python.org/3/library/os.html#os.stat_result."""
    try:
        path = settings_file()
        if path is None:
            return None
        about = path.stat()
    except (SettingsError, OSError) as error:
        return str(error)
    return str(path), about.st_ino, about.st_size, about.st_mtime_ns
