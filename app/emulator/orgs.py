"""Organizations, their teams and who is in them.

https://docs.github.com/en/rest/teams/members and https://docs.github.com/en/rest/orgs/members.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.emulator.auth import LEVELS, actor_of
from app.emulator.http import GitHubError, listed, world_of
from app.emulator.render import render_organization, render_user
from app.emulator.state import Actor, Membership, Organization, Team, World

Json = dict[str, Any]


async def get_membership(request: Request) -> Response:
    """Of the organization. Who may not know is refused in words; teams are simply not found."""
    world, organization, actor = _asked(request)
    login, name = request.path_params["login"], organization.account.login
    if not _reaches(world, organization, actor):
        raise GitHubError(403, f"You must be a member of {name} to see membership information for {login}.")
    person, membership = _member(organization.members, login)
    api = f"{world.base_url}/api/v3/orgs/{name}"
    shown: Json = {
        "url": f"{api}/memberships/{person}",
        "state": membership.state,
        "role": membership.role,
        "organization_url": api,
        "organization": render_organization(world, organization.account),
        "user": render_user(world, world.users[person]),
    }
    return JSONResponse(shown)


async def list_team_members(request: Request) -> Response:
    """Those who are invited only are not members yet."""
    world, _, team = _team(request)
    active = [person for person, membership in team.members.items() if membership.state == "active"]
    return listed(request, [render_user(world, world.users[person]) for person in active])


async def get_team_membership(request: Request) -> Response:
    world, organization, team = _team(request)
    person, membership = _member(team.members, request.path_params["login"])
    teams = f"{world.base_url}/api/v3/organizations/{organization.account.id}/team/{team.id}"
    url = f"{teams}/memberships/{person}"
    return JSONResponse({"url": url, "state": membership.state, "role": membership.role})


def _asked(request: Request) -> tuple[World, Organization, Actor]:
    """The organization in the path, which may be spelled in any case, and who asks."""
    world, actor = world_of(request), actor_of(request)
    organization = world.organizations.get(request.path_params["org"].lower())
    if organization is None:
        raise GitHubError(404, "Not Found")
    return world, organization, actor


def _team(request: Request) -> tuple[World, Organization, Team]:
    world, organization, actor = _asked(request)
    team = organization.teams.get(request.path_params["slug"].lower())
    if team is None or not _reaches(world, organization, actor):
        raise GitHubError(404, "Not Found")
    return world, organization, team


def _reaches(world: World, organization: Organization, actor: Actor) -> bool:
    """Members see who is in it; an App sees it where it is installed, with `members`. Raises `GitHubError`."""
    if actor.installation is not None:
        owners = [world.repositories[each].owner for each in actor.installation.repository_ids]
        if organization.account not in owners:
            return False
        if LEVELS.get(actor.permissions.get("members", ""), 0) < LEVELS["read"]:
            raise GitHubError(403, "Resource not accessible by integration")
        return True
    if actor.app is not None:
        raise GitHubError(403, "A JSON web token cannot be used here")
    known = organization.members.get(actor.user.login)
    return known is not None and known.state == "active"


def _member(members: dict[str, Membership], login: str) -> tuple[str, Membership]:
    found = next((each for each in members.items() if each[0].lower() == login.lower()), None)
    if found is None:
        raise GitHubError(404, "Not Found")
    return found


_O = "/api/v3/orgs/{org}"
routes = [
    Route(f"{_O}/memberships/{{login}}", get_membership, methods=["GET"]),
    Route(f"{_O}/teams/{{slug}}/members", list_team_members, methods=["GET"]),
    Route(f"{_O}/teams/{{slug}}/memberships/{{login}}", get_team_membership, methods=["GET"]),
]
