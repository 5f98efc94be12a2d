"""Rulesets of a repository: https://docs.github.com/en/rest/repos/rules."""

from collections.abc import Mapping
from typing import Any, Literal, NotRequired

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.auth import may_administer, repository_of
from app.emulator.events import tell
from app.emulator.http import GitHubError, body_of, invalid, listed
from app.emulator.queue_rules import are_parameters
from app.emulator.render import api_of, page_of
from app.emulator.rules import applies
from app.emulator.state import Actor, Repository, World, now

Json = dict[str, Any]
Type = Literal[
    "creation",
    "update",
    "deletion",
    "non_fast_forward",
    "pull_request",
    "required_status_checks",
    "merge_queue",
]
"""What the emulator can enforce; GitHub knows more, which are refused here rather than taken and not kept."""


Enforcement = Literal["disabled", "active", "evaluate"]


class Rule(TypedDict):
    type: Type
    parameters: NotRequired[dict[str, Any]]


class BypassActor(TypedDict):
    actor_id: NotRequired[int | None]
    actor_type: Literal["Integration", "OrganizationAdmin", "RepositoryRole", "Team", "DeployKey", "User"]
    bypass_mode: NotRequired[Literal["always", "pull_request", "exempt"]]


class RefName(TypedDict):
    include: list[str]
    exclude: list[str]


class Conditions(TypedDict):
    ref_name: NotRequired[RefName]


class _Common(TypedDict, total=False):
    target: Literal["branch"]
    bypass_actors: list[BypassActor]
    conditions: Conditions
    rules: list[Rule]


class Change(_Common, total=False):
    name: str
    enforcement: Enforcement


class NewRuleset(_Common):
    name: str
    enforcement: Enforcement


async def create_ruleset(request: Request) -> Response:
    world, repository, actor = repository_of(request, "administration", "admin")
    body = await body_of(request, NewRuleset)
    _check_name(repository, body["name"], None)
    ruleset: Json = {"id": world.next_id(), "target": "branch", "bypass_actors": [], "rules": [], "created_at": now()}
    ruleset |= {"conditions": {"ref_name": {"include": [], "exclude": []}}}
    repository.rulesets[ruleset["id"]] = _changed(repository, ruleset, body)
    _tell(world, repository, actor, ruleset, "created")
    return JSONResponse(_render(world, repository, ruleset), 201)


async def update_ruleset(request: Request) -> Response:
    world, repository, actor = repository_of(request, "administration", "admin")
    ruleset, body = _find(repository, request), await body_of(request, Change)
    _check_name(repository, body.get("name"), ruleset)
    was = {"name": {"from": ruleset["name"]}, "enforcement": {"from": ruleset["enforcement"]}}
    _changed(repository, ruleset, body)
    changes = {key: value for key, value in was.items() if value["from"] != ruleset[key]}
    _tell(world, repository, actor, ruleset, "edited", changes=changes)
    return JSONResponse(_render(world, repository, ruleset))


async def delete_ruleset(request: Request) -> Response:
    world, repository, actor = repository_of(request, "administration", "admin")
    ruleset = _find(repository, request)
    del repository.rulesets[ruleset["id"]]
    _tell(world, repository, actor, ruleset, "deleted")
    return Response(status_code=204)


async def get_ruleset(request: Request) -> Response:
    """Who may bypass it is shown only to those who may change it."""
    world, repository, actor = repository_of(request, "metadata", "read")
    shown = _render(world, repository, _find(repository, request))
    hidden = () if may_administer(repository, actor) else ("bypass_actors",)
    return JSONResponse({key: shown[key] for key in shown if key not in hidden})


async def list_rulesets(request: Request) -> Response:
    """In lists a ruleset is shown without its rules."""
    world, repository, _ = repository_of(request, "metadata", "read")
    left_out = ("rules", "conditions", "bypass_actors")
    shown = [_render(world, repository, each) for each in repository.rulesets.values()]
    return listed(request, [{key: each[key] for key in each if key not in left_out} for each in shown])


