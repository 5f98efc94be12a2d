"""Commands that outlive the process that asked for them: one that takes an hour is not begun again after a crash.

A process of its own (`app.sandbox.lasting_child`) runs the command in the sandbox and enforces its limits; it says what
came of it in a folder that no command can reach. Whoever knows the folder can wait for it.
"""

import asyncio
import json
import os
import shutil
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Protocol, runtime_checkable

from pydantic import TypeAdapter, ValidationError

from app.sandbox.box import Limits, Prepared, Result
from app.sandbox.reading import read_within

FOLDER = "lasting"
"""Beside a run's work trees; each of its commands has a place in there."""
CHILD = "app.sandbox.lasting_child"
ORDER, RESULT, BEAT, STOP = "order.json", "result.json", "beat", "stop"
BEAT_S = 2.0
_SILENT_S = 30.0
"""Without a beat for so long, nobody runs it any more."""
_LOOK_S = 0.2
_MEANWHILE_EVERY = 50
_APART = '"$@" &'
"""The shell ends at once, so that the process is nobody's child whose end would have to be waited for."""
_MOST_BYTES = 64 * 1024**2
"""What lies in a place is read as what strangers wrote: whoever has broken out of a sandbox apart can write there."""
_RESULT = TypeAdapter(Result)


@runtime_checkable
class LastingBox(Protocol):
    """A `Box` that can also leave a command to a process of its own."""

    async def begin(
        self, place: Path, argv: Sequence[str], *, worktree: Path, limits: Limits, prepared: Prepared | None = None
    ) -> None:
        """Start it and return. `place` is a new folder outside of the work tree; at most one command a place."""
        ...


async def begin(place: Path, order: Mapping[str, object]) -> None:
    """Start the process that carries out an order. It belongs to no session of ours, and ends by itself."""
    await asyncio.to_thread(_prepare, place, order)
    environment = {"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LC_ALL": "C.UTF-8"}
    process = await asyncio.create_subprocess_exec(
        *("/bin/sh", "-c", _APART, "sh", sys.executable, "-P", "-m", CHILD, str(place)),
        env=environment,
        cwd="/",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    await process.wait()


async def wait(place: Path, meanwhile: Callable[[], Awaitable[None]]) -> Result | None:
    """What came of it; None when it broke off and nobody knows.

    `meanwhile` is called every few seconds; when it raises, the command goes on, unless `stop` is called.
    """
    looks = 0
    while (result := await asyncio.to_thread(_read, place)) is None:
        if await asyncio.to_thread(_age_s, place) > _SILENT_S:
            return await asyncio.to_thread(_read, place)
        looks += 1
        if looks % _MEANWHILE_EVERY == 0:
            await meanwhile()
        await asyncio.sleep(_LOOK_S)
    return result


def stop(place: Path) -> None:
    """Have the command ended; the process that runs it sees it within seconds."""
    with suppress(OSError):
        (place / STOP).touch()


def is_known(place: Path) -> bool:
    """Whether a command was left there that has ended, or is still watched by somebody."""
    return (place / RESULT).exists() or ((place / ORDER).exists() and _age_s(place) <= _SILENT_S)


def tree_of(place: Path) -> Path | None:
    """The work tree for which a command was ordered there; None where none was."""
    try:
        return Path(json.loads(read_within(place, ORDER, _MOST_BYTES) or b"")["worktree"])
    except (ValueError, TypeError, KeyError):
        return None


def write_result(place: Path, result: Result) -> None:
    """At once or not at all."""
    new = place / f"{RESULT}.new"
    new.write_text(json.dumps(asdict(result)))
    new.rename(place / RESULT)


def _prepare(place: Path, order: Mapping[str, object]) -> None:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True, mode=0o700)
    (place / ORDER).write_text(json.dumps(order))
    (place / BEAT).touch()


def _read(place: Path) -> Result | None:
    try:
        return _RESULT.validate_json(read_within(place, RESULT, _MOST_BYTES) or b"")
    except ValidationError:
        return None


def _age_s(place: Path) -> float:
    """Since the last beat."""
    try:
        return time.time() - (place / BEAT).stat().st_mtime
    except OSError:
        return float("inf")
