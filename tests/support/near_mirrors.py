"""Mirrors beside their GitHub: what is fetched is taken from GitHub's own files."""

import hashlib
import os
from pathlib import Path

from app.emulator import git
from app.emulator.app import RunningEmulator
from app.emulator.state import Repository
from app.forge.api import Forge
from app.forge.mirrors import Mirrors
from app.policy.values import Repo, Sha


class NearMirrors(Mirrors):
    """What a fetch over HTTP would bring, and no more, is put into the mirror by its name.

    A fetch is a dozen processes, most of them in vain: a look at a pull request fetches its base each time. Over HTTP
    goes what GitHub may refuse or answer otherwise: where faults were asked for, an App was suspended or taken off, a
    repository was renamed, or what is asked for is `HEAD`.
    """

    def __init__(self, directory: Path, forge: Forge, emulator: RunningEmulator) -> None:
        super().__init__(directory, forge)
        self._emulator = emulator

    async def fetch(self, repo: Repo, ref: str) -> Sha:
        github = self._reached(repo)
        tip = _read(github.path / ref) if github and ref.startswith("refs/") else None
        if github is None or tip is None:
            return await super().fetch(repo, ref)
        async with self._locked(repo):
            await self._ensure(repo)
            kept = self.path(repo) / "refs" / "quorum"
            known = {_read(each) for each in kept.glob("*")} - {None}
            new = [] if tip in known else await _objects(github, tip, known)
            if all((github.path / each).exists() for each in new):
                _link(new, github.path, self.path(repo))
                kept.mkdir(exist_ok=True)
                (kept / hashlib.sha256(ref.encode()).hexdigest()).write_text(f"{tip}\n")
                return Sha(tip)
        return await super().fetch(repo, ref)

    def _reached(self, repo: Repo) -> Repository | None:
        """GitHub's own copy, where nothing stands between the App and it."""
        world = self._emulator.world
        found, installed = world.find(repo.owner, repo.name), world.installations.get(repo.installation_id)
        if self._emulator.asgi.app.state.faults.faults or found is None or found.id != repo.id or installed is None:
            return None
        return found if repo.id in installed.repository_ids and installed.suspended_by is None else None


def _read(place: Path) -> str | None:
    return place.read_text().strip() if place.exists() else None


async def _objects(github: Repository, tip: str, known: set[str | None]) -> list[str]:
    """Where the objects lie that lead from what is known to the tip."""
    listed = await git.run_git(github.path, "rev-list", "--objects", tip, *sorted(f"^{each}" for each in known))
    return [f"objects/{line[:2]}/{line[2:40]}" for line in listed.splitlines()]


def _link(names: list[str], start: Path, end: Path) -> None:
    for each in names:
        if not (end / each).exists():
            (end / each).parent.mkdir(exist_ok=True)
            os.link(start / each, end / each)
