"""The real `quorum sandbox`, as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

LISTENS = "the sandbox listens"


class SandboxProcess:
    """Started when the block begins, which goes on once it listens; `told` is what it said until then, later all."""

    def __init__(
        self, folder: Path, more: Mapping[str, str] | None = None, quorum: Sequence[str] = ("-m", "app.cli")
    ) -> None:
        self._quorum = quorum
        self.place = folder / "sandbox.sock"
        self.root = folder / "worktrees"
        self.prepared = folder / "prepared"
        self.told = ""
        self._environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **(more or {})}
        self._environment["QUORUM_DATA_DIR"] = str(folder)
        if "TMPDIR" in os.environ:
            self._environment["TMPDIR"] = os.environ["TMPDIR"]

    def __enter__(self) -> Self:
        command = [sys.executable, *self._quorum, "sandbox", "--socket", str(self.place)]
        self.process = subprocess.Popen(command, env=self._environment, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.told += line
            if LISTENS in line:
                return self
        raise AssertionError(f"it ended with {self._gone()}: {self.told}")

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> int:
        """As a supervisor does."""
        self.process.terminate()
        return self._gone()

    def kill(self) -> int:
        self.process.kill()
        return self._gone()

    def _gone(self) -> int:
        if self.process.returncode is None:
            self.told += self.process.communicate()[1]
        return self.process.returncode

    def tree(self, name: str) -> Path:
        folder = self.root / "run" / name
        folder.mkdir(parents=True)
        return folder


class Sign:
    """A pipe in a work tree, by which a command tells that it goes on, and the kernel that nobody of it is left."""

    given = "echo begun > sign"
    given_until_the_end = "exec 3> sign; echo begun >&3; sleep 999 & sleep 999"

    def __init__(self, tree: Path) -> None:
        self._place = tree / "sign"

    def __enter__(self) -> Self:
        os.mkfifo(self._place)
        self._place.chmod(0o666)
        self._read = -1
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._read)
        self._place.unlink()

    def wait(self) -> None:
        """Until the command has begun."""
        self._read = os.open(self._place, os.O_RDONLY)
        assert os.read(self._read, 100) == b"begun\n"

    def is_gone(self) -> bool:
        """Whether no process of the command is left at this moment."""
        os.set_blocking(self._read, False)
        try:
            return os.read(self._read, 1) == b""
        except BlockingIOError:
            return False

    def wait_for_its_end(self) -> None:
        os.set_blocking(self._read, True)
        assert os.read(self._read, 1) == b""
