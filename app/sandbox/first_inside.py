"""The first process of a sandbox, with which the kernel ends all others in it: pid_namespaces(7).

bubblewrap asks to be ended when its own process outside ends. Commands can undo that where the kernel lets them write
to the memory of a process of their user (`/proc/1/mem`), so that it is ended from outside, too.
"""

import asyncio
import json
import os
import select
import signal
from contextlib import suppress
from pathlib import Path

import structlog

_GONE_MS = 10_000
_INFO_BYTES = 4096

log = structlog.get_logger()


class FirstInside:
    """What bubblewrap tells of it, and its end."""

    def __init__(self) -> None:
        self._info: int | None = None

    def tell(self) -> int:
        """A new descriptor for bubblewrap's `--info-fd`; the caller closes it."""
        self.close()
        self._info, told = os.pipe()
        os.set_blocking(self._info, False)
        return told

    async def end(self) -> None:
        """Have it gone, and all that it is the first of, when this returns.

        By then bubblewrap has told of it, or never will, and no command was started.
        """
        # Nothing was told, or it is gone, or its number is another's by now.
        with suppress(BlockingIOError, ValueError, KeyError, ProcessLookupError, PermissionError):
            about = json.loads(b"" if self._info is None else os.read(self._info, _INFO_BYTES))
            pid = int(about["child-pid"])
            os.kill(pid, 0)  # mostly it is gone by now, and no thread has to wait for it
            await asyncio.to_thread(_end, pid, int(about["pid-namespace"]))

    def close(self) -> None:
        if self._info is not None:
            os.close(self._info)
        self._info = None


def _end(pid: int, namespace: int) -> None:
    process = os.pidfd_open(pid)
    try:
        if _namespace_of(pid) != namespace:
            return  # another has its number by now
        signal.pidfd_send_signal(process, signal.SIGKILL)
        waiting = select.poll()
        waiting.register(process, select.POLLIN)
        if not waiting.poll(_GONE_MS):
            log.error("what a command started is not gone", process=pid)
    finally:
        os.close(process)


def _namespace_of(pid: int) -> int | None:
    try:
        return Path(f"/proc/{pid}/ns/pid").stat().st_ino
    except OSError:  # it has ended
        return None
