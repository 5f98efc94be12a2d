"""Mirrors beside their GitHub: what would bring nothing new is not fetched."""

from pathlib import Path

from app.forge.api import Forge
from app.forge.git import Mirrors
from app.policy.values import Repo, Sha


class NearMirrors(Mirrors):
    """Fetches over HTTP what is new; what is there already is seen by a look at GitHub's own files.

    A fetch is some ten processes, most of them in vain: a look at a pull request fetches its base each time.
    """

    def __init__(self, directory: Path, forge: Forge, github: Path) -> None:
        super().__init__(directory, forge)
        self._github = github

    async def fetch(self, repo: Repo, ref: str) -> Sha:
        place = self._github / f"{repo.id}.git" / ref
        if self.path(repo).exists() and place.exists():
            tip = place.read_text().strip()
            kept = [each for each in (self.path(repo) / "refs" / "quorum").glob("*") if each.read_text().strip() == tip]
            if kept:
                return Sha(tip)
        return await super().fetch(repo, ref)
