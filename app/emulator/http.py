"""What every handler needs: errors in GitHub's form, who is asking, what they may do."""

import time
from collections.abc import Sequence
from typing import Any

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.emulator.state import Actor, Repository, World

Json = dict[str, Any]
_LEVELS = {"read": 1, "write": 2, "admin": 3}
_ROLES = {"none": 0, "read": 1, "triage": 1, "write": 2, "maintain": 2, "admin": 3}


class GitHubError(Exception):
    def __init__(self, status: int, message: str, errors: Sequence[Json] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {
            "message": message,
            "documentation_url": "https://docs.github.com/rest",
            "status": str(status),
        }
        if errors:
            self.body["errors"] = list(errors)


def world_of(request: Request) -> World:
    world: World = request.app.state.world
    return world


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
        claims = jwt.decode(token, app.public_key, algorithms=["RS256"], leeway=60, options={"verify_iat": True})
    except (jwt.InvalidTokenError, KeyError, StopIteration) as error:
        raise GitHubError(401, "A JSON web token could not be decoded") from error
    if claims["exp"] - time.time() > 600:  # noqa: PLR2004 - ten minutes
        raise GitHubError(401, "'Expiration time' claim ('exp') is too far in the future")
    return Actor(app.bot, app)


def actor_of(request: Request) -> Actor:
    actor = authenticate(world_of(request), request.headers.get("authorization", ""))
    request.state.actor = actor.user.login
    return actor


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
        if repository.id not in actor.repository_ids:
            raise GitHubError(404, "Not Found")
        if _LEVELS.get(actor.permissions.get(permission, ""), 0) < _LEVELS[level]:
            raise GitHubError(403, "Resource not accessible by integration")
    elif actor.app is not None:
        raise GitHubError(403, "A JSON web token cannot be used here")
    else:
        role = repository.permissions.get(actor.user.login, "read")
        talk = permission in {"issues", "pull_requests"} and role != "none"
        if _ROLES[role] < _LEVELS[level] and not talk:
            raise GitHubError(403, "Must have admin rights to Repository." if level == "admin" else "Forbidden")


async def body_of(request: Request) -> Json:
    try:
        body = await request.json()
    except ValueError as error:
        raise GitHubError(400, "Problems parsing JSON") from error
    return body if isinstance(body, dict) else {}


def paginate(request: Request, items: Sequence[Any]) -> tuple[list[Any], dict[str, str]]:
    """A page of items and its Link header: https://docs.github.com/en/rest/using-the-rest-api/using-pagination."""
    size = min(100, max(1, int(request.query_params.get("per_page", "30"))))
    page = max(1, int(request.query_params.get("page", "1")))
    last = max(1, -(-len(items) // size))
    links = []
    for rel, number in (("prev", page - 1), ("next", page + 1), ("last", last), ("first", 1)):
        if (rel == "prev" and page > 1) or (rel in {"next", "last"} and page < last) or (rel == "first" and page > 1):
            links.append(f'<{request.url.include_query_params(page=number)}>; rel="{rel}"')
    return list(items[(page - 1) * size : page * size]), ({"link": ", ".join(links)} if links else {})


def listed(request: Request, items: Sequence[Any]) -> Response:
    page, headers = paginate(request, items)
    return JSONResponse(page, headers=headers)
