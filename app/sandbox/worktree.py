"""Work trees without a `.git`: files go in from a bare mirror, a tree object comes out.

The host's git never reads configuration, hooks or state from the tree; what an agent plants there is content.
"""

import asyncio
import os
import shutil
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path

from app.gitcmd import git
from app.sandbox.errors import WorktreeError

_FILE_BYTES = 50 * 1024**2


async def checkout(mirror: Path, treeish: str, into: Path) -> None:
    """Lay out the files of a commit or tree in a new directory. Raises `GitError` when it is not in the mirror."""
    await asyncio.to_thread(into.mkdir, parents=True, mode=0o755)
    await _lay_out(mirror, treeish, into)


async def snapshot(mirror: Path, worktree: Path, base: str) -> str:
    """Store the work tree as a tree object in the mirror and return its id.

    Files that `.gitignore` names stay out unless `base` has them. Raises `WorktreeError` for a file that is too large.
    """
    try:
        await asyncio.to_thread(_inspect, worktree)
    except RecursionError as error:
        raise WorktreeError("its folders are nested too deep; remove them") from error
    with tempfile.TemporaryDirectory(prefix="quorum-index-") as scratch:
        index = Path(scratch) / "index"
        await git("read-tree", "--end-of-options", base, git_dir=mirror, index=index)
        await git("add", "--all", "--", ".", git_dir=mirror, index=index, work_tree=worktree)
        return (await git("write-tree", git_dir=mirror, index=index)).decode().strip()


async def diff(mirror: Path, base: str, head: str) -> bytes:
    """The patch between two commits or trees, as `app.sandbox.patches` reads it."""
    plain = ("--no-ext-diff", "--no-textconv", "--no-color", "--full-index", "--src-prefix=a/", "--dst-prefix=b/")
    return await git("diff-tree", "-r", "-p", "-M", "-U3", *plain, "--end-of-options", base, head, git_dir=mirror)


async def graft(mirror: Path, onto: str, source: str, paths: Sequence[str]) -> str:
    """The tree `onto` with these files as they are in the tree `source`: taken over, or taken out. Returns its id."""
    listed = await git(
        *("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", source, "--", *paths),
        git_dir=mirror,
        env={"GIT_LITERAL_PATHSPECS": "1"},
    )
    entries = {}
    for line in listed.split(b"\0")[:-1]:
        about, _, path = line.partition(b"\t")
        mode, _kind, name = about.split(b" ")
        entries[path] = b"%s %s\t%s\0" % (mode, name, path)
    gone = [b"0 %s\t%s\0" % (b"0" * 40, name) for path in paths if (name := os.fsencode(path)) not in entries]
    with tempfile.TemporaryDirectory(prefix="quorum-index-") as scratch:
        index = Path(scratch) / "index"
        await git("read-tree", "--end-of-options", onto, git_dir=mirror, index=index)
        told = b"".join([*entries.values(), *gone])
        await git("update-index", "-z", "--index-info", git_dir=mirror, index=index, stdin=told)
        return (await git("write-tree", git_dir=mirror, index=index)).decode().strip()


async def _lay_out(mirror: Path, treeish: str, into: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="quorum-index-") as scratch:
        index = Path(scratch) / "index"
        await git("read-tree", "--end-of-options", treeish, git_dir=mirror, index=index)
        await git("checkout-index", "--all", "--force", git_dir=mirror, index=index, work_tree=into)


def _make_readable(worktree: Path) -> None:
    """Undo what a command took from its owner; git records none of these bits. No command runs at this time."""
    worktree.chmod(worktree.stat().st_mode | stat.S_IRWXU)
    for folder, folders, files in os.walk(worktree):
        for name in (*folders, *files):
            path = Path(folder) / name
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode) and stat.S_IRWXU & ~mode:
                path.chmod(mode | stat.S_IRWXU)
            elif stat.S_ISREG(mode) and not mode & stat.S_IRUSR:
                path.chmod(mode | stat.S_IRUSR)


def _inspect(worktree: Path) -> None:
    """Take away what is no content (nested repositories, pipes, sockets, devices); refuse what is too large."""
    _make_readable(worktree)
    for folder, folders, files in os.walk(worktree):
        for name in [*folders, *files]:
            path = Path(folder) / name
            mode = path.lstat().st_mode
            if name.lower() == ".git":
                shutil.rmtree(path) if stat.S_ISDIR(mode) else path.unlink()
                folders[:] = [each for each in folders if each != name]
            elif stat.S_ISREG(mode) and path.lstat().st_size > _FILE_BYTES:
                raise WorktreeError(f"{path.relative_to(worktree)} is larger than {_FILE_BYTES} bytes; remove it")
            elif not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode)):
                path.unlink()
