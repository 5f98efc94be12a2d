"""Outlines made in a process apart: a parser that breaks, or never ends, takes nothing with it but its own file."""

import asyncio
import os
import sys
from collections.abc import Sequence

from pydantic import TypeAdapter, ValidationError

from app.knowledge.outlining import HEADER
from app.knowledge.symbols import Symbol

CHILD = "app.knowledge.outlining"
_OUTLINE = TypeAdapter(tuple[Symbol, ...])
_TIMEOUT_S = 120.0
_MOST_BREAKS = 3


async def outlines_apart(files: Sequence[tuple[str, bytes]]) -> list[tuple[Symbol, ...]]:
    """The outline of each file, by path and bytes; () for those over which the process broke."""
    found: list[tuple[Symbol, ...]] = []
    for _ in range(_MOST_BREAKS):
        rest = files[len(found) :]
        if not rest:
            break
        made = await _attempt(rest)
        found += made
        if len(made) < len(rest):
            found.append(())  # the file that it broke over
    return [*found, *[()] * (len(files) - len(found))]


async def _attempt(files: Sequence[tuple[str, bytes]]) -> list[tuple[Symbol, ...]]:
    """As many as could be read before the process ended."""
    # -P, and a folder of nobody's: the working directory can be what is reviewed, and Python would execute its `app/`.
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", CHILD),
        cwd="/",
        env={"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            out, _ = await process.communicate(b"".join(_framed(path, source) for path, source in files))
    except TimeoutError:
        out = b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return [_parse(line) for line in out.split(b"\n")[:-1][: len(files)]]  # after the last line feed it broke


def _framed(path: str, source: bytes) -> bytes:
    name = os.fsencode(path)
    return HEADER.pack(len(name), len(source)) + name + source


def _parse(line: bytes) -> tuple[Symbol, ...]:
    """What read strangers' bytes is not believed either."""
    try:
        return _OUTLINE.validate_json(line)
    except ValidationError:
        return ()
