"""Check runs and commit statuses: https://docs.github.com/en/rest/checks/runs."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.emulator import git
from app.emulator.http import GitHubError, body_of, paginate, repository_of
from app.emulator.render import render_check_run, render_user
from app.emulator.state import Actor, Repository, World, now

Json = dict[str, Any]
_CONCLUSIONS = frozenset(["success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required"])
_TEXT_CHARS, _ANNOTATIONS = 65_535, 50


async def create_run(request: Request) -> Response:
    world, repository, actor = repository_of(request, "checks", "write")
    if actor.app is None:
        raise GitHubError(403, "You must authenticate via a GitHub App.")
    body = await body_of(request)
    if await git.rev(repository.path, str(body.get("head_sha"))) is None:
        raise GitHubError(422, "No commit found for SHA: " + str(body.get("head_sha")))
    run: Json = {
        "id": world.next_id(),
        "app_id": actor.app.id,
        "suite_id": actor.app.id * 1000 + len({each["head_sha"] for each in repository.check_runs.values()}),
        "name": body["name"],
        "head_sha": body["head_sha"],
        "external_id": body.get("external_id", ""),
        "status": "queued",
        "conclusion": None,
        "started_at": now(),
        "completed_at": None,
        "output": {},
        "annotations": [],
    }
    _change(run, body)
    repository.check_runs[run["id"]] = run
    return JSONResponse(_tell(world, repository, actor, run, "created"), 201)


async def update_run(request: Request) -> Response:
    world, repository, actor = repository_of(request, "checks", "write")
    run = _find(repository, request)
    if actor.app is None or run["app_id"] != actor.app.id:
        raise GitHubError(403, "Invalid app_id: the check run belongs to another App")
    was = run["status"]
    _change(run, await body_of(request))
    action = "completed" if run["status"] == "completed" and was != "completed" else "created"
    return JSONResponse(_tell(world, repository, actor, run, action))


async def get_run(request: Request) -> Response:
    world, repository, _ = repository_of(request, "checks", "read")
    run = _find(repository, request)
    return JSONResponse(render_check_run(world, repository, run, world.apps[run["app_id"]]))


async def list_runs(request: Request) -> Response:
    """`filter=latest`, the default, shows the newest of each name and App."""
    world, repository, _ = repository_of(request, "checks", "read")
    sha = await git.rev(repository.path, request.path_params["ref"])
    query = request.query_params
    runs = [run for run in repository.check_runs.values() if run["head_sha"] == sha]
    runs = [run for run in runs if query.get("check_name") in {None, run["name"]}]
    runs = [run for run in runs if query.get("app_id") in {None, str(run["app_id"])}]
    if query.get("filter", "latest") == "latest":
        runs = list({(run["name"], run["app_id"]): run for run in runs}.values())
    page, headers = paginate(
        request, [render_check_run(world, repository, run, world.apps[run["app_id"]]) for run in runs]
    )
    return JSONResponse({"total_count": len(runs), "check_runs": page}, headers=headers)


async def list_annotations(request: Request) -> Response:
    _, repository, _ = repository_of(request, "checks", "read")
    page, headers = paginate(request, _find(repository, request)["annotations"])
    return JSONResponse(page, headers=headers)


async def rerequest_run(request: Request) -> Response:
    world, repository, actor = repository_of(request, "checks", "write")
    run = _find(repository, request)
    run.update(status="queued", conclusion=None, completed_at=None)
    _tell(world, repository, actor, run, "rerequested")
    return JSONResponse({}, 201)


async def create_status(request: Request) -> Response:
    world, repository, actor = repository_of(request, "statuses", "write")
    body, sha = await body_of(request), request.path_params["sha"]
    status = {"sha": sha, "context": body.get("context", "default"), "state": body["state"], "id": world.next_id()}
    repository.statuses.append(status)
    shown = {**status, "creator": render_user(world, actor.user), "created_at": now(), "updated_at": now()}
    return JSONResponse(shown, 201)


def _change(run: Json, body: Json) -> None:
    output = body.get("output") or {}
    new = output.get("annotations") or []
    if len(new) > _ANNOTATIONS or any(len(output.get(key) or "") > _TEXT_CHARS for key in ("summary", "text")):
        raise GitHubError(422, "Invalid request.\n\nOnly 50 annotations and 65535 characters are allowed.")
    conclusion = body.get("conclusion")
    if conclusion is not None and conclusion not in _CONCLUSIONS:
        raise GitHubError(422, f"Invalid request.\n\n{conclusion} is not a conclusion")
    run["annotations"].extend(new)
    run["output"] = {**run["output"], **{key: value for key, value in output.items() if key != "annotations"}}
    run.update({key: body[key] for key in ("name", "external_id", "details_url", "status") if body.get(key)})
    if conclusion is not None:
        run.update(status="completed", conclusion=conclusion, completed_at=now())
    elif run["status"] != "completed":
        run.update(conclusion=None, completed_at=None)


def _tell(world: World, repository: Repository, actor: Actor, run: Json, action: str) -> Json:
    shown = render_check_run(world, repository, run, world.apps[run["app_id"]])
    world.tell(repository, "check_run", action, actor.user, {"check_run": shown})
    return shown


def _find(repository: Repository, request: Request) -> Json:
    run = repository.check_runs.get(request.path_params["id"])
    if run is None:
        raise GitHubError(404, "Not Found")
    return run


_R = "/api/v3/repos/{owner}/{repo}"
routes = [
    Route(f"{_R}/check-runs", create_run, methods=["POST"]),
    Route(f"{_R}/check-runs/{{id:int}}", get_run, methods=["GET"]),
    Route(f"{_R}/check-runs/{{id:int}}", update_run, methods=["PATCH"]),
    Route(f"{_R}/check-runs/{{id:int}}/annotations", list_annotations, methods=["GET"]),
    Route(f"{_R}/check-runs/{{id:int}}/rerequest", rerequest_run, methods=["POST"]),
    Route(f"{_R}/commits/{{ref}}/check-runs", list_runs, methods=["GET"]),
    Route(f"{_R}/statuses/{{sha}}", create_status, methods=["POST"]),
]
