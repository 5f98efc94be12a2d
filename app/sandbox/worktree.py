"""Work trees without a `.git`: files go in from a bare mirror, a tree object comes out.

The host's git never reads configuration, hooks or state from the tree; what an agent plants there is content.
"""

import asyncio
import errno
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from app.gitcmd import git
from app.sandbox import landlock
from app.sandbox.errors import WorktreeError

_FILE_BYTES = 50 * 1024**2
_LEFT_BEHIND = Path(__file__).with_name("left_behind.gitignore")
"""What running tests and checks leaves in a tree, whether or not the project's `.gitignore` knows of it."""


@dataclass
class Memory:
    """Git's memory of one work tree, kept outside of it: only what a command touched since is read again.

    A command can set a file's times but not its change time, by which git tells (`core.trustctime`,
    https://git-scm.com/docs/git-config). `index` is not there before the first use; `tree` is what it holds, if known.
    `seen`: by what the files of `tree` are told from others without git; empty where that is not sure.
    """

    index: Path
    tree: str = ""
    seen: str = ""


async def checkout(
    mirror: Path, treeish: str, into: Path, *, memory: Memory | None = None, shared: bool = False
) -> None:
    """Lay out the files of a commit or tree in a new directory. Raises `GitError` when it is not in the mirror.

    `shared`: with a sandbox apart. What has broken out there could put a link into git's way at any moment, so that git
    is kept to the tree and the mirror, where the kernel has Landlock.
    """
    await asyncio.to_thread(into.mkdir, parents=True, mode=0o755)
    with _index(memory) as place:
        await git("read-tree", "--end-of-options", treeish, git_dir=mirror, index=place)
        command = ("checkout-index", "--all", "--force", "--index")
        launcher = _kept_to(f"W:{into}", f"r:{mirror}", _rule_for(place, memory)) if shared else ()
        await git(*command, git_dir=mirror, index=place, work_tree=into, launcher=launcher)


async def snapshot(
    mirror: Path, worktree: Path, base: str, *, memory: Memory | None = None, shared: bool = False
) -> str:
    """Store the work tree as a tree object in the mirror and return its id.

    Files that `.gitignore` names, or that tests leave behind, stay out unless `base` has them. Raises `WorktreeError`
    for a file that is too large.
    `memory` is of the checkout of `base`, or of the snapshot that gave it; `shared` is as `checkout` has it.
    """
    try:
        seen = await asyncio.to_thread(_look_at, worktree, memory)
    except (RecursionError, _DeepError) as error:
        raise WorktreeError("its folders are nested too deep; remove them") from error
    if memory is not None and memory.tree and seen and seen == memory.seen:
        return memory.tree
    with _index(memory) as place:
        before = await asyncio.to_thread(_identity, place)
        if before is None:
            await git("read-tree", "--end-of-options", base, git_dir=mirror, index=place)
        rules = (f"R:{worktree}", f"r:{mirror}", f"w:{mirror / 'objects'}", f"r:{_LEFT_BEHIND}")
        launcher = _kept_to(*rules, _rule_for(place, memory)) if shared else ()
        command = ("-c", f"core.excludesFile={_LEFT_BEHIND}", "add", "--all", "--", ".")
        await git(*command, git_dir=mirror, index=place, work_tree=worktree, launcher=launcher)
        if memory is not None and memory.tree and before == await asyncio.to_thread(_identity, place):
            tree = memory.tree  # git writes an index anew only for what differs
        else:
            tree = (await git("write-tree", git_dir=mirror, index=place)).decode().strip()
    if memory is not None:
        memory.tree, memory.seen = tree, seen
    return tree


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


def _kept_to(*rules: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", landlock.__file__, *rules, "--")


def _rule_for(index: Path, memory: Memory | None) -> str:
    """One that is kept lies beside the tree, one for this time in a folder of this process's own."""
    return f"{'w' if memory is None else 'W'}:{index.parent}"


@contextmanager
def _index(memory: Memory | None) -> Iterator[Path]:
    """Where git's index lies: the one that is kept, or one for this time."""
    if memory is not None:
        yield memory.index
        return
    with tempfile.TemporaryDirectory(prefix="quorum-index-") as scratch:
        yield Path(scratch) / "index"


def _identity(index: Path) -> tuple[int, int, int] | None:
    """Differs when git has written it anew, as it puts a new file in its place. None: it is not there."""
    try:
        found = index.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


class _DeepError(Exception):
    """A path within the tree is longer than the system takes."""


def _look_at(worktree: Path, memory: Memory | None) -> str:
    """Inspect the files, and say by what they are told from others; empty where the next change might not show.

    A file that is changed twice within one tick of the filesystem's clock may have the times of the first change.
    """
    now_ns = _clock_ns(memory.index.with_name("clock")) if memory is not None else 0
    seen, newest_ns = _inspect(worktree)
    return seen if newest_ns < now_ns else ""


def _clock_ns(mark: Path) -> int:
    """What a file would have for its times that is changed now, by the clock of the filesystem that holds it."""
    mark.touch()
    return mark.stat().st_mtime_ns


def _inspect(worktree: Path) -> tuple[str, int]:
    """Take away what is no content (nested repositories, pipes, sockets, devices); refuse what is too large.

    What a command took from its owner is given back first; git records none of these bits. No command runs at this
    time. Returns a digest of names, modes, sizes and times, and the newest of the change times in nanoseconds.
    """
    if worktree.is_symlink():
        raise WorktreeError(f"{worktree} is a link; nothing of ours made it one")
    worktree.chmod(worktree.stat().st_mode | stat.S_IRWXU)
    waiting, digest, newest_ns = [os.fspath(worktree)], hashlib.blake2b(digest_size=20), 0
    while waiting:
        folder = waiting.pop()
        told = [folder]
        try:
            for entry in sorted(os.scandir(folder), key=attrgetter("name")):
                about = entry.stat(follow_symlinks=False)  # asked for once: the entry keeps it
                if _is_folder_of_content(entry, about, worktree):
                    waiting.append(entry.path)
                    continue
                newest_ns = max(newest_ns, about.st_ctime_ns)
                times = f"{about.st_mtime_ns} {about.st_ctime_ns}"
                told += (entry.name, f"{about.st_mode} {about.st_size} {times} {about.st_ino}")
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                raise _DeepError from error
            raise
        digest.update(os.fsencode("\0".join(told)))
    return digest.hexdigest(), newest_ns


def _is_folder_of_content(entry: "os.DirEntry[str]", about: os.stat_result, worktree: Path) -> bool:
    """Deal with one entry; say whether to look into it."""
    mode = about.st_mode
    if entry.name.lower() == ".git":
        shutil.rmtree(entry.path) if stat.S_ISDIR(mode) else Path(entry.path).unlink()
        return False
    if stat.S_ISDIR(mode):
        if stat.S_IRWXU & ~mode:
            Path(entry.path).chmod(mode | stat.S_IRWXU)
        return True
    if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
        Path(entry.path).unlink()
    elif stat.S_ISREG(mode):
        if about.st_size > _FILE_BYTES:
            name = os.path.relpath(entry.path, worktree)
            raise WorktreeError(f"{name} is larger than {_FILE_BYTES} bytes; remove it")
        if not mode & stat.S_IRUSR:
            Path(entry.path).chmod(mode | stat.S_IRUSR)
    return False
