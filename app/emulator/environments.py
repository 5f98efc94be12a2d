"""Environments and their custom protection rules: https://docs.github.com/en/rest/deployments/environments."""

from typing import Any, NotRequired
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.auth import repository_of
from app.emulator.http import GitHubError, body_of, counted, invalid
from app.emulator.render import api_of, page_of
from app.emulator.state import App, Repository, World, now

Json = dict[str, Any]
_RULES = 6
"""Custom rules that an environment may have:
https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/configure-custom-protection-rules."""


class Wish(TypedDict, total=False):
    wait_timer: int


class NewRule(TypedDict):
    integration_id: NotRequired[int]


async def put_environment(request: Request) -> Response:
    world, repository, _ = repository_of(request, "administration", "write")
    name = request.path_params["name"]
    await body_of(request, Wish)
    found = find(repository, name)
    if found is None:
        found = {"id": world.next_id(), "name": name, "rules": {}, "created_at": (at := now()), "updated_at": at}
        repository.environments[name.casefold()] = found
    found["updated_at"] = now()
    return JSONResponse(render_environment(world, repository, found))


async def get_environment(request: Request) -> Response:
    world, repository, _ = repository_of(request, "actions", "read")
    return JSONResponse(render_environment(world, repository, _named(repository, request)))


async def list_environments(request: Request) -> Response:
    world, repository, _ = repository_of(request, "actions", "read")
    found = [render_environment(world, repository, each) for each in repository.environments.values()]
    return counted(request, "environments", found)


async def create_rule(request: Request) -> Response:
    world, repository, _ = repository_of(request, "administration", "write")
    environment, body = _named(repository, request), await body_of(request, NewRule)
    app = world.apps.get(body.get("integration_id", 0))
    if app is None or len(environment["rules"]) >= _RULES or app.id in environment["rules"].values():
        raise invalid("DeploymentProtectionRule", "integration_id")
    identity = world.next_id()
    environment["rules"][identity] = app.id
    return JSONResponse(_render_rule(identity, app), 201)


async def list_rules(request: Request) -> Response:
    world, repository, _ = repository_of(request, "actions", "read")
    rules = _named(repository, request)["rules"].items()
    found = [_render_rule(identity, world.apps[app_id]) for identity, app_id in rules]
    return counted(request, "custom_deployment_protection_rules", found)


def find(repository: Repository, name: str) -> Json | None:
    """Names are not case-sensitive:
    https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments."""
    return repository.environments.get(name.casefold())


def judges(environment: Json) -> list[int]:
    """The Apps whose word is asked for, by id."""
    return list(environment["rules"].values())


def _named(repository: Repository, request: Request) -> Json:
    found = find(repository, request.path_params["name"])
    if found is None:
        raise GitHubError(404, "Not Found")
    return found


def render_environment(world: World, repository: Repository, environment: Json) -> Json:
    return {
        **render_pending(world, repository, environment),
        **{key: environment[key] for key in ("created_at", "updated_at")},
        "protection_rules": [],
        "deployment_branch_policy": None,
    }


def render_pending(world: World, repository: Repository, environment: Json) -> Json:
    """As runs show that wait for it."""
    return {
        "id": environment["id"],
        "node_id": f"EN_{environment['id']}",
        "name": environment["name"],
        "url": f"{api_of(world, repository)}/environments/{quote(environment['name'], safe='')}",
        "html_url": f"{page_of(world, repository)}/deployments/activity_log?environments_filter={environment['id']}",
    }


def _render_rule(identity: int, app: App) -> Json:
    shown = {"id": app.id, "slug": app.slug, "node_id": f"A_{app.id}"}
    shown["integration_url"] = f"https://api.github.com/apps/{app.slug}"
    return {"id": identity, "node_id": f"DPR_{identity}", "enabled": True, "app": shown}


_E = "/api/v3/repos/{owner}/{repo}/environments"
routes = [
    Route(_E, list_environments, methods=["GET"]),
    Route(f"{_E}/{{name}}", get_environment, methods=["GET"]),
    Route(f"{_E}/{{name}}", put_environment, methods=["PUT"]),
    Route(f"{_E}/{{name}}/deployment_protection_rules", list_rules, methods=["GET"]),
    Route(f"{_E}/{{name}}/deployment_protection_rules", create_rule, methods=["POST"]),
]
