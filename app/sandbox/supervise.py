"""Watching one sandboxed command from outside, and ending it with all that it started."""

import asyncio
import errno
import math
import os
import signal
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil
import structlog

from app.sandbox.box import Ended, Limits
from app.sandbox.first_inside import FirstInside
from app.sandbox.output import Output

_TICK_S = 0.2
_DISK_EVERY = 5
_DEEPEST = 200
_ENTRY_BYTES = 4096
"""What each counts for at least: empty files take no block, and millions of them everything else of a file system."""
_DISCARD_S = 5.0
_FLOOD_BYTES = 64 * 1024**2
"""Output beyond this ends the command; what is kept is much less."""

log = structlog.get_logger()


class Supervisor:
    """Drains the output and enforces what rlimits cannot: time, the memory of all processes together, the disk.

    `watched` are the folders that can be written, which `disk_bytes` bounds together. `mark` stands in the command
    line of every process that bwrap makes before it starts the command, and in no other; `first` is the one that all
    others end with once the command was started.
    """

    def __init__(
        self,
        process: Process,
        watched: Sequence[Path],
        limits: Limits,
        output: Output,
        mark: str,
        first: FirstInside,
    ) -> None:
        self._process = process
        self._mark = mark
        self._first = first
        self._killed = False
        self._watched = watched
        self._limits = limits
        self._output = output
        self._ended: Ended = "exit"

    async def see_to_the_end(self, stdin: bytes) -> Ended:
        """Wait for the command; return how it ended. It is gone, with every child, when this returns or raises."""
        watch = asyncio.create_task(self._watch())
        watch.add_done_callback(self._unwatched)
        try:
            async with asyncio.timeout(self._limits.wall_s):
                await asyncio.gather(self._feed(stdin), self._drain())
                await self._process.wait()
            if await self._is_full():
                self._end("disk")
        except TimeoutError:
            self._end("timeout")
        finally:
            watch.cancel()
            await self.end()
        if self._ended == "exit" and self._process.returncode is not None and self._process.returncode < 0:
            return "killed"
        return self._ended

    async def end(self) -> None:
        """End the command, if it has not ended, with all that it started."""
        self._kill()
        if self._killed:
            await asyncio.to_thread(_kill_marked, self._mark)
        await self._first.end()
        await self._discard()
        await self._process.wait()

    async def _feed(self, stdin: bytes) -> None:
        pipe = self._process.stdin
        if pipe is None:
            return
        with suppress(BrokenPipeError, ConnectionResetError):
            pipe.write(stdin)
            await pipe.drain()
        pipe.close()

    async def _drain(self) -> None:
        pipe = self._process.stdout
        while pipe is not None and (chunk := await pipe.read(65_536)):
            self._output.add(chunk)
            if self._output.total > _FLOOD_BYTES:
                self._end("output")
                await self._discard()
                return

    async def _discard(self) -> None:
        """Read to the end what nobody wants any more: a pipe that still holds something is never closed."""
        pipe = self._process.stdout
        with suppress(TimeoutError):
            async with asyncio.timeout(_DISCARD_S):
                while pipe is not None and await pipe.read(65_536):
                    pass

    async def _watch(self) -> None:
        ticks = 0
        while True:
            await asyncio.sleep(_TICK_S)
            if await asyncio.to_thread(_is_over, self._process.pid, self._limits.memory_bytes):
                self._end("memory")
            ticks += 1
            if ticks % _DISK_EVERY == 0 and await self._is_full():
                self._end("disk")

    async def _is_full(self) -> bool:
        used = [await asyncio.to_thread(disk_of, each) for each in self._watched]
        return sum(used) > self._limits.disk_bytes

    def _unwatched(self, watch: "asyncio.Task[None]") -> None:
        """Nothing goes on that nobody watches."""
        if not watch.cancelled() and (error := watch.exception()) is not None:
            log.error("a command could not be watched and was ended", exc_info=error)
            self._end("killed")

    def _end(self, how: Ended) -> None:
        if self._ended == "exit":
            self._ended = how
        self._kill()

    def _kill(self) -> None:
        """Killing bwrap ends the first process of its pid namespace, and with it everything inside."""
        if self._process.returncode is None:
            self._killed = True
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _kill_marked(mark: str) -> None:
    """End what was left alone: bwrap's first process inside, when the one outside was killed before it had asked to
    be told of that (`PR_SET_PDEATHSIG` tells nothing of a parent that is dead already: prctl(2)).
    """
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if mark.encode() in place.read_bytes():
                os.kill(int(place.parent.name), signal.SIGKILL)


def _is_over(pid: int, limit: int) -> bool:
    """Whether a process and its children use more memory than `limit` bytes.

    Resident sizes count shared pages for each process, so forked children look larger than they are; when their sum is
    too much the proportional sizes decide, which cost more to read.
    """
    with suppress(psutil.Error):
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
        return sum(map(_resident, family)) > limit and sum(map(_proportional, family)) > limit
    return False


def _resident(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0


def _proportional(process: psutil.Process) -> int:
    """Pss and swap of one process (https://docs.kernel.org/filesystems/proc.html); its resident size if unreadable."""
    try:
        rows = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return _resident(process)
    return sum(int(row.split()[1]) * 1024 for row in rows if row.startswith(("Pss:", "SwapPss:")))


def disk_of(worktree: Path) -> float:
    """Bytes on disk; infinity for what is nested so deep that it cannot be counted, nor be removed easily."""
    total, waiting = 0, [(os.fspath(worktree), 0)]
    while waiting:
        folder, depth = waiting.pop()
        if depth > _DEEPEST:
            return math.inf
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                return math.inf
            continue  # it is gone again
        for entry in entries:
            try:  # for each of many files: `suppress` takes as long as the look
                total += max(entry.stat(follow_symlinks=False).st_blocks * 512, _ENTRY_BYTES)
            except OSError:
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, depth + 1))
    return total
