"""The process that reads what strangers wrote with parsers written in C. It has nothing that could be stolen.

Started by `app.knowledge.apart`. In: for each file two numbers of four bytes, then its path and its bytes. Out: a line
of JSON for each, in the same order.
"""

import json
import resource
import struct
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from typing import BinaryIO

from app.knowledge.outline import outline

HEADER = struct.Struct(">II")
_MEMORY_BYTES = 1024**3
_MOST_CPU_S = 60
_ENOUGH_CPU_S = 30.0
"""After so much of it, nothing more is read: the rest of the files has no outline."""


def main() -> None:
    _be_bounded()
    while True:
        header = sys.stdin.buffer.read(HEADER.size)
        if len(header) < HEADER.size:
            return
        path, source = _read(sys.stdin.buffer, *HEADER.unpack(header))
        symbols = outline(path, source) if time.process_time() < _ENOUGH_CPU_S else ()
        sys.stdout.write(json.dumps([asdict(each) for each in symbols]) + "\n")
        sys.stdout.flush()


def _read(stream: BinaryIO, path_bytes: int, source_bytes: int) -> tuple[str, bytes]:
    path = stream.read(path_bytes).decode("utf-8", "surrogateescape")
    return path, stream.read(source_bytes)


def _be_bounded() -> None:
    """Not every system has all of these limits; the parent's clock is there in any case."""
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_CPU, _MOST_CPU_S),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
