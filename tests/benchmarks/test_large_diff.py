"""A large pull request parsed, mapped and packed, against `git diff` of the same; what it holds and what it sends."""

import asyncio
import subprocess
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from app.agents.hunks import FileDiff
from app.agents.pack import Packed, ReviewPack, render_parts
from app.forge.git import diff
from app.knowledge.context import Touched, look_around
from app.sandbox.filewise import filewise

T = TypeVar("T")


@pytest.mark.parametrize(("files", "lines"), [(600, 20_000), (6_000, 200_000)])
def test_a_large_diff_against_git_diff(files: int, lines: int, tmp_path: Path) -> None:
    mirror = tmp_path / "mirror.git"
    subprocess.run(["git", "init", "--quiet", "--bare", mirror], check=True)
    stream = b"".join(history(files, lines // files + 1))
    subprocess.run(["git", "fast-import", "--quiet"], cwd=mirror, input=stream, check=True)
    git_s, raw = timed(lambda: asyncio.run(diff(mirror, "main~1", "main")))
    parse_s, (found, touched) = timed(lambda: read(raw))
    around_s, around = timed(lambda: asyncio.run(look_around(mirror, "main", touched)))
    noted = [FileDiff(each.path, each.text, each.lines, *notes_of(around, each.path)) for each in found]
    pack_s, packed = timed(lambda: pack(noted))
    tracemalloc.start()
    base = tracemalloc.get_traced_memory()[0]
    pack(read(raw)[0])
    peak = tracemalloc.get_traced_memory()[1] - base
    tracemalloc.stop()
    sent = sum(len(packed.prefix) + len(part.text) for part in packed.parts)
    changed = sum(raw.count(sign) for sign in (b"\n+", b"\n-")) - 2 * files  # less those of the names
    parsed, mapped, laid = (f"{taken / git_s:.2f}" for taken in (parse_s, around_s, pack_s))
    print(
        f"\n{files} files, {changed} changed lines, {len(raw) / 1e6:.1f} MB of diff: parsed in {parsed}, mapped in "
        f"{mapped}, packed in {laid} of the time of git diff ({git_s:.2f} s); at most {peak / len(raw):.1f} times the "
        f"diff held beside it; {len(packed.parts)} parts, {sent / len(raw):.2f} of the diff sent, "
        f"{len(packed.unread)} files unread"
    )
    assert len({span.path for part in packed.parts for span in part.spans}) + len(packed.unread) == files


def history(files: int, lines: int) -> Iterator[bytes]:
    """Two commits; the second changes in each file every other line of a few functions."""
    for version in (1, 2):
        yield f"commit refs/heads/main\ncommitter A <a@example.org> {1_600_000_000 + version} +0000\n".encode()
        yield b"data 1\nx\n"
        for number in range(files):
            kind = "tests/test_m" if number % 3 == 0 else "src/m"
            text = "".join(source(number, function, version) for function in range(lines // 8))
            yield f"M 100644 inline p{number // 30}/{kind}{number}.py\ndata {len(text)}\n{text}\n".encode()


def source(number: int, function: int, version: int) -> str:
    body = "".join(f"    value_{line} = compute({version}, {function}, {line})\n" for line in range(4))
    rest = "".join(f"    kept_{line} = compute({function}, {line})\n" for line in range(12))
    return f"def function_{number}_{function}(argument):\n{body}{rest}    return value_1\n\n\n"


def read(raw: bytes) -> tuple[list[FileDiff], list[Touched]]:
    found, touched = [], []
    for part, file in filewise(raw):
        text = part.decode()
        found.append(FileDiff(file.path, text, text.count("\n")))
        touched.append(Touched(file.path, file.added | file.beside_removed, file.shown))
    return found, touched


def notes_of(around: dict, path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (around[path].notes, around[path].related) if path in around else ((), ())


def pack(files: list[FileDiff]) -> Packed:
    return render_parts(ReviewPack("Mend it", "", [], files, [], "", "", "", 1, []))


def timed(do: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    value = do()
    return time.perf_counter() - start, value
