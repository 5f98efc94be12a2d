"""Trees of git with other files in them, made in the mirror: nothing is written to any work tree."""

import os
import tempfile
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path, PurePosixPath

from app.gitcmd import git
from app.sandbox.errors import WorktreeError

_PLAIN, _FOLDER = b"100644", b"040000"


async def plant(mirror: Path, onto: str, files: Mapping[str, bytes]) -> str:
    """The tree `onto` with these files; those that are there keep their mode. Returns its id.

    Raises `WorktreeError` where a folder is in the place of a file or the other way round: git would take it away.
    """
    modes = await modes_of(mirror, onto, [*files, *_folders(files)])
    stand_in_the_way = [path for path, mode in modes.items() if (mode == _FOLDER) is (path in files)]
    if stand_in_the_way:
        raise WorktreeError(f"{stand_in_the_way[0]} is there already, and is something else; take another name")
    told = b""
    for path, content in files.items():
        blob = await git("hash-object", "-w", "--stdin", git_dir=mirror, stdin=content)
        told += b"%s %s\t%s\0" % (modes.get(path, _PLAIN), blob.strip(), os.fsencode(path))
    with tempfile.TemporaryDirectory(prefix="quorum-index-") as scratch:
        index = Path(scratch) / "index"
        await git("read-tree", "--end-of-options", onto, git_dir=mirror, index=index)
        await git("update-index", "-z", "--index-info", git_dir=mirror, index=index, stdin=told)
        return (await git("write-tree", git_dir=mirror, index=index)).decode().strip()


async def modes_of(mirror: Path, treeish: str, paths: Iterable[str]) -> dict[str, bytes]:
    """The modes, as git's octal text, of those paths that the tree has; folders have one, too."""
    found: dict[str, bytes] = {}
    # Asked for a folder and for something in it, git lists all that is in the folder instead of the folder.
    for _, alike in groupby(sorted(paths, key=_depth), _depth):
        command = ("ls-tree", "-z", "--full-tree", "--end-of-options", treeish, "--", *alike)
        listed = await git(*command, git_dir=mirror, env={"GIT_LITERAL_PATHSPECS": "1"})
        entries = (line.partition(b"\t") for line in listed.split(b"\0")[:-1])
        found |= {os.fsdecode(name): about.split(b" ")[0] for about, _, name in entries}
    return found


def _depth(path: str) -> int:
    return path.count("/")


def _folders(paths: Iterable[str]) -> set[str]:
    return {str(folder) for path in paths for folder in PurePosixPath(path).parents} - {"."}