async def rules_for_branch(request: Request) -> Response:
    """The active rules of all rulesets that apply; classic protection is not among them."""
    _, repository, _ = repository_of(request, "metadata", "read")
    branch = request.path_params["branch"]
    source = {"ruleset_source_type": "Repository", "ruleset_source": repository.full_name}
    found = [
        {**rule, **source, "ruleset_id": ruleset["id"]}
        for ruleset in repository.rulesets.values()
        if ruleset["enforcement"] == "active" and applies(repository, ruleset, branch)
        for rule in ruleset["rules"]
    ]
    return listed(request, found)


def _changed(repository: Repository, ruleset: Json, body: Mapping[str, Any]) -> Json:
    given: Json = {**body, "updated_at": now()}
    if "rules" in body:
        given["rules"] = [_completed(repository, rule) for rule in body["rules"]]
    if "bypass_actors" in body:
        given["bypass_actors"] = [{"bypass_mode": "always", "actor_id": None, **each} for each in body["bypass_actors"]]
    ruleset.update(given)
    return ruleset


def _completed(repository: Repository, rule: Rule) -> Json:
    """A rule with the parameters that its kind has. Raises `GitHubError` when one is missing or of the wrong kind."""
    kind, parameters = rule["type"], rule.get("parameters", {})
    if kind == "required_status_checks":
        checks = parameters.get("required_status_checks")
        named = isinstance(checks, list) and all(isinstance(each, dict) and each.get("context") for each in checks)
        if not named:
            raise _wrong(kind)
        empty = {"strict_required_status_checks_policy": False, "do_not_enforce_on_create": False}
        return {"type": kind, "parameters": {**empty, **parameters}}
    if kind == "pull_request":
        count = parameters.get("required_approving_review_count", 0)
        if type(count) is not int:
            raise _wrong(kind)
        return {"type": kind, "parameters": {**_PULL_REQUEST, **parameters}}
    if kind == "merge_queue":
        if repository.owner.type != "Organization" or not are_parameters(parameters):
            raise _wrong(kind)
        return {"type": kind, "parameters": parameters}
    return {"type": kind, **({"parameters": {"update_allows_fetch_and_merge": False}} if kind == "update" else {})}


def _wrong(kind: str) -> GitHubError:
    return invalid("RepositoryRuleset", "rules", "custom", f"Invalid rule '{kind}': invalid parameters")


_PULL_REQUEST: Json = {
    "required_approving_review_count": 0,
    "allowed_merge_methods": ["merge", "squash", "rebase"],
    **dict.fromkeys(
        (
            "dismiss_stale_reviews_on_push",
            "require_code_owner_review",
            "require_last_push_approval",
            "required_review_thread_resolution",
        ),
        False,
    ),
}


def _check_name(repository: Repository, name: str | None, own: Json | None) -> None:
    if any(each["name"] == name and each is not own for each in repository.rulesets.values()):
        raise invalid("RepositoryRuleset", "name", "custom", "Name must be unique")


def _find(repository: Repository, request: Request) -> Json:
    ruleset = repository.rulesets.get(request.path_params["id"])
    if ruleset is None:
        raise GitHubError(404, "Not Found")
    return ruleset


def _render(world: World, repository: Repository, ruleset: Json) -> Json:
    links = {
        "self": {"href": f"{api_of(world, repository)}/rulesets/{ruleset['id']}"},
        "html": {"href": f"{page_of(world, repository)}/rules/{ruleset['id']}"},
    }
    source = {"source_type": "Repository", "source": repository.full_name, "node_id": f"RRS_{ruleset['id']}"}
    return {**ruleset, **source, "_links": links}


def _tell(world: World, repository: Repository, actor: Actor, ruleset: Json, action: str, **more: Any) -> None:
    payload = {"repository_ruleset": _render(world, repository, ruleset), **more}
    tell(world, repository, "repository_ruleset", action, actor.user, payload)


_R = "/api/v3/repos/{owner}/{repo}"
routes = [
    Route(f"{_R}/rulesets", list_rulesets, methods=["GET"]),
    Route(f"{_R}/rulesets", create_ruleset, methods=["POST"]),
    Route(f"{_R}/rulesets/{{id:int}}", get_ruleset, methods=["GET"]),
    Route(f"{_R}/rulesets/{{id:int}}", update_ruleset, methods=["PUT"]),
    Route(f"{_R}/rulesets/{{id:int}}", delete_ruleset, methods=["DELETE"]),
    Route(f"{_R}/rules/branches/{{branch:path}}", rules_for_branch, methods=["GET"]),
]
