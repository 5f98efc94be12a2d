"""Who belongs to a team, as GitHub has it now."""

from urllib.parse import quote

from app.forge.api import GitHub
from app.forge.errors import NotFoundError, RefusedError

_NOT_FOR_US = frozenset({403, 422})
"""The App may not see members here; a token with that permission is refused with 422."""
_NO_NAMES = frozenset({"", ".", ".."})


async def is_team_member(gh: GitHub, org: str, team: str, login: str) -> bool | None:
    """Whether somebody is an active member of a team, or of a team below it; who is only invited is not.

    None when it cannot be told: the App lacks `members: read` there, is not installed in the organization, or there is
    no such team. `gh` asks with `permissions.MEMBERS`. Raises forge errors for what may pass: limits, outages.
    https://docs.github.com/en/rest/teams/members#get-team-membership-for-a-user
    """
    if not _NO_NAMES.isdisjoint({org, team, login}):
        return None
    place = f"orgs/{quote(org, safe='')}/teams/{quote(team, safe='')}"
    try:
        return await _is_active(gh, place, login)
    except NotFoundError:
        return None
    except RefusedError as error:
        if error.status in _NOT_FOR_US:
            return None
        raise


async def _is_active(gh: GitHub, place: str, login: str) -> bool:
    """Raises `NotFoundError` when there is no such team: the same 404 says that somebody is not in it."""
    try:
        membership = await gh.get_beyond(f"{place}/memberships/{quote(login, safe='')}")
    except NotFoundError:
        await gh.get_beyond(f"{place}/members", per_page=1)
        return False
    return bool(membership.get("state") == "active")
