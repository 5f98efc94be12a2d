"""What a mirror tells of how commits came after one another."""

from collections.abc import Sequence
from pathlib import Path

from app.forge.git import has_commit
from app.gitcmd import GitError, git
from app.policy.values import Sha


async def is_ancestor(mirror: Path, older: Sha, newer: Sha) -> bool:
    """Whether `newer` is or contains `older`; not if the mirror lacks one of them. Raises `GitError`."""
    if not (await has_commit(mirror, older) and await has_commit(mirror, newer)):
        return False
    try:
        await git("merge-base", "--is-ancestor", "--end-of-options", older, newer, git_dir=mirror)
    except GitError as error:
        if error.code == 1:
            return False
        raise
    return True


async def subjects(mirror: Path, commits: Sequence[Sha]) -> list[tuple[Sha, str]]:
    """The first lines of their messages, in this order. Raises `GitError`."""
    if not commits:
        return []
    told = await git("log", "--no-walk=unsorted", "--format=%H %s", "--end-of-options", *commits, git_dir=mirror)
    lines = (line.partition(" ") for line in told.decode("utf-8", "replace").splitlines())
    return [(Sha(sha), subject) for sha, _, subject in lines]


async def first_parents(mirror: Path, before: Sha, after: Sha, most: int) -> list[Sha]:
    """The branch's own commits behind `before` up to `after`, oldest first; of more than `most` the newest.

    What a merge brought along is not among them: it came with the merge. Raises `GitError`.
    """
    told = await git(
        *("rev-list", "--first-parent", f"--max-count={most}", "--end-of-options", after, f"^{before}"),
        git_dir=mirror,
    )
    return [Sha(line) for line in reversed(told.decode().split())]
