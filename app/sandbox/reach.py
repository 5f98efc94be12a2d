"""Letting a user without rights reach what lies under root's own folders.

Started by root, commands run as a user of their own, who cannot pass through `/root`. What is needed is bound under a
folder that everybody can pass, in a mount namespace that the process keeps; each command enters it and drops root's
rights there, before bubblewrap makes one of its own. Nobody else sees these mounts, and they end with the process.
"""

import os
import shutil
import stat
import subprocess
import tempfile
import threading
import weakref
from pathlib import Path

from app.sandbox.errors import SandboxUnavailableError
from app.sandbox.scratch import scratch

_MOST = 64
"""Every command's own namespace begins as a copy of all mounts: with more of them, a new one is begun."""
_REMEDY = "Install util-linux and mount and allow both to work, or run Quorum as another user than root."


class Reach:
    """For one command: `path` says where bubblewrap finds a folder, `launcher` what has to stand before it.

    Raises `SandboxUnavailableError` where something is missing that root needs for this.
    """

    def __init__(self, uid: int) -> None:
        self._uid = uid
        self._room = _a_room() if os.getuid() == 0 else None

    def path(self, source: Path) -> str:
        return str(source) if self._room is None else self._room.place_of(source)

    def launcher(self) -> list[str]:
        if self._room is None:
            return []
        return [*self._room.enter(), f"--setgid={self._uid}", f"--setuid={self._uid}", "--"]


class _Room:
    """A mount namespace that lives as long as its descriptor. It hears of the machine's mounts and tells none."""

    def __init__(self) -> None:
        for tool in ("unshare", "nsenter", "mount"):
            if shutil.which(tool, path="/usr/bin") is None:
                raise SandboxUnavailableError(f"/usr/bin/{tool} was not found", _REMEDY)
        self._folder = Path(tempfile.mkdtemp(prefix="mounts-", dir=scratch()))
        self._folder.chmod(0o755)
        self.owner = os.getpid()
        self._lock = threading.Lock()
        self._points = 0
        self._bound: dict[Path, tuple[int, int, Path]] = {}
        self._descriptor = _new_namespace()
        weakref.finalize(self, os.close, self._descriptor)

    @property
    def is_full(self) -> bool:
        return self._points >= _MOST

    def enter(self) -> list[str]:
        # Not handed on as a descriptor, which would stay open in the sandbox.
        return ["/usr/bin/nsenter", f"--mount=/proc/{os.getpid()}/fd/{self._descriptor}"]

    def place_of(self, source: Path) -> str:
        """Where a folder is found by everybody. It may be another one by now than the last time."""
        top, rest = _first_out_of_reach(source.resolve())
        if top is None:
            return str(rest)
        about = top.stat()
        with self._lock:
            known = self._bound.get(top)
            # What is bound stays in use, so that no other folder can get its number meanwhile.
            if known is None or known[:2] != (about.st_dev, about.st_ino):
                known = self._bound[top] = (about.st_dev, about.st_ino, self._bind(top))
            return str(known[2] / rest)

    def _bind(self, top: Path) -> Path:
        self._points += 1
        point = self._folder / str(self._points)
        point.mkdir(mode=0o755)
        _run([*self.enter(), "--", "/usr/bin/mount", "--bind", "--", str(top), str(point)])
        return point


_newest: list[_Room] = []


def _a_room() -> _Room:
    """The newest, which whoever has an older one need not know: that one ends with the last command in it.

    A worker that was forked begins its own, as its siblings would count on from the same number.
    """
    if not _newest or _newest[0].is_full or _newest[0].owner != os.getpid():
        _newest[:] = [_Room()]
    return _newest[0]


def _first_out_of_reach(source: Path) -> tuple[Path | None, Path]:
    """The topmost folder below the last one that others cannot pass, and the way from there; None if all can."""
    parents = list(source.parents)  # from the nearest to /
    for at, parent in enumerate(parents):
        if not parent.stat().st_mode & stat.S_IXOTH:
            top = parents[at - 1] if at else source
            return top, source.relative_to(top)
    return None, source


def _new_namespace() -> int:
    """The descriptor of one, made by a process that ends again."""
    command = ["/usr/bin/unshare", "--mount", "--propagation", "slave", "--", "/bin/cat"]
    with subprocess.Popen(command, env={}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("pipes were asked for")
        process.stdin.write(b"\n")
        if not process.stdout.read(1):  # it answers once it is in there
            raise SandboxUnavailableError("unshare could make no mount namespace", _REMEDY)
        return os.open(f"/proc/{process.pid}/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)


def _run(command: list[str]) -> None:
    ended = subprocess.run(command, env={}, capture_output=True, check=False)
    if ended.returncode:
        told = ended.stderr.decode("utf-8", "replace").strip()
        raise SandboxUnavailableError(f"{command[0]} ended with {ended.returncode}: {told}", _REMEDY)
