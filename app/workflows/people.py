"""Who somebody is to a repository now: read at most once a look, and only what the policy asks about."""

import time
from collections.abc import Set as AbstractSet

from app.forge.api import GitHub
from app.forge.people import is_team_member
from app.forge.permissions import MEMBERS
from app.forge.read import read_permission
from app.policy.facts import PersonFact

_BOT = "[bot]"
_FRESH_S = 300.0
_MOST = 10_000


class People:
    """Remembers for as long as one look lasts: rights count as they are when the gate decides.

    With `since`, of a small look, what a look of some minutes ago found is taken: the event that woke us did not change
    any rights, and without it nobody would have looked at all. Nothing from before `since`, when the pull request was
    looked at as a whole, be it by another worker: that look may have been for rights that were taken away.
    """

    def __init__(self, gh: GitHub, teams: AbstractSet[str], *, since: float | None = None) -> None:
        self._gh = gh
        self._teams = teams
        now = time.time()
        self._oldest = now if since is None else max(since, now - _FRESH_S)

    async def person(self, login: str) -> PersonFact:
        """A bot has no rights that count."""
        if login.endswith(_BOT):
            return PersonFact(login, bot=True)
        seen, key = self._gh.forge.people_seen, (self._gh.repo.id, login.casefold(), tuple(sorted(self._teams)))
        known = seen.get(key)
        if known is None or known[1] < self._oldest:
            permission = await read_permission(self._gh, login)
            known = PersonFact(login, False, permission, await self._teams_of(login)), time.time()
            if len(seen) >= _MOST:
                seen.clear()
            seen[key] = known
        return known[0]

    async def _teams_of(self, login: str) -> frozenset[str]:
        """Of the teams that the policy names. One that cannot be read has no members."""
        gh = self._gh.forge.on(self._gh.repo, MEMBERS)
        mine = set()
        for team in sorted(self._teams):
            org, slug = team.removeprefix("@").split("/", 1)
            if await is_team_member(gh, org, slug, login):
                mine.add(team)
        return frozenset(mine)
