"""Mirrors beside their GitHub: what is fetched is taken from GitHub's own files."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from app.emulator import git
from app.emulator.app import RunningEmulator
from app.emulator.state import Repository
from app.forge.api import Forge
from app.forge.mirrors import Mirrors
from app.policy.values import Repo, Sha
from tests.support.git_files import holds, link_objects, read_ref


class NearMirrors(Mirrors):
    """What a fetch over HTTP would bring, and no more, is put into the mirror by its name.

    A fetch is a dozen processes, most of them in vain: a look at a pull request fetches its base each time. Over HTTP
    goes what GitHub may refuse or answer otherwise: where faults of git were asked for, an App was suspended or taken
    off, a repository was renamed, or what is asked for is `HEAD`.
    """

    def __init__(self, directory: Path, forge: Forge, emulator: RunningEmulator) -> None:
        super().__init__(directory, forge)
        self._emulator = emulator

    async def fetch(self, repo: Repo, ref: str) -> Sha:
        github = self._reached(repo)
        tip = read_ref(github.path / ref) if github and ref.startswith("refs/") else None
        if github is None or tip is None:
            return await super().fetch(repo, ref)
        async with self._locked(repo):
            await self._ensure(repo)
            kept = self.path(repo) / "refs" / "quorum"
            known = {read_ref(each) for each in kept.glob("*")} - {None}
            new = [] if tip in known else await _objects(github, tip, known)
            if holds(github.path, new):
                link_objects(new, github.path, self.path(repo))
                kept.mkdir(exist_ok=True)
                (kept / hashlib.sha256(ref.encode()).hexdigest()).write_text(f"{tip}\n")
                return Sha(tip)
        return await super().fetch(repo, ref)

    async def bring(self, repo: Repo, names: Sequence[str]) -> list[str]:
        """Git need not be asked for what lies there as files."""
        if holds(self.path(repo), set(names) - self._held):
            self._held |= set(names)
        return await super().bring(repo, names)

    def _reached(self, repo: Repo) -> Repository | None:
        """GitHub's own copy, where nothing stands between the App and it."""
        world = self._emulator.world
        found, installed = world.find(repo.owner, repo.name), world.installations.get(repo.installation_id)
        faults = self._emulator.asgi.app.state.faults.faults
        asked = f"/{repo.owner}/{repo.name}.git/info/refs", f"/{repo.owner}/{repo.name}.git/git-upload-pack"
        if found is None or found.id != repo.id or installed is None:
            return None
        if any(re.search(fault.path, each) for fault in faults for each in asked):
            return None
        return found if repo.id in installed.repository_ids and installed.suspended_by is None else None


async def _objects(github: Repository, tip: str, known: set[str | None]) -> list[str]:
    """The names of those that lead from what is known to the tip."""
    listed = await git.run_git(github.path, "rev-list", "--objects", tip, *sorted(f"^{each}" for each in known))
    return [line[:40] for line in listed.splitlines()]
