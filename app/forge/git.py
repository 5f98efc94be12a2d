"""What a mirror tells: files, histories, differences and what is the same change. Nothing is fetched."""

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

from app.forge.errors import RefusedError
from app.forge.kept import Kept
from app.gitcmd import GitError, git
from app.policy.values import Sha

_DIFFS: Kept[bytes] = Kept(32 * 1024 * 1024)
_HISTORY = 50
_PLAIN = ("--no-ext-diff", "--no-textconv", "--no-color", "--full-index", "--src-prefix=a/", "--dst-prefix=b/")
_NOT_NAMES = frozenset({"", ".", ".."})
"""What no tree holds as a name; git would take them for a place outside of it."""
_NOBODY = "nobody <nobody@localhost>"


async def show(mirror: Path, sha: str, path: str) -> bytes | None:
    """A file's bytes at a commit; None when it has none there. Raises `GitError` when git cannot tell.

    Never None for a failure: a policy that could not be read is not a policy that is not there.
    """
    return (await show_each(mirror, sha, (path,)))[0]


async def show_each(mirror: Path, sha: str, paths: Sequence[str]) -> list[bytes | None]:
    """As `show`, for several files: git is asked once which of them are there."""
    blobs = await blob_ids(mirror, sha, paths)
    found = [blobs.get(path) for path in paths]
    return [None if blob is None else await git("cat-file", "blob", blob, git_dir=mirror) for blob in found]


async def blob_ids(mirror: Path, sha: str, paths: Sequence[str]) -> dict[str, str]:
    """Of those paths that are files at a commit: the id of what each holds."""
    known = [path for path in paths if not _NOT_NAMES & set(path.split("/"))]
    if not known:
        return {}
    command = ("--literal-pathspecs", "ls-tree", "-z", "--full-tree", "--end-of-options", sha, *known)
    entries = (each.partition(b"\t") for each in (await git(*command, git_dir=mirror)).split(b"\0") if each)
    blobs = {name: about.split()[2].decode() for about, _, name in entries if about.split()[1] == b"blob"}
    return {path: blobs[os.fsencode(path)] for path in known if os.fsencode(path) in blobs}


async def has_commit(mirror: Path, sha: str) -> bool:
    """Whether the mirror holds a commit."""
    try:
        await git("cat-file", "-e", "--end-of-options", f"{sha}^{{commit}}", git_dir=mirror)
    except GitError:
        return False
    return True


async def history_of(mirror: Path, sha: str, *paths: str) -> list[Sha]:
    """Commits up to `sha` on its own branch that changed one of these paths, newest first; the latest fifty."""
    command = ("--literal-pathspecs", "log", "--first-parent", f"-n{_HISTORY}", "--format=%H", "--end-of-options", sha)
    told = await git(*command, "--", *paths, git_dir=mirror)
    return [Sha(line) for line in told.decode().split()]


async def tree_of(mirror: Path, commit: str) -> str:
    """The tree of a commit. Raises `GitError` when it is not there."""
    told = await git("rev-parse", "--verify", "--end-of-options", f"{commit}^{{tree}}", git_dir=mirror)
    return told.decode().strip()


async def merge_base(mirror: Path, base: Sha, head: Sha) -> Sha:
    """The commit that the pull request's diff starts from. Raises `RefusedError` for unrelated histories."""
    return (await _merge_bases(mirror, base, head))[0]


async def _merge_bases(mirror: Path, base: Sha, head: Sha) -> list[Sha]:
    """Best first: without `--all` git tells the first of them."""
    try:
        told = await git("merge-base", "--all", "--end-of-options", base, head, git_dir=mirror)
    except GitError as error:
        raise RefusedError(f"{head[:12]} and the base branch have no commit in common", 422) from error
    return [Sha(line) for line in told.decode().split()]


async def only_merge_base(mirror: Path, base: Sha, head: Sha) -> Sha:
    """As `merge_base`, where there is one only. Raises `RefusedError` for several as well.

    A merge goes by all of them, a diff by one: a file that is as it was there can yet be taken back by the merge.
    https://git-scm.com/docs/git-merge-base#_discussion
    """
    first, *others = await _merge_bases(mirror, base, head)
    if others:
        reason = "so that no diff shows what merging it does; merge the base branch's newest commit into it, or rebase"
        raise RefusedError(f"{head[:12]} and the base branch have several newest commits in common, {reason}", 422)
    return first


