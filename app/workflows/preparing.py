"""Setting a project up: its commands run with a way to the package registries, and what they leave is kept.

This is the only time that anything has a way out, and nothing that a model chose has run or runs then: the commands
are those of the base branch, the work tree is laid out for them alone, and what they leave is only read afterwards.
"""

import asyncio
import secrets
import shlex
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.agents.cut import last_lines
from app.forge.git import list_files
from app.sandbox import exposing
from app.sandbox.box import Box, Limits, Prepared
from app.sandbox.leftovers import take_leftovers
from app.sandbox.online import Traffic, way_out
from app.sandbox.prepared import WORK
from app.sandbox.removal import remove_tree
from app.sandbox.worktree import checkout

_LIMITS = Limits(
    wall_s=900, cpu_s=1800, memory_bytes=4 * 1024**3, processes=1024, disk_bytes=4 * 1024**3, output_bytes=24_000
)
"""`wall_s`: of all commands together."""
_OUTPUT_CHARS, _LINE_CHARS = 2000, 200
_VENV = (
    "command -v python3 >/dev/null || exit 0; python3 -m venv --system-site-packages ~/venv"
    f" && exec ~/venv/bin/python3 -c {shlex.quote(Path(exposing.__file__).read_text())}"
)
_SHELL = 'command -v bash >/dev/null && exec bash -c "$0"; exec sh -c "$0"'
"""The steps of a workflow on GitHub are for bash."""


@dataclass(frozen=True)
class Made:
    """`why`: in one line, what went wrong; empty where all is there. `output`: the end of what was printed.

    `refused`: hosts that were asked for and are not allowed.
    """

    why: str = ""
    output: str = ""
    refused: tuple[str, ...] = ()
    seconds: float = 0.0


async def make(
    box: Box, mirror: Path, sha: str, commands: Sequence[str], place: Path, *, hosts: Collection[str]
) -> Made:
    """Lay `sha` out, run `commands` there and keep in `place` what they left.

    Several may do so at once: the first who ends counts. Where a command fails nothing is kept. The tree lies beside
    what is kept of it, as it could not be moved there from the work trees where those are a volume of their own.
    """
    new = place.with_name(f".{place.name}-{secrets.token_hex(6)}")
    worktree, started = new / WORK, time.monotonic()
    try:
        await asyncio.to_thread(_make_room, new)
        await checkout(mirror, sha, worktree)
        made = await _run(box, commands, new, worktree, hosts)
        if not made.why:
            tracked = await list_files(mirror, sha)
            try:
                await asyncio.to_thread(_keep, worktree, tracked, new, place)
            except OSError as error:
                made = replace(made, why=f"what it left could not be kept: {error.strerror}")
    finally:
        await asyncio.to_thread(remove_tree, new)
    return replace(made, seconds=round(time.monotonic() - started, 1))


async def _run(box: Box, commands: Sequence[str], new: Path, worktree: Path, hosts: Collection[str]) -> Made:
    ends, no_venv = time.monotonic() + _LIMITS.wall_s, ""
    async with way_out(hosts, new) as out:
        prepared = Prepared(new, out.socket)
        for command in (_VENV, *commands):
            limits = replace(_LIMITS, wall_s=max(1.0, ends - time.monotonic()))
            result = await box.run(["sh", "-c", _SHELL, command], worktree=worktree, limits=limits, prepared=prepared)
            if not result.ok and command is _VENV:  # what needs none is set up all the same
                no_venv = f"; before, no virtual environment could be made: {last_lines(result.output, _LINE_CHARS)}"
            elif not result.ok:
                how = f"exit code {result.exit_code}"
                if result.ended != "exit":
                    how = f"ended by {result.ended} after {result.seconds:.0f} s"
                refused = tuple(sorted(out.refused))
                spent = f"; more than {Traffic().bytes_in_all:,} bytes went through its proxy" if out.spent else ""
                return Made(f"{command}: {how}{spent}{no_venv}", last_lines(result.output, _OUTPUT_CHARS), refused)
    return Made(refused=tuple(sorted(out.refused)))


def _make_room(new: Path) -> None:
    new.mkdir(parents=True, mode=0o755)
    for name in ("home", "tree"):
        (new / name).mkdir(mode=0o755)


def _keep(worktree: Path, tracked: Collection[str], new: Path, place: Path) -> None:
    kept = take_leftovers(worktree, tracked, new / "tree")
    for done in (worktree, new / "tmp", new / "home" / ".cache"):
        remove_tree(done)
    (new / "kept").write_text("".join(f"{path}\n" for path in kept))
    try:
        new.rename(place)
    except OSError:
        if not place.is_dir():  # somebody else was quicker, with the same
            raise
