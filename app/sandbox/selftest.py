"""Proving at start that the sandbox holds. What is not proved here and now is not trusted, and nothing is executed.

Each proof is a program that tries to do the forbidden thing and prints `HELD` when it could not; the ones that could
fail for another reason are given something that would work outside (a listener, a readable file).
"""

import asyncio
import secrets
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.sandbox.box import Box, Ended, Limits, Result
from app.sandbox.errors import SandboxUnavailableError

_LIMITS = Limits(wall_s=20.0, cpu_s=10, memory_bytes=256 * 1024**2, processes=32, disk_bytes=64 * 1024**2)
_AT_ONCE = 4
_REMEDY = (
    "Nothing is executed until this holds. User namespaces must be allowed (`sysctl kernel.unprivileged_userns_clone=1`"
    " on Debian; an AppArmor profile for bwrap on Ubuntu 23.10 or newer; in a container a seccomp profile that permits"
    " unshare and mount), and git, util-linux and libseccomp2 be installed."
)
_PREAMBLE = """
import errno, os, socket, sys
def refused(do, *errors):
    try:
        do()
    except OSError as error:
        if not errors or error.errno in errors:
            return
        raise
    sys.exit("it was possible")
"""
_PROGRAMS = {
    "no network": "refused(lambda: socket.create_connection(('127.0.0.1', {port}), 3), errno.ECONNREFUSED)\n"
    "refused(lambda: socket.create_connection(('192.0.2.1', 80), 3), errno.ENETUNREACH)",
    "the host's files cannot be read": "refused(lambda: open({secret!r}).read(), errno.ENOENT, errno.EACCES)\n"
    "refused(lambda: open('/proc/1/root' + {secret!r}).read())",
    "the host's files cannot be written": "refused(lambda: open({secret!r}, 'w'))",
    "the system cannot be written": "refused(lambda: open('/usr/quorum', 'w'))\n"
    "refused(lambda: open('/etc/quorum', 'w'))\nrefused(lambda: open('/quorum', 'w'))",
    "the launcher's environment is not seen": "import glob\nfor name in glob.glob('/proc/[0-9]*/environ'):\n"
    "    try:\n        seen = open(name, 'rb').read()\n    except OSError:\n        continue\n"
    "    if any(name in seen for name in (b'QUORUM_', b'ANTHROPIC', b'GITHUB_', b'LD_PRELOAD')):\n"
    "        sys.exit('seen in ' + name)",
    "the host's processes are not seen": "count = sum(name.isdigit() for name in os.listdir('/proc'))\n"
    "if count > 4:\n    sys.exit(f'{{count}} processes are seen')",
    "no user namespace within": "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
    "if libc.unshare(0x10000000) == 0:\n    sys.exit('it was possible')",
    "the work tree can be written": "open('/work/proof', 'w').write('x')",
    "no descriptor is inherited": "found = sorted(int(name) for name in os.listdir('/proc/self/fd'))\n"
    "if len(found) > 4:\n    sys.exit(f'descriptors {{found}}')",
    "processes are bounded": "def spawn():\n    for _ in range(200):\n        if os.fork() == 0:\n"
    "            import time\n            time.sleep(30)\n            os._exit(0)\nrefused(spawn, errno.EAGAIN)",
}


@dataclass(frozen=True)
class Proof:
    """One thing that must hold in the sandbox. `detail` says what was seen when it did not.

    `undecided`: the program did not get as far as saying either, as on a machine that is too busy.
    """

    name: str
    held: bool
    detail: str
    undecided: bool = False


async def prove(box: Box) -> tuple[Proof, ...]:
    """Try each thing that must be impossible. Raises `SandboxUnavailableError` when nothing can be started at all."""
    with _bait() as (worktree, secret, port):
        lanes = asyncio.Semaphore(_AT_ONCE)

        async def prove_one(name: str, program: str) -> Proof:
            async with lanes:
                return await _prove(box, worktree, name, program.format(secret=str(secret), port=port))

        # Each is waited for, also after the first has failed: they work in a tree that goes away, and a loop that
        # closes meanwhile waits for ever for a process that was half started.
        ended = await asyncio.gather(*(prove_one(*each) for each in _PROGRAMS.items()), return_exceptions=True)
        proofs = [each for each in ended if isinstance(each, Proof)]
        for each in ended:
            if isinstance(each, BaseException):
                raise each
        return (*proofs, await _prove_memory(box, worktree))


async def require(box: Box) -> tuple[Proof, ...]:
    """Return the proofs if all hold. Raises `SandboxUnavailableError` that lists what did not."""
    proofs = await prove(box)
    check(proofs)
    return proofs


def check(proofs: Sequence[Proof]) -> None:
    """Raises `SandboxUnavailableError` that lists what did not hold."""
    broken = [f"{proof.name}: {proof.detail}" for proof in proofs if not proof.held]
    if broken:
        raise SandboxUnavailableError("isolation does not hold (" + "; ".join(broken) + ")", _REMEDY)


async def _prove(box: Box, worktree: Path, name: str, program: str) -> Proof:
    result = await _run(box, worktree, f"{_PREAMBLE}\n{program}\nprint('HELD')", "exit")
    held = result.ok and result.output.strip() == "HELD"
    told = "" if held else f"{result.ended} {result.exit_code}: {result.output.strip()[-300:]}"
    return Proof(name, held, told, undecided=result.ended != "exit")


async def _prove_memory(box: Box, worktree: Path) -> Proof:
    """Several processes together, each within its own bound: only the supervisor can see this."""
    program = (
        "import os, time\nfor _ in range(6):\n    if os.fork() == 0:\n        kept = b'x' * (80 << 20)\n"
        "        time.sleep(30)\n        os._exit(0)\ntime.sleep(30)"
    )
    result = await _run(box, worktree, program, "memory")
    held = result.ended == "memory"
    return Proof("memory is bounded", held, "" if held else f"{result.ended} {result.exit_code}")


async def _run(box: Box, worktree: Path, source: str, ends: Ended) -> Result:
    """`ends`: how it ends where the sandbox holds."""
    argv = ["python3", "-I", "-c", source]
    result = await box.run(argv, worktree=worktree, limits=_LIMITS)
    if result.ended not in {"exit", ends}:
        # It did not get as far as showing either: on a busy machine that proves nothing, so it is asked once more.
        result = await box.run(argv, worktree=worktree, limits=_LIMITS)
    return result


@contextmanager
def _bait() -> Iterator[tuple[Path, Path, int]]:
    """A work tree, a host file that everybody may read, and a port of the host's loopback that answers."""
    with (
        tempfile.TemporaryDirectory(prefix="quorum-proof-") as folder,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        outside = Path(folder)
        outside.chmod(0o755)
        worktree, secret = outside / "work", outside / "outside"
        worktree.mkdir(mode=0o755)
        secret.write_text(secrets.token_hex(8))
        secret.chmod(0o666)
        yield worktree, secret, int(server.getsockname()[1])
