"""Many files of one commit, read by one git, within bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.gitcmd import git


@dataclass(frozen=True)
class Blob:
    """A file's object and its size in bytes."""

    name: str
    size: int


async def find_blobs(mirror: Path, commit: str, paths: Sequence[str]) -> dict[str, Blob]:
    """By path, in the order asked for; what is no file of the commit is left out."""
    asked = [path for path in dict.fromkeys(paths) if "\n" not in path]
    how = "--batch-check=%(objecttype) %(objectsize) %(objectname)"
    told = (await _cat(mirror, how, [f"{commit}:{path}" for path in asked])).split(b"\n")
    found = {}
    for path, line in zip(asked, told, strict=False):
        kind, _, rest = line.decode("utf-8", "replace").partition(" ")
        size, _, name = rest.partition(" ")
        if kind == "blob" and size.isdigit():
            found[path] = Blob(name, int(size))
    return found


async def read_blobs(
    mirror: Path, commit: str, paths: Sequence[str], *, most_each: int, most_together: int
) -> dict[str, bytes]:
    """Files by path, in the order asked for. Those that are not there, too large or beyond the room are left out."""
    chosen: dict[str, str] = {}
    room = most_together
    for path, blob in (await find_blobs(mirror, commit, paths)).items():
        if blob.size <= min(most_each, room):
            room -= blob.size
            chosen[path] = blob.name
    out = await _cat(mirror, "--batch", list(chosen.values()))
    found, position = {}, 0
    for path in chosen:
        start = out.index(b"\n", position) + 1
        size = int(out[position:start].split()[2])
        found[path] = out[start : start + size]
        position = start + size + 1
    return found


async def _cat(mirror: Path, how: str, names: Sequence[str]) -> bytes:
    if not names:
        return b""
    asked = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    return await git("cat-file", how, git_dir=mirror, stdin=asked)
