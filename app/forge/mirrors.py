"""Bare mirrors of repositories, fetched and pushed over HTTPS with a token that never stands on a command line."""

import asyncio
import base64
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from app.forge.api import Forge
from app.forge.effects import Effect
from app.forge.errors import NotFoundError
from app.forge.giterrors import error_of_git, refuses_token
from app.forge.permissions import FETCH, PUSH, Permissions
from app.gitcmd import GitError, git
from app.policy.values import Json, Repo, Sha

_TRANSFER_S = 600.0
_BROUGHT = 8
"""Of objects that GitHub may not have, so many are asked for in vain before the rest is given up."""
_LOOK_AGAIN_S = 0.05
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
        path = self.path(repo)
        if await asyncio.to_thread((path / "objects").exists):
            return
        # Made aside and put there whole: git writes HEAD first, and what a kill leaves of that is no repository.
        fresh = path.with_suffix(".new")
        await asyncio.to_thread(_remove, path, fresh)
        # Without git's template: sample hooks and the like are for people.
        await git("init", "--quiet", "--bare", "--template=", "--end-of-options", str(fresh))
        await asyncio.to_thread(fresh.rename, path)

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


def _remove(*folders: Path) -> None:
    for folder in folders:
        if folder.exists():
            shutil.rmtree(folder)


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
