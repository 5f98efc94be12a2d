"""Organizations: who is in a team, and who may know it."""

import asyncio

import pytest

from app.emulator.app import add_repository

CORE = "/orgs/works/teams/core"


@pytest.fixture
def works(stage):
    """Ada owns the organization, bob works there, cyd is invited, dan is a stranger."""
    for login in ("cyd", "dan"):
        stage.world.add_user(login)
    works = stage.world.add_organization("works", {"ada": "admin", "bob": "member"})
    stage.world.add_team(works, "core", {"ada": "active", "cyd": "pending"})
    return works


@pytest.fixture
def within(stage, works):
    """Makes a token of the App in the organization, with these permissions only."""
    repository = asyncio.run(add_repository(stage.world, works.account, "shop", {"ada": "admin"}))
    installation = stage.world.install(stage.app, [repository])
    return lambda **permissions: stage.world.mint(installation, permissions, [repository.id])[0]


def test_a_team_knows_its_members_and_whom_it_invited(stage, within):
    token = within(members="read")

    def membership(login):
        answer = stage.ask("GET", f"{CORE}/memberships/{login}", token)
        return answer.status_code, answer.json().get("role"), answer.json().get("state")

    assert membership("ADA") == (200, "maintainer", "active")
    assert membership("cyd") == (200, "member", "pending")
    assert membership("bob") == membership("dan") == membership("nobody") == (404, None, None)
    assert [each["login"] for each in stage.ask("GET", f"{CORE}/members", token).json()] == ["ada"]
    assert stage.ask("GET", "/orgs/WORKS/teams/CORE/members", token).status_code == 200
    assert stage.ask("GET", "/orgs/works/teams/other/members", token).status_code == 404
    assert stage.ask("GET", "/orgs/nowhere/teams/core/members", token).status_code == 404


def test_an_organization_knows_its_members(stage, within):
    def membership(login):
        answer = stage.ask("GET", f"/orgs/works/memberships/{login}", within(members="read")).json()
        return answer["role"], answer["state"], answer["organization"]["login"], answer["user"]["login"]

    assert membership("ada") == ("admin", "active", "works", "ada")
    assert membership("Bob") == ("member", "active", "works", "bob")
    assert membership("cyd") == ("member", "pending", "works", "cyd")
    assert stage.ask("GET", "/orgs/works/memberships/dan", within(members="read")).status_code == 404


def test_only_who_belongs_there_may_know(stage, works, within):
    cyd = stage.world.add_user("cyd")

    def statuses(token):
        asked = (f"{CORE}/members", f"{CORE}/memberships/ada", "/orgs/works/memberships/ada")
        return [stage.ask("GET", each, token).status_code for each in asked]

    assert statuses(within(members="read")) == statuses(stage.person) == statuses(stage.writer) == [200, 200, 200]
    assert statuses(within(metadata="read")) == statuses(stage.app_token()) == [403, 403, 403]
    assert statuses(stage.token(members="read")) == statuses(cyd) == [404, 404, 403]


def test_a_repository_of_an_organization_says_so_in_its_webhooks(stage, within, receiver):
    token = within(issues="write")
    answer = stage.ask("POST", "/repos/works/shop/issues", token, {"title": "It breaks"})
    told = receiver.next().payload

    assert answer.status_code == 201, answer.text
    assert told["organization"]["login"] == told["repository"]["owner"]["login"] == "works"
    assert told["repository"]["owner"]["type"] == "Organization"
    stage.ask("POST", "issues", stage.person, {"title": "At home"})
    assert "organization" not in receiver.next().payload
