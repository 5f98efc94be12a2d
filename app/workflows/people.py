"""Who somebody is to a repository now: read at most once a look, and only what the policy asks about."""

from collections.abc import Set as AbstractSet

from app.forge.api import GitHub
from app.forge.people import is_team_member
from app.forge.permissions import MEMBERS
from app.forge.read import read_permission
from app.policy.facts import PersonFact

_BOT = "[bot]"


class People:
    """Remembers for as long as one look lasts: rights count as they are when the gate decides."""

    def __init__(self, gh: GitHub, teams: AbstractSet[str]) -> None:
        self._gh = gh
        self._teams = teams
        self._known: dict[str, PersonFact] = {}

    async def person(self, login: str) -> PersonFact:
        """A bot has no rights that count."""
        if login.endswith(_BOT):
            return PersonFact(login, bot=True)
        if login.casefold() not in self._known:
            permission = await read_permission(self._gh, login)
            self._known[login.casefold()] = PersonFact(login, False, permission, await self._teams_of(login))
        return self._known[login.casefold()]

    async def _teams_of(self, login: str) -> frozenset[str]:
        """Of the teams that the policy names. One that cannot be read has no members."""
        gh = self._gh.forge.on(self._gh.repo, MEMBERS)
        mine = set()
        for team in sorted(self._teams):
            org, slug = team.removeprefix("@").split("/", 1)
            if await is_team_member(gh, org, slug, login):
                mine.add(team)
        return frozenset(mine)
