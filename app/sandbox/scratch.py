"""One folder of this process's own that everybody can pass; what killed processes left is removed by the next one."""

import atexit
import fcntl
import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

_PREFIX = "quorum-sandbox-"


@lru_cache(maxsize=1)
def scratch() -> Path:
    """The folder. It is locked as long as the process lives, which is how others tell that it is in use."""
    _remove_leftovers(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    folder.chmod(0o755)
    # What is mounted is not read here, so that it looks unused to systemd-tmpfiles, which spares locked folders:
    # https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html#Age
    fcntl.flock(os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC), fcntl.LOCK_SH)
    fresh = folder / "fresh"
    lock = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    # Only now can it be taken for a leftover.
    fresh.rename(folder / "lock")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _remove_leftovers(temporary: Path) -> None:
    for folder in temporary.glob(f"{_PREFIX}*"):
        try:
            if folder.is_symlink() or folder.lstat().st_uid != os.getuid():
                continue
            lock = os.open(folder / "lock", os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:
            continue  # not ours to judge, or another process was quicker
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)
