"""Workflow runs that wait for environments, and the answers of protection rules.

https://docs.github.com/en/rest/actions/workflow-runs
"""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator.auth import repository_of
from app.emulator.deployments import set_state
from app.emulator.environments import find, render_pending
from app.emulator.http import GitHubError, body_of, counted, parameter
from app.emulator.render import api_of, page_of, render_repository, render_user
from app.emulator.render_checks import pulls_at
from app.emulator.state import Repository, World, now

Json = dict[str, Any]


class Answer(TypedDict):
    """Without a state it is only a comment."""

    environment_name: str
    state: NotRequired[Literal["approved", "rejected"]]
    comment: NotRequired[Annotated[str, Field(max_length=1024)]]


async def list_runs(request: Request) -> Response:
    """Newest first."""
    world, repository, _ = repository_of(request, "actions", "read")
    wanted = {key: request.query_params.get(key) for key in ("status", "head_sha", "event")}
    suite = parameter(request, "check_suite_id", 0)
    found = [
        each
        for each in reversed(repository.workflow_runs.values())
        if all(value in {None, each[key]} for key, value in wanted.items()) and suite in {0, each.get("suite_id")}
    ]
    return counted(request, "workflow_runs", [render_run(world, repository, each) for each in found])


async def get_run(request: Request) -> Response:
    world, repository, _ = repository_of(request, "actions", "read")
    return JSONResponse(render_run(world, repository, find_run(repository, request.path_params["id"])))


async def list_pending(request: Request) -> Response:
    """The environments that the run still waits for."""
    world, repository, _ = repository_of(request, "actions", "read")
    run = find_run(repository, request.path_params["id"])
    pending: Json = {"wait_timer": 0, "wait_timer_started_at": None, "current_user_can_approve": False, "reviewers": []}
    found = [find(repository, name) for name in run["waits_for"]]
    shown = [{"environment": render_pending(world, repository, each), **pending} for each in found if each]
    return JSONResponse(shown)


async def answer_rule(request: Request) -> Response:
    """For the Apps alone whose rule the environment has. The run goes on once all of them have approved.

    https://docs.github.com/en/rest/actions/workflow-runs#review-custom-deployment-protection-rules-for-a-workflow-run
    """
    world, repository, actor = repository_of(request, "deployments", "write")
    run, body = find_run(repository, request.path_params["id"]), await body_of(request, Answer)
    name = body["environment_name"].casefold()
    asked: list[int] = run["waits_for"].get(name, [])
    if actor.app is None or actor.app.id not in asked:
        raise GitHubError(422, f"No pending deployment protection rule for {body['environment_name']}.")
    kept = {"environment": body["environment_name"], "app_id": actor.app.id}
    run["answers"].append({**kept, "state": body.get("state"), "comment": body.get("comment", "")})
    deployment = repository.deployments[run["deployments"][name]]
    if body.get("state") == "approved":
        asked.remove(actor.app.id)
        if not asked:
            go_on(run, name)
            set_state(world, repository, run["user"], deployment, "in_progress")
    elif body.get("state") == "rejected":
        go_on(run, name)
        run.update(status="completed", conclusion="failure")
        set_state(world, repository, run["user"], deployment, "failure")
    return Response(status_code=204)


def go_on(run: Json, environment: str) -> None:
    """Nothing is waited for in this environment any more."""
    del run["waits_for"][environment]
    run.update(status="waiting" if run["waits_for"] else "in_progress", updated_at=now())


def find_run(repository: Repository, identity: int) -> Json:
    if identity not in repository.workflow_runs:
        raise GitHubError(404, "Not Found")
    return repository.workflow_runs[identity]


def render_run(world: World, repository: Repository, run: Json) -> Json:
    url = f"{api_of(world, repository)}/actions/runs/{run['id']}"
    kept = ("id", "head_branch", "head_sha", "event", "status", "conclusion", "created_at", "updated_at")
    places = ("jobs", "logs", "artifacts", "cancel", "rerun")
    shown = render_repository(world, repository)
    return {
        **{key: run[key] for key in kept},
        "name": "Deploy",
        "display_title": "Deploy",
        "node_id": f"WFR_{run['id']}",
        "path": ".github/workflows/deploy.yml",
        "run_number": 1,
        "run_attempt": run["attempt"],
        "workflow_id": run["id"],
        "check_suite_id": run.get("suite_id", run["id"]),
        "url": url,
        "html_url": f"{page_of(world, repository)}/actions/runs/{run['id']}",
        "pull_requests": pulls_at(world, repository, run["head_sha"]),
        "actor": render_user(world, run["user"]),
        "run_started_at": run["created_at"],
        **{f"{name}_url": f"{url}/{name}" for name in places},
        "check_suite_url": f"{api_of(world, repository)}/check-suites/{run.get('suite_id', run['id'])}",
        "workflow_url": f"{api_of(world, repository)}/actions/workflows/{run['id']}",
        "head_commit": None,
        "repository": shown,
        "head_repository": shown,
    }


_A = "/api/v3/repos/{owner}/{repo}/actions/runs"
routes = [
    Route(_A, list_runs, methods=["GET"]),
    Route(f"{_A}/{{id:int}}", get_run, methods=["GET"]),
    Route(f"{_A}/{{id:int}}/pending_deployments", list_pending, methods=["GET"]),
    Route(f"{_A}/{{id:int}}/deployment_protection_rule", answer_rule, methods=["POST"]),
]
