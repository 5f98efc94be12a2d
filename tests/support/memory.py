"""Where what tests write lies: in memory, where the machine has a place for that.

A commit to disk waits for milliseconds, and the tests make tens of thousands: databases, git's refs, journals. What has
to outlive a power failure no test can show.
"""

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 4 * 1024**3
"""A whole run needs less; containers often have 64 MB there, and then the disk is taken."""


def write_to_memory() -> None:
    """For this process and those that it starts. Who sets TMPDIR is obeyed."""
    if "TMPDIR" not in os.environ and _is_fit():
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


def _is_fit() -> bool:
    """Tests write programs too, which could not be started from a place that is mounted `noexec`."""
    if not os.access(_MEMORY, os.W_OK | os.X_OK) or shutil.disk_usage(_MEMORY).free < _ROOM_BYTES:
        return False
    return not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
