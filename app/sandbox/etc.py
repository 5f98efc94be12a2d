"""The sandbox's own `/etc`: copies of what programs need of the system's, and nothing else.

One folder is mounted in place of eight files and folders: each mount takes as long as starting a small program.
"""

import os
import shutil
import stat
from functools import lru_cache
from pathlib import Path

from app.sandbox.scratch import scratch

_SYSTEM = Path("/etc")
_NAMES = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "ssl", "localtime", "mime.types")
_MOUNTED_OVER = ("passwd", "group")
_HOSTS = "127.0.0.1 localhost\n::1 localhost\n"


@lru_cache(maxsize=1)
def etc() -> Path:
    """The folder, made once for a process: what the system changes later is there when the process is started anew."""
    return lay_out(_SYSTEM, scratch() / "etc")


def lay_out(system: Path, place: Path) -> Path:
    """Copy what everybody may read; links within stay links. What is not there is left out."""
    place.mkdir(mode=0o755)
    for name in _NAMES:
        source = system / name
        if source.exists():
            _copy(source.resolve(), place / name)
    (place / "hosts").write_text(_HOSTS)
    for name in _MOUNTED_OVER:
        (place / name).touch()
        (place / name).chmod(0o644)
    (place / "hosts").chmod(0o644)
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
            _copy(Path(each.path), place / each.name)
    elif stat.S_ISREG(about.st_mode) and about.st_mode & stat.S_IROTH:
        shutil.copyfile(source, place, follow_symlinks=False)
        place.chmod(0o644)
