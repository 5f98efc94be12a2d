"""What lies checked out in a job's workspace, as far as it matters whose it is. It is only ever read."""

import asyncio
from pathlib import Path

from app.gitcmd import GitError, git

_PLACES = (".git", "*/.git", "*/*/.git", "*/*/*/.git")


async def checked_out(workspace: Path) -> frozenset[str]:
    """The commits of the repositories there, down to three folders deep, and those that each was made of.

    `refs/pull/N/merge` is a merge of the head; the commit itself tells so, in a shallow clone too.
    """
    found: set[str] = set()
    for folder in await asyncio.to_thread(_repositories, workspace):
        try:
            told = await git("-C", str(folder), "-c", "safe.directory=*", "cat-file", "commit", "HEAD")
            head = await git("-C", str(folder), "-c", "safe.directory=*", "rev-parse", "HEAD")
        except GitError:
            continue
        found.add(head.decode().strip())
        lines = told.decode("utf-8", "replace").partition("\n\n")[0].split("\n")
        found |= {line.removeprefix("parent ") for line in lines if line.startswith("parent ")}
    return frozenset(found)


def _repositories(workspace: Path) -> list[Path]:
    if not workspace.is_dir():
        return []
    return [each.parent for pattern in _PLACES for each in sorted(workspace.glob(pattern))]
