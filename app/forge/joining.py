"""Putting two lines of work together in a mirror, without a work tree."""

from pathlib import Path

from app.gitcmd import GitError, git
from app.policy.values import Sha

_CONFLICTS = 1
"""https://git-scm.com/docs/git-merge-tree#_exit_status"""


async def merge_trees(mirror: Path, ours: Sha, theirs: Sha) -> str | None:
    """The tree of both together; None where they do not merge by themselves. Raises `GitError` when git cannot tell."""
    try:
        merged = await git("merge-tree", "--write-tree", "--end-of-options", ours, theirs, git_dir=mirror)
    except GitError as error:
        if error.code == _CONFLICTS:
            return None
        raise
    return merged.decode().split("\n")[0]