async def diff(mirror: Path, base: str, head: str) -> bytes:
    """The diff between two commits or trees, as git writes it."""
    command = ("diff-tree", "-r", "-p", "-M", "-U3", *_PLAIN, "--end-of-options", base, head)
    return await _DIFFS.get(mirror, base, head, lambda: git(*command, git_dir=mirror))


async def changed_paths(mirror: Path, base: str, head: str) -> list[str]:
    told = await git(
        *("diff-tree", "-r", "-z", "--no-renames", "--name-only", "--end-of-options", base, head), git_dir=mirror
    )
    return [path.decode("utf-8", "surrogateescape") for path in told.split(b"\0") if path]


async def list_files(mirror: Path, treeish: str) -> list[str]:
    """Every file of a commit or tree, by path."""
    told = await git("ls-tree", "-r", "-z", "--name-only", "--full-tree", "--end-of-options", treeish, git_dir=mirror)
    return [path.decode("utf-8", "surrogateescape") for path in told.split(b"\0") if path]


async def is_replay(mirror: Path, old_base: str, old_head: str, base: str, head: str) -> bool:
    """Whether the new head is the old change put onto the new base, and nothing else.

    A fingerprint cannot tell: a hunk means another thing where the same lines stand around it in another place.
    """
    try:
        before, was, after, now = [await tree_of(mirror, each) for each in (old_base, old_head, base, head)]
        if before == after:
            return was == now
        root = await commit_tree(mirror, before, [], "old base", _NOBODY, 0)
        ours = await commit_tree(mirror, after, [root], "new base", _NOBODY, 0)
        theirs = await commit_tree(mirror, was, [root], "old head", _NOBODY, 0)
        merged = await git("merge-tree", "--write-tree", ours, theirs, git_dir=mirror)
    except GitError:
        return False  # it does not merge, or is no longer there
    return merged.decode().split("\n")[0] == now


async def fingerprint(mirror: Path, base: str, head: str) -> str:
    """A hash of what a diff does: equal after a rebase that leaves every hunk and its surroundings as they were.

    Line numbers are left out; modes, names and every changed line with its white space count, and for what is no text
    (binary files, submodules, symbolic links) the objects themselves.
    """
    patch = await git(
        *("diff-tree", "-r", "-p", "--no-renames", "-U3", "--binary", "--submodule=short", *_PLAIN),
        *("--end-of-options", base, head),
        git_dir=mirror,
    )
    # What a file holds is behind a sign on its line, so that no file can end its own part or begin another.
    parts = re.split(rb"^(?=diff --git )", patch, flags=re.MULTILINE)
    return hashlib.sha256(b"".join(_without_places(part) for part in parts)).hexdigest()


def _without_places(part: bytes) -> bytes:
    """A file's part of a patch without line numbers, and without the objects that its lines tell of already."""
    if b"\nGIT binary patch\n" in part:
        return part
    part = re.sub(rb"^@@ .*$", b"@@", part, flags=re.MULTILINE)
    return re.sub(rb"^index [0-9a-f.]+", b"index", part, flags=re.MULTILINE)  # the mode behind it stays


async def commit_tree(mirror: Path, tree: str, parents: Sequence[Sha], message: str, author: str, at: float) -> Sha:
    """Make a commit. The same arguments give the same commit, so that it can be made again after a crash."""
    name, email = author.removesuffix(">").split(" <", 1)
    date = f"@{int(at)} +0000"  # without the sign git takes small numbers for something else
    env = {
        **{f"GIT_{who}_NAME": name for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": email for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_DATE": date for who in ("AUTHOR", "COMMITTER")},
    }
    arguments = [part for parent in parents for part in ("-p", parent)]
    told = await git("commit-tree", *arguments, tree, git_dir=mirror, stdin=message.encode(), env=env)
    return Sha(told.decode().strip())
