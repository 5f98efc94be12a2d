"""Reading a file of a work tree from outside of the sandbox, where a link planted in it could lead anywhere."""

import os
import stat
from contextlib import ExitStack, suppress
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read_within(root: Path, path: str, most_bytes: int) -> bytes | None:
    """The bytes of a regular file; None if it is not there, lies behind a link or has more than `most_bytes`."""
    with suppress(OSError, ValueError), ExitStack() as stack:

        def opened(name: str, flags: int, within: int | None = None) -> int:
            descriptor = os.open(name, flags, dir_fd=within)
            stack.callback(os.close, descriptor)
            return descriptor

        folder = opened(os.fspath(root), _FOLDER)
        *folders, name = path.split("/")
        if ".." in folders or path.startswith("/"):
            return None
        for each in folders:
            folder = opened(each, _FOLDER, folder)
        descriptor = opened(name, _FILE, folder)
        about = os.fstat(descriptor)
        if stat.S_ISREG(about.st_mode) and about.st_size <= most_bytes:
            return os.read(descriptor, most_bytes)
    return None
