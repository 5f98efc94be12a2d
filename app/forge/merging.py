"""Merging two commits in a mirror, without a work tree.

https://git-scm.com/docs/git-merge-tree
"""

from dataclasses import dataclass
from pathlib import Path

from app.forge.git import show
from app.gitcmd import git_at_most
from app.policy.values import Sha

_NAMES_BYTES = 1024 * 1024
_CONFLICTS = 1
"""git's exit status for a merge with conflicts."""
_MARKERS = (b"<<<<<<< ", b"||||||| ", b">>>>>>> ")


@dataclass(frozen=True)
class Merged:
    """`tree`: what came of it, with markers in the files of `conflicts`; these are none where it is clean."""

    tree: str
    conflicts: tuple[str, ...]


async def merge(mirror: Path, ours: Sha, theirs: Sha) -> Merged:
    """Put what `theirs` has since they parted onto `ours`. Raises `GitError`."""
    command = ("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs)
    told, _ = await git_at_most(_NAMES_BYTES, *command, git_dir=mirror, fine=(0, _CONFLICTS))
    tree, *names = [part for part in told.split(b"\0") if part]
    return Merged(tree.decode().strip(), tuple(name.decode("utf-8", "surrogateescape") for name in names))


async def files_with_markers(mirror: Path, tree: str, paths: tuple[str, ...]) -> list[str]:
    """Those of the paths in which a conflict is still marked."""
    found = []
    for path in paths:
        content = await show(mirror, tree, path) or b""
        if any(line.startswith(_MARKERS) for line in content.split(b"\n")):
            found.append(path)
    return found
