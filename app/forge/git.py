"""Bare mirrors of repositories, fetched and pushed over HTTPS with a token that never stands on a command line."""

import asyncio
import base64
import fcntl
import hashlib
import os
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from app.forge.api import Forge
from app.forge.effects import Effect
from app.forge.errors import NotFoundError, RefusedError
from app.forge.giterrors import error_of_git, refuses_token
from app.forge.kept import Kept
from app.forge.permissions import FETCH, PUSH, Permissions
from app.gitcmd import GitError, git
from app.policy.values import Json, Repo, Sha

_DIFFS: Kept[bytes] = Kept(32 * 1024 * 1024)
_TRANSFER_S = 600.0
_HISTORY = 50
_BROUGHT = 8
"""Of objects that GitHub may not have, so many are asked for in vain before the rest is given up."""
_LOOK_AGAIN_S = 0.05
_PLAIN = ("--no-ext-diff", "--no-textconv", "--no-color", "--full-index", "--src-prefix=a/", "--dst-prefix=b/")
_NOT_NAMES = frozenset({"", ".", ".."})
"""What no tree holds as a name; git would take them for a place outside of it."""
_NOBODY = "nobody <nobody@localhost>"
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,200}")


class Mirrors:
    """One bare repository for each repository id. Worktrees are laid out from it; nothing else is shared."""

    def __init__(self, directory: Path, forge: Forge) -> None:
        self._directory = directory
        self._forge = forge
        self._locks: dict[int, asyncio.Lock] = {}
        self._held: set[str] = set()

    def path(self, repo: Repo) -> Path:
        return self._directory / f"{repo.id}.git"

    async def fetch(self, repo: Repo, ref: str) -> Sha:
        """Bring what `ref` points at into the mirror and return it. Raises forge errors."""
        # A name of its own for each: a branch `a` of yesterday must not stand in the way of today's `a/b`.
        kept = f"refs/quorum/{hashlib.sha256(ref.encode()).hexdigest()}"
        async with self._locked(repo):
            await self._ensure(repo)
            await self._transfer(
                *(f"{ref} of {repo.full_name} could not be fetched", repo, FETCH),
                *("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"),
                *("--end-of-options", self._url(repo), f"+{ref}:{kept}"),
            )
            found = await git(
                "rev-parse", "--verify", "--end-of-options", f"{kept}^{{commit}}", git_dir=self.path(repo)
            )
        return Sha(found.decode().strip())

    async def bring(self, repo: Repo, names: Sequence[str]) -> list[str]:
        """Fetch objects that the mirror lacks, by their names. Returns those that GitHub has not either.

        GitHub gives commits that a branch, a tag or a pull request leads to; what belongs to them comes along. Raises
        forge errors for everything but what is not there.
        """
        if self._held.issuperset(names):
            return []
        async with self._locked(repo):
            await self._ensure(repo)
            missing, asked = await _missing(self.path(repo), names), 0
            while missing and asked < min(_BROUGHT, len(missing)):
                wanted, asked = missing[asked], asked + 1
                try:
                    await self._transfer(
                        *(f"{wanted} of {repo.full_name} could not be fetched", repo, FETCH),
                        *("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"),
                        *("--end-of-options", self._url(repo), f"+{wanted}:refs/quorum/{wanted}"),
                    )
                except NotFoundError:
                    continue
                missing, asked = await _missing(self.path(repo), missing), 0
        self._held |= set(names) - set(missing)
        return missing

    async def remote_ref(self, repo: Repo, ref: str) -> Sha | None:
        """What `ref` points at on GitHub now."""
        told = await self._transfer(
            *(f"the refs of {repo.full_name} could not be read", repo, FETCH),
            *("ls-remote", "--end-of-options", self._url(repo), ref),
        )
        # git shows every ref that ends like this, such as refs/heads/a/refs/heads/main.
        lines = (line.partition("\t") for line in told.decode("utf-8", "replace").split("\n"))
        return next((Sha(sha) for sha, _, name in lines if name == ref), None)

    def push(self, repo: Repo, commit: Sha, branch: str, expected: Sha | None) -> Effect:
        """Push a commit to a branch that is at `expected` (None: not there). Anything else there is refused."""
        if not _BRANCH.fullmatch(branch) or ".." in branch:
            raise ValueError(f"{branch!r} is not a name that a branch of ours may have")
        ref = f"refs/heads/{branch}"

        async def find() -> Json | None:
            return {"commit": commit} if await self.remote_ref(repo, ref) == commit else None

        async def do() -> Json:
            found = await find()
            if found is not None:
                return found
            await self._transfer(
                *(f"{branch} of {repo.full_name} could not be pushed", repo, PUSH),
                *("push", "--quiet", "--no-verify", f"--force-with-lease={ref}:{expected or ''}"),
                *("--end-of-options", self._url(repo), f"{commit}:{ref}"),
            )
            return {"commit": commit}

        return Effect(do, find)

    async def _transfer(self, told: str, repo: Repo, permissions: Permissions, *command: str) -> bytes:
        """Run git with a token for GitHub and return what it prints. Raises forge errors that begin with `told`."""
        token = await self._forge.tokens.installation_token(repo.installation_id, repo.id, permissions)
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        secret = {f"http.{self._forge.web_url}/.extraHeader": f"Authorization: Basic {basic}"}
        mirror = None if command[0] == "ls-remote" else self.path(repo)
        try:
            return await git(*command, git_dir=mirror, secret_config=secret, timeout_s=_TRANSFER_S)
        except (GitError, TimeoutError) as error:
            if refuses_token(error):
                self._forge.tokens.forget(token)
            raise error_of_git(told, error) from error

    def _url(self, repo: Repo) -> str:
        return f"{self._forge.web_url}/{repo.owner}/{repo.name}.git"

    async def _ensure(self, repo: Repo) -> None:
        if not await asyncio.to_thread((self.path(repo) / "HEAD").exists):
            # Without git's template: sample hooks and the like are for people.
            await git("init", "--quiet", "--bare", "--template=", "--end-of-options", str(self.path(repo)))

    @asynccontextmanager
    async def _locked(self, repo: Repo) -> AsyncIterator[None]:
        """One fetch at a time for a mirror, between processes too.

        No thread waits for the lock: waiters would take up all threads, and its holder needs one to get on.
        """
        async with self._locks.setdefault(repo.id, asyncio.Lock()):
            descriptor = await asyncio.to_thread(self._open_lock, repo)
            try:
                while not _take(descriptor):  # noqa: ASYNC110 - another process sets no event
                    await asyncio.sleep(_LOOK_AGAIN_S)
                yield
            finally:
                os.close(descriptor)

    def _open_lock(self, repo: Repo) -> int:
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(self._directory / f"{repo.id}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


async def _missing(mirror: Path, names: Sequence[str]) -> list[str]:
    """Those that the mirror does not hold, in their order."""
    asked = "\n".join(names).encode()
    told = await git("cat-file", "--batch-check=%(objectname)", git_dir=mirror, stdin=asked)
    lacking = {line.partition(" ")[0] for line in told.decode().splitlines() if line.endswith(" missing")}
    return [each for each in names if each in lacking]


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def show(mirror: Path, sha: str, path: str) -> bytes | None:
    """A file's bytes at a commit; None when it has none there. Raises `GitError` when git cannot tell.

    Never None for a failure: a policy that could not be read is not a policy that is not there.
    """
    return (await show_each(mirror, sha, (path,)))[0]


async def show_each(mirror: Path, sha: str, paths: Sequence[str]) -> list[bytes | None]:
    """As `show`, for several files: git is asked once which of them are there."""
    known = [path for path in paths if not _NOT_NAMES & set(path.split("/"))]
    if not known:
        return [None for _ in paths]
    command = ("--literal-pathspecs", "ls-tree", "-z", "--full-tree", "--end-of-options", sha, *known)
    entries = (each.partition(b"\t") for each in (await git(*command, git_dir=mirror)).split(b"\0") if each)
    blobs = {name: about.split()[2].decode() for about, _, name in entries if about.split()[1] == b"blob"}
    found = [blobs.get(os.fsencode(path)) if path in known else None for path in paths]
    return [None if blob is None else await git("cat-file", "blob", blob, git_dir=mirror) for blob in found]


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
