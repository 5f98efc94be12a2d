"""What workflows do when they deploy: they ask to go into an environment, and tell how it went there."""

from typing import Any, Literal, NotRequired

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator import environments
from app.emulator.commits import sha_of
from app.emulator.deployments import begin, render_deployment, set_state
from app.emulator.events import tell
from app.emulator.http import GitHubError, body_of, world_of
from app.emulator.render import api_of
from app.emulator.render_pulls import render_pull
from app.emulator.state import Repository, User, World, now
from app.emulator.workflow_runs import find_run

Json = dict[str, Any]


class Deploy(TypedDict):
    """A new run with `ref` (a branch or a commit); with `run` and `state`, how that run's deployment ended.

    `again`: the run's job is run once more, which asks anew.
    """

    login: str
    repository: str
    environment: str
    ref: NotRequired[str]
    run: NotRequired[int]
    again: NotRequired[bool]
    state: NotRequired[Literal["success", "failure"]]


async def deploy(request: Request) -> Response:
    world, wanted = world_of(request), await body_of(request, Deploy)
    repository, user = world.find(*wanted["repository"].split("/", 1)), world.users.get(wanted["login"])
    if repository is None or user is None:
        raise GitHubError(404, "Not Found")
    if "run" in wanted and not wanted.get("again"):
        run = _end(world, repository, user, wanted)
    else:
        run = await _begin(world, repository, user, wanted)
    return JSONResponse({"run": run["id"], "status": run["status"], "answers": run["answers"]})


async def _begin(world: World, repository: Repository, user: User, wanted: Deploy) -> Json:
    """A run that waits, if the environment has rules; an environment that is not there yet is made, as GitHub does."""
    if "run" in wanted:
        run = find_run(repository, wanted["run"])
        run.update(attempt=run["attempt"] + 1, status="in_progress", conclusion=None)
    else:
        run = await _new_run(world, repository, user, wanted)
    name = wanted["environment"]
    environment = environments.find(repository, name)
    if environment is None:
        environment = {"id": world.next_id(), "name": name, "rules": {}, "created_at": (at := now()), "updated_at": at}
        repository.environments[name.casefold()] = environment
    what = (run["head_branch"] or run["head_sha"], run["head_sha"])
    deployment = begin(world, repository, user, what, environment["name"])
    run["deployments"][name.casefold()] = deployment["id"]
    if environments.judges(environment):
        run["waits_for"][name.casefold()] = environments.judges(environment)
        run["status"] = "waiting"
        _ask(world, repository, user, run, environment, deployment)
    return run


async def _new_run(world: World, repository: Repository, user: User, wanted: Deploy) -> Json:
    ref = wanted.get("ref", repository.default_branch)
    sha = await sha_of(repository, ref)
    run: Json = {"id": world.next_id(), "head_branch": ref if ref != sha else None, "head_sha": sha, "user": user}
    run |= {"event": "push", "status": "in_progress", "conclusion": None, "attempt": 1, "waits_for": {}, "answers": []}
    run |= {"deployments": {}, "created_at": (at := now()), "updated_at": at}
    repository.workflow_runs[run["id"]] = run
    return run


def _ask(world: World, repository: Repository, user: User, run: Json, environment: Json, deployment: Json) -> None:
    """https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_protection_rule."""
    callback = f"{api_of(world, repository)}/actions/runs/{run['id']}/deployment_protection_rule"
    pulls = [
        each for each in repository.issues.values() if each["pull"] and each["pull"]["head_sha"] == run["head_sha"]
    ]
    payload = {
        "environment": environment["name"],
        "event": run["event"],
        "sha": run["head_sha"],
        "ref": deployment["ref"],
        "deployment_callback_url": callback,
        "deployment": render_deployment(world, repository, deployment),
        "pull_requests": [render_pull(world, repository, each) for each in pulls],
    }
    asked = environments.judges(environment)
    tell(world, repository, "deployment_protection_rule", "requested", user, payload, only=asked)


def _end(world: World, repository: Repository, user: User, wanted: Deploy) -> Json:
    run, name = find_run(repository, wanted.get("run", 0)), wanted["environment"].casefold()
    if name in run["waits_for"] or name not in run["deployments"]:
        raise GitHubError(422, f"The run is not deploying to {wanted['environment']}.")
    state = wanted.get("state", "success")
    run.update(status="completed", conclusion=state, updated_at=now())
    set_state(world, repository, user, repository.deployments[run["deployments"][name]], state)
    return run


routes = [Route("/_emulator/deploys", deploy, methods=["PUT"])]
