"""The port behind which untrusted code runs, and what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

TREE = "/work/"
"""Where a command finds the work tree; what programs tell of files begins with it."""


@dataclass(frozen=True)
class Limits:
    """Seconds, bytes, and a count of `processes` with their threads; `disk_bytes` bounds the whole work tree."""

    wall_s: float = 120.0
    cpu_s: int = 120
    memory_bytes: int = 2 * 1024**3
    processes: int = 256
    disk_bytes: int = 1024**3
    output_bytes: int = 64 * 1024


@dataclass(frozen=True)
class Prepared:
    """What a project's set-up left in the folder `place`, or leaves there now; its `home` and `tree`.

    `through`: while it is set up, the socket of a proxy (`app.sandbox.online`). Then `place/home` is the home
    directory, writable, and there is a way to the hosts that the proxy allows. Else what lies in `home` and in `tree`
    can be read at the same places in the home directory and in the work tree, and there is no network.
    """

    place: Path
    through: Path | None = None


Ended = Literal["exit", "timeout", "memory", "disk", "output", "killed"]


@dataclass(frozen=True)
class Result:
    """`output` is standard output and error as they came, head and tail kept when it was cut (`omitted_bytes` > 0)."""

    exit_code: int
    output: str
    ended: Ended = "exit"
    omitted_bytes: int = 0
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return self.ended == "exit" and self.exit_code == 0


class Box(Protocol):
    """Runs one command to its end, with the work tree as its only writable place beside a private /tmp.

    Each call is a fresh sandbox: no session, no state but the files. `writable=False` mounts the tree read-only.
    Raises `SandboxUnavailableError` when isolation cannot be had; never runs anything without it.
    """

    async def run(
        self,
        argv: Sequence[str],
        *,
        worktree: Path,
        limits: Limits,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        writable: bool = True,
        prepared: Prepared | None = None,
    ) -> Result: ...
