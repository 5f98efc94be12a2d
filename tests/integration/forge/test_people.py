"""Who is in a team: known, not known, and never guessed."""

import pytest

from app.emulator.app import add_repository
from app.forge.errors import UnknownOutcomeError
from app.forge.people import is_team_member
from app.forge.permissions import MEMBERS
from app.policy.values import Repo


@pytest.fixture
async def works(installed):
    """A repository of an organization where the App is, as the forge sees it."""
    world = installed.stage.world
    name = f"works{len(world.organizations)}"
    for login in ("cyd", "dan"):
        if login not in world.users:
            world.add_user(login)
    organization = world.add_organization(name, {"mona": "admin"})
    world.add_team(organization, "core", {"mona": "active", "cyd": "pending"})
    repository = await add_repository(world, organization.account, "shop", {"mona": "admin"})
    app = next(iter(world.apps.values()))
    installation = world.install(app, [repository])
    return installed.forge.on(Repo(installation.id, repository.id, name, "shop"), MEMBERS)


async def test_members_are_told_from_others(works):
    org = works.repo.owner

    assert await is_team_member(works, org, "core", "mona") is True
    assert await is_team_member(works, org.upper(), "CORE", "Mona") is True
    assert await is_team_member(works, org, "core", "cyd") is False
    assert await is_team_member(works, org, "core", "dan") is False
    assert await is_team_member(works, org, "core", "nobody") is False


async def test_what_cannot_be_told_is_neither_yes_nor_no(works, installed):
    org = works.repo.owner
    elsewhere = installed.on(MEMBERS)

    assert await is_team_member(works, org, "deleted", "mona") is None
    assert await is_team_member(works, "nowhere", "core", "mona") is None
    assert await is_team_member(elsewhere, org, "core", "mona") is None
    assert await is_team_member(installed.forge.on(Repo(1, 2, org, "gone"), MEMBERS), org, "core", "mona") is None


async def test_an_app_that_was_not_granted_members_cannot_tell(works, installed, monkeypatch):
    app = next(iter(installed.stage.world.apps.values()))
    monkeypatch.delitem(app.permissions, "members")

    assert await is_team_member(works, works.repo.owner, "core", "mona") is None


async def test_a_token_without_members_cannot_tell(works):
    plain = works.forge.on(works.repo, {"metadata": "read"})

    assert await is_team_member(plain, works.repo.owner, "core", "mona") is None


async def test_an_outage_is_no_answer(works, installed):
    installed.faults({"method": "GET", "path": "/memberships/", "status": 502, "times": 9})

    with pytest.raises(UnknownOutcomeError):
        await is_team_member(works, works.repo.owner, "core", "mona")


@pytest.mark.parametrize("name", ["mona/../mona", "../core", "mona?x=1", "mona#", "{x}", "mona%2f", "m\u00f6na", "a b"])
async def test_a_name_stays_one_part_of_the_address(works, installed, name):
    org = works.repo.owner

    assert await is_team_member(works, org, "core", name) is False
    assert await is_team_member(works, org, name, "mona") is None
    assert await is_team_member(works, name, "core", "mona") is None


@pytest.mark.parametrize("name", ["", ".", ".."])
async def test_what_is_no_name_is_not_asked_for(works, name):
    org = works.repo.owner
    before = works.forge.requests

    assert await is_team_member(works, org, "core", name) is None
    assert await is_team_member(works, org, name, "mona") is None
    assert await is_team_member(works, name, "core", "mona") is None
    assert works.forge.requests == before
