"""Check runs: https://docs.github.com/en/rest/checks/runs."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator import git, suites
from app.emulator.auth import repository_of
from app.emulator.commits import sha_of
from app.emulator.events import tell
from app.emulator.http import GitHubError, body_of, counted, listed, parameter
from app.emulator.render import page_of
from app.emulator.render_checks import render_check_run, render_told_run
from app.emulator.state import Actor, Repository, World, now

Json = dict[str, Any]
Text = Annotated[str, Field(max_length=65_535)]
Identifier = Annotated[str, Field(max_length=20)]
Conclusion = Literal["success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required"]
Status = Literal["queued", "in_progress", "completed", "waiting", "requested", "pending"]


class Annotation(TypedDict):
    path: str
    start_line: int
    end_line: int
    annotation_level: Literal["notice", "warning", "failure"]
    message: str
    start_column: NotRequired[int | None]
    end_column: NotRequired[int | None]
    title: NotRequired[str | None]
    raw_details: NotRequired[str | None]


class Output(TypedDict):
    title: NotRequired[str | None]
    summary: Text
    text: NotRequired[Text | None]
    annotations: NotRequired[Annotated[list[Annotation], Field(max_length=50)] | None]


class Action(TypedDict):
    label: Identifier
    description: Annotated[str, Field(max_length=40)]
    identifier: Identifier


class _Common(TypedDict, total=False):
    external_id: str | None
    details_url: str | None
    status: Status
    started_at: str
    conclusion: Conclusion | None
    completed_at: str | None
    output: Output | None
    actions: Annotated[list[Action], Field(max_length=3)]


class Change(_Common, total=False):
    name: str


class NewRun(_Common):
    name: str
    head_sha: str


async def create_run(request: Request) -> Response:
    """A run that is completed from the start is told twice, as `created` and as `completed`."""
    world, repository, actor = repository_of(request, "checks", "write")
    if actor.app is None:
        raise GitHubError(403, "You must authenticate via a GitHub App.")
    body = await body_of(request, NewRun)
    if await git.rev(repository.path, body["head_sha"]) is None:
        raise GitHubError(422, f"No commit found for SHA: {body['head_sha']}")
    suite = await suites.ensure(world, repository, actor.app, body["head_sha"])
    run: Json = {"id": world.next_id(), "app_id": actor.app.id, "suite_id": suite["id"], "head_sha": body["head_sha"]}
    run |= {"name": body["name"], "external_id": "", "status": "queued", "conclusion": None, "output": {}}
    run |= {"started_at": now(), "completed_at": None, "annotations": [], "actions": []}
    _change(run, body)
    repository.check_runs[run["id"]] = run
    tell_run(world, repository, actor, run, "created")
    if run["status"] == "completed":
        tell_run(world, repository, actor, run, "completed")
    suites.settle(world, repository, actor, suite)
    return JSONResponse(render_check_run(world, repository, run), 201)


async def update_run(request: Request) -> Response:
    """Only the end is told of: there is no webhook for a run that begins."""
    world, repository, actor = repository_of(request, "checks", "write")
    run = find(repository, request.path_params["id"])
    if actor.app is None or run["app_id"] != actor.app.id:
        raise GitHubError(403, "Invalid app_id: the check run belongs to another App")
    was = (run["status"], run["conclusion"])
    _change(run, await body_of(request, Change))
    if run["status"] == "completed" and was != (run["status"], run["conclusion"]):
        tell_run(world, repository, actor, run, "completed")
    suites.settle(world, repository, actor, repository.suites[run["suite_id"]])
    return JSONResponse(render_check_run(world, repository, run))


async def get_run(request: Request) -> Response:
    world, repository, _ = repository_of(request, "checks", "read")
    return JSONResponse(render_check_run(world, repository, find(repository, request.path_params["id"])))


async def list_runs(request: Request) -> Response:
    """`filter=latest`, the default, shows the newest of each name and App."""
    world, repository, _ = repository_of(request, "checks", "read")
    sha, query = await sha_of(repository, request.path_params["ref"]), request.query_params
    name, status, app_id = query.get("check_name"), query.get("status"), parameter(request, "app_id", 0)
    runs = [
        run
        for run in repository.check_runs.values()
        if run["head_sha"] == sha and name in {None, run["name"]} and app_id in {0, run["app_id"]}
    ]
    if query.get("filter", "latest") == "latest":
        runs = list({(run["name"], run["app_id"]): run for run in runs}.values())
    shown = [render_check_run(world, repository, run) for run in runs if status in {None, run["status"]}]
    return counted(request, "check_runs", shown)


async def list_annotations(request: Request) -> Response:
    world, repository, _ = repository_of(request, "checks", "read")
    run = find(repository, request.path_params["id"])
    page = f"{page_of(world, repository)}/blob/{run['head_sha']}"
    empty = dict.fromkeys(("start_column", "end_column", "title", "raw_details"))
    shown = [{**empty, **each, "blob_href": f"{page}/{each['path']}"} for each in run["annotations"]]
    return listed(request, shown)


async def rerequest_run(request: Request) -> Response:
    """The suite starts anew; what becomes of the run is for its App to say."""
    world, repository, actor = repository_of(request, "checks", "write")
    ask_again(world, repository, actor, find(repository, request.path_params["id"]))
    return JSONResponse({}, 201)


def ask_again(world: World, repository: Repository, actor: Actor, run: Json) -> None:
    suites.reset(repository.suites[run["suite_id"]])
    tell_run(world, repository, actor, run, "rerequested")


def ask_action(world: World, repository: Repository, actor: Actor, run: Json, identifier: str) -> None:
    """A click on one of the run's buttons, which only the page has."""
    if identifier not in {action["identifier"] for action in run["actions"]}:
        raise GitHubError(422, f"The check run has no action {identifier}")
    tell_run(world, repository, actor, run, "requested_action", requested_action={"identifier": identifier})


