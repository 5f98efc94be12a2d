"""Check suites: one for each App and commit. https://docs.github.com/en/rest/checks/suites."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator import git
from app.emulator.auth import repository_of
from app.emulator.commits import read_commit, render_simple, sha_of
from app.emulator.events import tell
from app.emulator.http import GitHubError, body_of, counted, parameter
from app.emulator.render_checks import render_check_run, render_suite
from app.emulator.state import Actor, App, Repository, World, now

Json = dict[str, Any]
_WORST_FIRST = ("failure", "timed_out", "action_required", "cancelled", "stale", "success", "neutral", "skipped")


class NewSuite(TypedDict):
    head_sha: str


async def open_for_push(
    world: World, repository: Repository, actor: Actor, branch: str, before: str, after: str
) -> None:
    """A push asks every App that may write checks for its suite, unless it has one for this commit."""
    for installation in world.installations.values():
        app = installation.app
        asked = repository.id in installation.repository_ids and app.permissions.get("checks") == "write"
        if asked and find(repository, app, after) is None:
            suite = await ensure(world, repository, app, after)
            suite.update(head_branch=branch, before=before)
            _tell(world, repository, actor, suite, "requested")


def find(repository: Repository, app: App, sha: str) -> Json | None:
    of_app = (each for each in repository.suites.values() if each["app_id"] == app.id)
    return next((each for each in of_app if each["head_sha"] == sha), None)


async def ensure(world: World, repository: Repository, app: App, sha: str) -> Json:
    """The App's suite for this commit, made if it is not there yet."""
    commit = render_simple(await read_commit(repository, sha))
    branches = [ref.removeprefix("refs/heads/") for ref, at in (await git.refs(repository.path)).items() if at == sha]
    found = find(repository, app, sha)
    if found is not None:
        return found
    suite: Json = {"id": world.next_id(), "app_id": app.id, "head_sha": sha, "head_commit": commit}
    suite |= {"head_branch": branches[0] if branches else None, "before": None, "after": sha}
    suite |= {"status": "queued", "conclusion": None, "created_at": (at := now()), "updated_at": at}
    repository.suites[suite["id"]] = suite
    return suite


def settle(world: World, repository: Repository, actor: Actor, suite: Json) -> None:
    """Bring a suite to what its newest runs say, and tell when the last of them has completed."""
    runs = {run["name"]: run for run in repository.check_runs.values() if run["suite_id"] == suite["id"]}.values()
    was, conclusions = suite["status"], {run["conclusion"] for run in runs}
    begun = any(run["status"] != "queued" for run in runs)
    suite.update(status="in_progress" if begun else "queued", conclusion=None, updated_at=now())
    if all(run["status"] == "completed" for run in runs):
        suite.update(status="completed", conclusion=next(each for each in _WORST_FIRST if each in conclusions))
        if was != "completed":
            _tell(world, repository, actor, suite, "completed")


def reset(suite: Json) -> None:
    """Back to the start, when a run or the whole is asked for again."""
    suite.update(status="queued", conclusion=None, updated_at=now())


def ask_again(world: World, repository: Repository, actor: Actor, suite: Json) -> None:
    reset(suite)
    _tell(world, repository, actor, suite, "rerequested")


async def create_suite(request: Request) -> Response:
    """201 for a new suite, 200 for one that was there."""
    world, repository, actor = repository_of(request, "checks", "write")
    if actor.app is None:
        raise GitHubError(403, "You must authenticate via a GitHub App.")
    sha = await sha_of(repository, (await body_of(request, NewSuite))["head_sha"])
    known = find(repository, actor.app, sha) is not None
    suite = await ensure(world, repository, actor.app, sha)
    return JSONResponse(render_suite(world, repository, suite), 200 if known else 201)


async def get_suite(request: Request) -> Response:
    world, repository, _ = repository_of(request, "checks", "read")
    return JSONResponse(render_suite(world, repository, find_by_id(repository, request.path_params["id"])))


async def list_suites(request: Request) -> Response:
    world, repository, _ = repository_of(request, "checks", "read")
    sha, app_id = await sha_of(repository, request.path_params["ref"]), parameter(request, "app_id", 0)
    found = [each for each in repository.suites.values() if each["head_sha"] == sha and app_id in {0, each["app_id"]}]
    return counted(request, "check_suites", [render_suite(world, repository, each) for each in found])


async def list_runs_of_suite(request: Request) -> Response:
    world, repository, _ = repository_of(request, "checks", "read")
    suite = find_by_id(repository, request.path_params["id"])
    runs = [run for run in repository.check_runs.values() if run["suite_id"] == suite["id"]]
    if request.query_params.get("filter", "latest") == "latest":
        runs = list({run["name"]: run for run in runs}.values())
    return counted(request, "check_runs", [render_check_run(world, repository, run) for run in runs])


async def rerequest_suite(request: Request) -> Response:
    world, repository, actor = repository_of(request, "checks", "write")
    ask_again(world, repository, actor, find_by_id(repository, request.path_params["id"]))
    return JSONResponse({}, 201)


def _tell(world: World, repository: Repository, actor: Actor, suite: Json, action: str) -> None:
    shown = {key: value for key, value in render_suite(world, repository, suite).items() if key != "repository"}
    tell(world, repository, "check_suite", action, actor.user, {"check_suite": shown})


def find_by_id(repository: Repository, identity: int) -> Json:
    if identity not in repository.suites:
        raise GitHubError(404, "Not Found")
    return repository.suites[identity]


_R = "/api/v3/repos/{owner}/{repo}"
routes = [
    Route(f"{_R}/check-suites", create_suite, methods=["POST"]),
    Route(f"{_R}/check-suites/{{id:int}}", get_suite, methods=["GET"]),
    Route(f"{_R}/check-suites/{{id:int}}/check-runs", list_runs_of_suite, methods=["GET"]),
    Route(f"{_R}/check-suites/{{id:int}}/rerequest", rerequest_suite, methods=["POST"]),
    Route(f"{_R}/commits/{{ref:path}}/check-suites", list_suites, methods=["GET"]),
]
