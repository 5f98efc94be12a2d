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
from app.forge.errors import RefusedError, UnknownOutcomeError
from app.forge.permissions import FETCH, PUSH, Permissions
from app.gitcmd import GitError, git
from app.policy.values import Json, Repo, Sha

_FETCH_S = 600.0
_LOOK_AGAIN_S = 0.05
_PLAIN = ("--no-ext-diff", "--no-textconv", "--no-color", "--full-index", "--src-prefix=a/", "--dst-prefix=b/")
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,200}")


class Mirrors:
    """One bare repository for each repository id. Worktrees are laid out from it; nothing else is shared."""

    def __init__(self, directory: Path, forge: Forge) -> None:
        self._directory = directory
        self._forge = forge
        self._locks: dict[int, asyncio.Lock] = {}

    def path(self, repo: Repo) -> Path:
        return self._directory / f"{repo.id}.git"

    async def fetch(self, repo: Repo, ref: str) -> Sha:
        """Bring what `ref` points at into the mirror and return it. Raises forge errors."""
        async with self._locked(repo):
            await self._ensure(repo)
            kept = f"refs/quorum/{ref.removeprefix('refs/')}"
            try:
                await git(
                    *("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"),
                    *("--end-of-options", self._url(repo), f"+{ref}:{kept}"),
                    git_dir=self.path(repo),
                    secret_config=await self._credentials(repo, FETCH),
                    timeout_s=_FETCH_S,
                )
            except GitError as error:
                raise UnknownOutcomeError(
                    f"{ref} of {repo.full_name} could not be fetched: {error.stderr[-300:]}"
                ) from error
            found = await git(
                "rev-parse", "--verify", "--end-of-options", f"{kept}^{{commit}}", git_dir=self.path(repo)
            )
        return Sha(found.decode().strip())

    async def remote_ref(self, repo: Repo, ref: str) -> Sha | None:
        """What `ref` points at on GitHub now."""
        try:
            told = await git(
                *("ls-remote", "--end-of-options", self._url(repo), ref),
                secret_config=await self._credentials(repo, FETCH),
            )
        except GitError as error:
            raise UnknownOutcomeError(
                f"the refs of {repo.full_name} could not be read: {error.stderr[-300:]}"
            ) from error
        return Sha(told.decode().split()[0]) if told.strip() else None

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
            try:
                await git(
                    *("push", "--quiet", "--no-verify", f"--force-with-lease={ref}:{expected or ''}"),
                    *("--end-of-options", self._url(repo), f"{commit}:{ref}"),
                    git_dir=self.path(repo),
                    secret_config=await self._credentials(repo, PUSH),
                    timeout_s=_FETCH_S,
                )
            except GitError as error:
                if "stale info" in error.stderr or "rejected" in error.stderr:
                    told = f"somebody else has pushed to {branch} of {repo.full_name}; nothing was overwritten"
                    raise RefusedError(told, 409) from error
                raise UnknownOutcomeError(f"the push to {branch} broke off: {error.stderr[-300:]}") from error
            return {"commit": commit}

        return Effect(do, find)

    def _url(self, repo: Repo) -> str:
        return f"{self._forge.web_url}/{repo.owner}/{repo.name}.git"

    async def _credentials(self, repo: Repo, permissions: Permissions) -> dict[str, str]:
        token = await self._forge.tokens.installation_token(repo.installation_id, repo.id, permissions)
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        return {f"http.{self._forge.web_url}/.extraHeader": f"Authorization: Basic {basic}"}

    async def _ensure(self, repo: Repo) -> None:
        if not await asyncio.to_thread((self.path(repo) / "HEAD").exists):
            await git("init", "--quiet", "--bare", "--end-of-options", str(self.path(repo)))

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


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def show(mirror: Path, sha: str, path: str) -> bytes | None:
    """A file's bytes at a commit; None when it has none there."""
    try:
        return await git("cat-file", "blob", f"{sha}:{path}", git_dir=mirror)
    except GitError:
        return None


async def merge_base(mirror: Path, base: Sha, head: Sha) -> Sha:
    """The commit that the pull request's diff starts from. Raises `RefusedError` for unrelated histories."""
    try:
        return Sha((await git("merge-base", "--end-of-options", base, head, git_dir=mirror)).decode().strip())
    except GitError as error:
        raise RefusedError(f"{head[:12]} and the base branch have no commit in common", 422) from error


async def diff(mirror: Path, base: str, head: str) -> bytes:
    """The diff between two commits or trees, as git writes it."""
    return await git("diff-tree", "-r", "-p", "-M", "-U3", *_PLAIN, "--end-of-options", base, head, git_dir=mirror)


async def changed_paths(mirror: Path, base: str, head: str) -> list[str]:
    told = await git(
        *("diff-tree", "-r", "-z", "--no-renames", "--name-only", "--end-of-options", base, head), git_dir=mirror
    )
    return [path.decode("utf-8", "surrogateescape") for path in told.split(b"\0") if path]


async def list_files(mirror: Path, treeish: str) -> list[str]:
    """Every file of a commit or tree, by path."""
    told = await git("ls-tree", "-r", "-z", "--name-only", "--full-tree", "--end-of-options", treeish, git_dir=mirror)
    return [path.decode("utf-8", "surrogateescape") for path in told.split(b"\0") if path]


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
    binary = b"GIT binary patch" in patch
    kept = []
    for line in patch.split(b"\n"):
        if line.startswith(b"@@ "):
            kept.append(b"@@")
        elif not line.startswith(b"index ") or binary:
            kept.append(line)
    return hashlib.sha256(b"\n".join(kept)).hexdigest()


async def commit_tree(mirror: Path, tree: str, parents: Sequence[Sha], message: str, author: str, at: float) -> Sha:
    """Make a commit. The same arguments give the same commit, so that it can be made again after a crash."""
    name, email = author.removesuffix(">").split(" <", 1)
    date = f"{int(at)} +0000"
    env = {
        **{f"GIT_{who}_NAME": name for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": email for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_DATE": date for who in ("AUTHOR", "COMMITTER")},
    }
    arguments = [part for parent in parents for part in ("-p", parent)]
    told = await git("commit-tree", *arguments, tree, git_dir=mirror, stdin=message.encode(), env=env)
    return Sha(told.decode().strip())
