"""How much a change is, file by file."""

from dataclasses import dataclass
from pathlib import Path

from app.gitcmd import git


@dataclass(frozen=True)
class FileStat:
    """Lines; None for what is no text."""

    path: str
    added: int | None
    removed: int | None


async def diff_stat(mirror: Path, base: str, head: str) -> list[FileStat]:
    """Between two commits or trees: https://git-scm.com/docs/git-diff-tree#Documentation/git-diff-tree.txt---numstat.

    Raises `GitError` when the mirror does not hold them.
    """
    told = await git(
        *("diff-tree", "-r", "-z", "--no-renames", "--numstat", "--end-of-options", base, head), git_dir=mirror
    )
    found = []
    for line in told.split(b"\0")[:-1]:
        added, removed, path = line.split(b"\t", 2)
        found.append(FileStat(path.decode("utf-8", "surrogateescape"), _count(added), _count(removed)))
    return found


def _count(told: bytes) -> int | None:
    return None if told == b"-" else int(told)
