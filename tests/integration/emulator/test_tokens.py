"""Tokens: narrowed to repositories and permissions, good for an hour, never more than the App was granted."""

import asyncio
import time

import jwt

from app.emulator.app import add_repository


def mint(stage, **narrowing):
    return stage.ask("POST", f"/app/installations/{stage.installation.id}/access_tokens", stage.app_token(), narrowing)


def test_a_token_reaches_only_the_repositories_it_was_narrowed_to(stage):
    owner = stage.world.users["ada"]
    other = asyncio.run(add_repository(stage.world, owner, "other", {"ada": "admin"}))
    stage.installation.repository_ids.append(other.id)
    for narrowing in ({"repositories": ["OTHER"]}, {"repository_ids": [other.id]}):
        answer = mint(stage, **narrowing).json()
        assert [each["name"] for each in answer["repositories"]] == ["other"]
        assert stage.ask("GET", "/repos/ada/other", answer["token"]).status_code == 200
        assert stage.ask("GET", "issues", answer["token"]).status_code == 404
    assert mint(stage, repositories=["other", "nowhere"]).status_code == 422
    assert mint(stage, repository_ids=[1]).status_code == 422


def test_a_token_may_what_it_was_narrowed_to_and_never_more_than_the_app(stage):
    token = mint(stage, permissions={"issues": "read"}).json()["token"]
    assert stage.ask("GET", "issues", token).status_code == 200
    assert stage.ask("POST", "issues", token, {"title": "No"}).status_code == 403
    assert stage.ask("GET", "pulls", token).status_code == 403
    assert mint(stage, permissions={"administration": "read"}).status_code == 422
    assert mint(stage, permissions={"metadata": "write"}).status_code == 422
    assert mint(stage).json()["permissions"] == stage.app.permissions


def test_a_token_ends_after_an_hour(stage):
    token = mint(stage).json()["token"]
    held = stage.world.tokens[token]
    assert 3500 < held.expires_at - time.time() <= 3600
    assert stage.ask("GET", "issues", token).status_code == 200
    held.expires_at = time.time() - 1
    assert stage.ask("GET", "issues", token).status_code == 401


def test_a_jwt_holds_ten_minutes_at_most_and_only_under_the_key_of_its_app(stage):
    moment = int(time.time())

    def status(end, key=stage.private_key, issuer=stage.app.client_id):
        claims = {"iss": issuer, "iat": moment - 60, "exp": moment + end}
        return stage.ask("GET", "/app", jwt.encode(claims, key, algorithm="RS256")).status_code

    assert status(500) == 200
    assert status(900) == 401
    assert status(-120) == 401
    assert status(500, issuer="Iv23nobody") == 401
    assert stage.ask("GET", "/app", stage.person).status_code == 401
    assert stage.ask("GET", "issues", stage.app_token()).status_code == 403
