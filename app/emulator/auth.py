"""Who is asking, and what they may do: https://docs.github.com/en/rest/authentication."""

import time
from typing import Any

import jwt
from starlette.requests import Request

from app.emulator.http import GitHubError, world_of
from app.emulator.state import Actor, App, Installation, Repository, User, World

LEVELS = {"read": 1, "write": 2, "admin": 3}
_ROLES = {"none": 0, "read": 1, "triage": 1, "write": 2, "maintain": 2, "admin": 3}
_MOST_JWT_S = 600
_CLAIMS: Any = {"verify_iat": True, "require": ["exp", "iat"]}


def authenticate(world: World, authorization: str) -> Actor:
    """A personal or installation token, or an App's own JWT."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() not in {"bearer", "token"}:
        raise GitHubError(401, "Requires authentication")
    held = world.tokens.get(token)
    if held is not None and held.expires_at > time.time():
        return held.actor
    if token.count(".") == 2 and not token.startswith("ghs_"):  # noqa: PLR2004 - a JWT has three parts
        return _app_actor(world, token)
    raise GitHubError(401, "Bad credentials")


def _app_actor(world: World, token: str) -> Actor:
    try:
        issuer = str(jwt.decode(token, options={"verify_signature": False})["iss"])
        app = next(app for app in world.apps.values() if issuer in {str(app.id), app.client_id})
        claims = jwt.decode(token, app.public_key, algorithms=["RS256"], leeway=60, options=_CLAIMS)
    except (jwt.InvalidTokenError, KeyError, StopIteration) as error:
        raise GitHubError(401, "A JSON web token could not be decoded") from error
    if claims["exp"] - time.time() > _MOST_JWT_S:
        raise GitHubError(401, "'Expiration time' claim ('exp') is too far in the future")
    return Actor(app.bot, app)


def actor_of(request: Request) -> Actor:
    actor = authenticate(world_of(request), request.headers.get("authorization", ""))
    must_not_be_suspended(actor.installation)
    return actor


def must_not_be_suspended(installation: Installation | None) -> None:
    if installation is not None and installation.suspended_by is not None:
        raise GitHubError(403, "This installation has been suspended")


def repository_of(request: Request, permission: str, level: str) -> tuple[World, Repository, Actor]:
    """The repository in the path, if the asker may do this there; 404 or 403 as GitHub answers."""
    world, actor = world_of(request), actor_of(request)
    repository = world.find(request.path_params["owner"], request.path_params["repo"])
    if repository is None:
        raise GitHubError(404, "Not Found")
    check(repository, actor, permission, level)
    return world, repository, actor


def check(repository: Repository, actor: Actor, permission: str, level: str) -> None:
    if actor.installation is not None:
        if repository.id not in reachable(actor):
            raise GitHubError(404, "Not Found")
        # To Apps `write` is granted where people are administrators: no repository permission goes further.
        if LEVELS.get(actor.permissions.get(permission, ""), 0) < min(LEVELS[level], LEVELS["write"]):
            raise GitHubError(403, "Resource not accessible by integration")
    elif actor.app is not None:
        raise GitHubError(403, "A JSON web token cannot be used here")
    else:
        role = role_of(repository, actor.user)
        if permission == "administration" and level == "read" and role != "admin":
            raise GitHubError(404, "Not Found")
        if role == "none" and repository.private:
            raise GitHubError(404, "Not Found")
        talk = permission in {"issues", "pull_requests"} and role != "none"
        if _ROLES[role] < LEVELS[level] and not talk:
            raise GitHubError(403, "Must have admin rights to Repository." if level == "admin" else "Forbidden")
    if repository.archived and level != "read" and permission != "administration":
        raise GitHubError(403, "Repository was archived so is read-only.")


def reachable(actor: Actor) -> list[int]:
    """Of the repositories that a token was made for, those that the installation still has."""
    held = [] if actor.installation is None else actor.installation.repository_ids
    return [each for each in actor.repository_ids if each in held]


def role_of(repository: Repository, user: User) -> str:
    """Everybody may read what is public."""
    return repository.permissions.get(user.login, "none" if repository.private else "read")


def may_administer(repository: Repository, actor: Actor) -> bool:
    if actor.installation is not None:
        return LEVELS.get(actor.permissions.get("administration", ""), 0) >= LEVELS["write"]
    return repository.permissions.get(actor.user.login) == "admin"


def app_of(request: Request) -> tuple[World, App]:
    """The App that asks by itself, with its JWT."""
    world, actor = world_of(request), actor_of(request)
    if actor.app is None or actor.installation is not None:
        raise GitHubError(401, "A JSON web token could not be decoded")
    return world, actor.app


def may_write(repository: Repository, actor: Actor) -> bool:
    """Whether somebody's approval counts: https://docs.github.com/en/pull-requests (write access is needed)."""
    if actor.installation is not None:
        return LEVELS.get(actor.permissions.get("contents", ""), 0) >= LEVELS["write"]
    return _ROLES[repository.permissions.get(actor.user.login, "read")] >= _ROLES["write"]
