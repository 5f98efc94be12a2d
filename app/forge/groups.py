"""What git tells of a merge group: the commits it adds to its base branch, and what a merge gives."""

from dataclasses import dataclass
from pathlib import Path

from app.gitcmd import GitError, git
from app.policy.values import Sha

MOST_COMMITS = 2_000
"""More are not looked at, and then the group is not known. A rebase adds up to a hundred for each pull request."""
_FIELDS = 4


@dataclass(frozen=True)
class GroupCommit:
    """A commit on the group's own line. `onto` is its first parent, `merged` are the others."""

    sha: Sha
    tree: str
    onto: Sha
    merged: tuple[Sha, ...]
    subject: str


async def commits_between(mirror: Path, tip: Sha, head: Sha) -> list[GroupCommit]:
    """The line of first parents from `tip`, left out, to `head`, oldest first. Raises `GitError`."""
    told = await git(
        *("log", "-z", "--first-parent", f"--max-count={MOST_COMMITS + 1}", "--format=%H%n%T%n%P%n%s"),
        *("--end-of-options", head, f"^{tip}", "--"),
        git_dir=mirror,
    )
    found = [_commit(record) for record in told.decode("utf-8", "replace").split("\0") if record]
    return [commit for commit in reversed(found) if commit is not None]


def _commit(record: str) -> GroupCommit | None:
    """None for a commit without parents, which stands on nothing."""
    sha, tree, parents, subject = record.strip("\n").split("\n", _FIELDS - 1)
    if not parents:
        return None
    onto, *merged = [Sha(parent) for parent in parents.split()]
    return GroupCommit(Sha(sha), tree, onto, tuple(merged), subject)


async def merged_tree(mirror: Path, ours: Sha, theirs: Sha) -> str | None:
    """The tree of a merge of two commits; None when there is none without conflicts.

    https://git-scm.com/docs/git-merge-tree
    """
    try:
        told = await git("merge-tree", "--write-tree", "--no-messages", ours, theirs, git_dir=mirror)
    except GitError:
        return None  # conflicts, or no commit in common
    return told.decode().split("\n", 1)[0].strip()
