"""Jobs of workflow runs: what they logged, and running again those that failed.

https://docs.github.com/en/rest/actions/workflow-jobs
"""

import secrets
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.emulator import ci, suites
from app.emulator.auth import repository_of
from app.emulator.http import GitHubError, counted, world_of
from app.emulator.render import api_of, page_of
from app.emulator.state import Actor, Repository, World, now
from app.emulator.workflow_runs import find_run

Json = dict[str, Any]
_LINK_LIFE_S = 60.0


async def list_jobs(request: Request) -> Response:
    """`filter=latest`, the default, leaves out what a later attempt ran anew."""
    world, repository, _ = repository_of(request, "actions", "read")
    run = find_run(repository, request.path_params["id"])
    found = ci.jobs_of(repository, run, latest=request.query_params.get("filter", "latest") == "latest")
    return counted(request, "jobs", [_render(world, repository, each) for each in found])


async def get_job(request: Request) -> Response:
    world, repository, _ = repository_of(request, "actions", "read")
    return JSONResponse(_render(world, repository, _find(repository, request)))


async def read_log(request: Request) -> Response:
    """A redirection to a place that is good for a minute, where no token may come along.

    https://docs.github.com/en/rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run
    """
    world, repository, _ = repository_of(request, "actions", "read")
    job = _find(repository, request)
    if job["status"] != "completed":
        raise GitHubError(404, "Not Found")
    key = secrets.token_urlsafe(16)
    world.log_links[key] = (job["log"], time.time() + _LINK_LIFE_S)
    return Response(status_code=302, headers={"location": f"{world.base_url}/_logs/{key}"})


async def show_log(request: Request) -> Response:
    """The store behind the redirection knows no tokens of GitHub and refuses whoever sends one."""
    text, until = world_of(request).log_links.get(request.path_params["key"], ("", 0.0))
    if "authorization" in request.headers:
        return Response("InvalidAuthenticationInfo", 400)
    return (
        Response(text, 200, media_type="text/plain") if until > time.time() else Response("AuthenticationFailed", 403)
    )


async def rerun_failed(request: Request) -> Response:
    """Those that failed begin anew, as jobs and check runs of their own.

    https://docs.github.com/en/rest/actions/workflow-runs#re-run-failed-jobs-from-a-workflow-run
    """
    world, repository, actor = repository_of(request, "actions", "write")
    run = find_run(repository, request.path_params["id"])
    if run["status"] != "completed":
        raise GitHubError(403, "This workflow run cannot be retried")
    failed = [each for each in ci.jobs_of(repository, run, latest=True) if each["conclusion"] != "success"]
    run.update(status="in_progress", conclusion=None, attempt=run["attempt"] + 1, updated_at=now())
    suites.reset(repository.suites[run["suite_id"]])
    for each in failed:
        ci.begin_job(world, repository, Actor(actor.user), run, each["name"])
    return JSONResponse({}, 201)


def _find(repository: Repository, request: Request) -> Json:
    job = repository.check_runs.get(request.path_params["id"])
    if job is None or "workflow_run" not in job:
        raise GitHubError(404, "Not Found")
    return job


def _render(world: World, repository: Repository, job: Json) -> Json:
    api, run = api_of(world, repository), repository.workflow_runs[job["workflow_run"]]
    kept = ("id", "head_sha", "status", "conclusion", "started_at", "completed_at", "name")
    return {
        **{key: job[key] for key in kept},
        "node_id": f"CR_{job['id']}",
        "run_id": run["id"],
        "run_url": f"{api}/actions/runs/{run['id']}",
        "run_attempt": job["attempt"],
        "url": f"{api}/actions/jobs/{job['id']}",
        "html_url": f"{page_of(world, repository)}/actions/runs/{run['id']}/job/{job['id']}",
        "check_run_url": f"{api}/check-runs/{job['id']}",
        "created_at": job["started_at"],
        "workflow_name": "CI",
        "head_branch": run["head_branch"],
        "steps": [],
        "labels": ["ubuntu-latest"],
        "runner_id": 1,
        "runner_name": "GitHub Actions 1",
        "runner_group_id": 1,
        "runner_group_name": "GitHub Actions",
    }


_A = "/api/v3/repos/{owner}/{repo}/actions"
routes = [
    Route(f"{_A}/runs/{{id:int}}/jobs", list_jobs, methods=["GET"]),
    Route(f"{_A}/runs/{{id:int}}/rerun-failed-jobs", rerun_failed, methods=["POST"]),
    Route(f"{_A}/jobs/{{id:int}}", get_job, methods=["GET"]),
    Route(f"{_A}/jobs/{{id:int}}/logs", read_log, methods=["GET"]),
    Route("/_logs/{key}", show_log, methods=["GET"]),
]
