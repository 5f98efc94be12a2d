"""Labels of repositories and issues: https://docs.github.com/en/rest/issues/labels."""

from collections.abc import Sequence
from typing import Any, NotRequired

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.auth import repository_of
from app.emulator.http import GitHubError, body_of, invalid, listed
from app.emulator.issue_events import record, tell_of
from app.emulator.render import api_of
from app.emulator.render_issues import render_label
from app.emulator.state import Actor, Repository, World

Json = dict[str, Any]


class NewLabel(TypedDict):
    name: str
    color: NotRequired[str]
    description: NotRequired[str]


class Names(TypedDict):
    labels: list[str]


def label(world: World, repository: Repository, actor: Actor, issue: Json, names: Sequence[str]) -> None:
    """Case is kept as it was written first and does not tell labels apart. New labels come to be by being set."""
    for name in names:
        known = next((each for each in repository.labels if each.lower() == name.lower()), None)
        if known is None:
            repository.labels.append(name)
        if (known or name) not in issue["labels"]:
            issue["labels"].append(known or name)
            _tell(world, repository, actor, issue, known or name, "labeled")


async def list_labels(request: Request) -> Response:
    world, repository, _ = repository_of(request, "issues", "read")
    return listed(request, [render_label(api_of(world, repository), name) for name in repository.labels])


async def create_label(request: Request) -> Response:
    world, repository, actor = repository_of(request, "issues", "write")
    _must_triage(repository, actor)
    name = (await body_of(request, NewLabel))["name"]
    if name.lower() in {each.lower() for each in repository.labels}:
        raise invalid("Label", "name", "already_exists")
    repository.labels.append(name)
    return JSONResponse(render_label(api_of(world, repository), name), 201)


async def list_labels_of_issue(request: Request) -> Response:
    world, repository, _ = repository_of(request, "issues", "read")
    issue = _find(repository, request)
    return listed(request, [render_label(api_of(world, repository), name) for name in issue["labels"]])


async def add_labels(request: Request) -> Response:
    world, repository, actor = repository_of(request, "issues", "write")
    _must_triage(repository, actor)
    issue = _find(repository, request)
    label(world, repository, actor, issue, (await body_of(request, Names))["labels"])
    return JSONResponse([render_label(api_of(world, repository), name) for name in issue["labels"]])


async def remove_label(request: Request) -> Response:
    world, repository, actor = repository_of(request, "issues", "write")
    _must_triage(repository, actor)
    issue, wanted = _find(repository, request), request.path_params["name"].lower()
    name = next((each for each in issue["labels"] if each.lower() == wanted), None)
    if name is None:
        raise GitHubError(404, "Label does not exist")
    issue["labels"].remove(name)
    _tell(world, repository, actor, issue, name, "unlabeled")
    return JSONResponse([render_label(api_of(world, repository), each) for each in issue["labels"]])


def _must_triage(repository: Repository, actor: Actor) -> None:
    if actor.installation is None and repository.permissions.get(actor.user.login, "read") in {"read", "none"}:
        raise GitHubError(403, "Must have triage rights to Repository.")


def _tell(world: World, repository: Repository, actor: Actor, issue: Json, name: str, action: str) -> None:
    shown = render_label(api_of(world, repository), name)
    record(world, repository, issue, action, actor.user, label={"name": name, "color": shown["color"]})
    tell_of(world, repository, issue, action, actor.user, label=shown)


def _find(repository: Repository, request: Request) -> Json:
    issue = repository.issues.get(request.path_params["number"])
    if issue is None:
        raise GitHubError(404, "Not Found")
    return issue


_R = "/api/v3/repos/{owner}/{repo}"
routes = [
    Route(f"{_R}/labels", list_labels, methods=["GET"]),
    Route(f"{_R}/labels", create_label, methods=["POST"]),
    Route(f"{_R}/issues/{{number:int}}/labels", list_labels_of_issue, methods=["GET"]),
    Route(f"{_R}/issues/{{number:int}}/labels", add_labels, methods=["POST"]),
    Route(f"{_R}/issues/{{number:int}}/labels/{{name:path}}", remove_label, methods=["DELETE"]),
]
