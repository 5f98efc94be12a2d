"""The sandbox's own `/etc`: copies of what programs need of the system's, and nothing else.

One folder is mounted in place of eight files and folders: each mount takes as long as starting a small program.
"""

import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from app.sandbox.errors import SandboxUnavailableError
from app.sandbox.scratch import scratch

_SYSTEM = Path("/etc")
_NAMES = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "ssl", "localtime", "mime.types")
_TELLING = (*_NAMES, "ssl/certs")
"""What is written anew when the system changes what is copied; of a folder that is when a name in it comes or goes."""
_MOUNTED_OVER = ("passwd", "group")
_HOSTS = "127.0.0.1 localhost\n::1 localhost\n"
_made: dict[tuple[int, ...], Path] = {}


def etc() -> Path:
    """The folder, laid out anew when the system's has changed or somebody has tidied it away.

    Raises `SandboxUnavailableError` when there is no room for it.
    """
    state = tuple(_changed_ns(_SYSTEM / name) for name in _TELLING)
    known = _made.get(state)
    if known is None or not (known / _MOUNTED_OVER[0]).exists():
        try:
            known = _made[state] = lay_out(_SYSTEM, Path(tempfile.mkdtemp(prefix="etc-", dir=scratch())))
        except OSError as error:
            raise SandboxUnavailableError(f"the sandbox's /etc: {error}", "Make room where TMPDIR points.") from error
    return known


def lay_out(system: Path, place: Path) -> Path:
    """Copy what everybody may read; links within stay links. What is not there is left out."""
    for name in _NAMES:
        with suppress(FileNotFoundError):
            _copy((system / name).resolve(strict=True), place / name)
    (place / "hosts").write_text(_HOSTS)
    for name in ("hosts", *_MOUNTED_OVER):
        (place / name).touch()
        (place / name).chmod(0o644)
    place.chmod(0o755)
    return place


def _copy(source: Path, place: Path) -> None:
    about = source.lstat()
    if stat.S_ISLNK(about.st_mode):
        place.symlink_to(source.readlink())
    elif stat.S_ISDIR(about.st_mode) and about.st_mode & stat.S_IROTH and about.st_mode & stat.S_IXOTH:
        place.mkdir()
        place.chmod(0o755)
        for each in os.scandir(source):
            with suppress(FileNotFoundError):  # the system takes some away while it makes them anew
                _copy(Path(each.path), place / each.name)
    elif stat.S_ISREG(about.st_mode) and about.st_mode & stat.S_IROTH:
        shutil.copyfile(source, place, follow_symlinks=False)
        place.chmod(0o644)


def _changed_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