def find(repository: Repository, identity: int) -> Json:
    if identity not in repository.check_runs:
        raise GitHubError(404, "Not Found")
    return repository.check_runs[identity]


def _change(run: Json, body: Mapping[str, Any]) -> None:
    given = {key: value for key, value in body.items() if value is not None}
    if given.get("status") == "completed" and "conclusion" not in given:
        raise GitHubError(422, 'Invalid request.\n\n"conclusion" wasn\'t supplied.')
    output = {**(body.get("output") or {})}
    run["annotations"].extend(output.pop("annotations", None) or [])
    run["output"] = {**run["output"], **output}
    kept = ("name", "external_id", "details_url", "status", "started_at", "actions")
    run.update({key: given[key] for key in kept if key in given})
    if "conclusion" in given:
        run.update(status="completed", conclusion=given["conclusion"], completed_at=given.get("completed_at", now()))
    elif run["status"] != "completed":
        run.update(conclusion=None, completed_at=None)


def tell_run(world: World, repository: Repository, actor: Actor, run: Json, action: str, **more: Any) -> None:
    payload = {"check_run": render_told_run(world, repository, run), **more}
    tell(world, repository, "check_run", action, actor.user, payload)


_R = "/api/v3/repos/{owner}/{repo}"
routes = [
    Route(f"{_R}/check-runs", create_run, methods=["POST"]),
    Route(f"{_R}/check-runs/{{id:int}}", get_run, methods=["GET"]),
    Route(f"{_R}/check-runs/{{id:int}}", update_run, methods=["PATCH"]),
    Route(f"{_R}/check-runs/{{id:int}}/annotations", list_annotations, methods=["GET"]),
    Route(f"{_R}/check-runs/{{id:int}}/rerequest", rerequest_run, methods=["POST"]),
    Route(f"{_R}/commits/{{ref:path}}/check-runs", list_runs, methods=["GET"]),
]
