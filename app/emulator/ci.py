"""What a CI service does on a commit: its jobs begin and end, as check runs of the App `github-actions`.

https://docs.github.com/en/rest/actions/workflow-jobs: each job of a workflow run has a check run.
"""

from typing import Any, Literal, NotRequired

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import TypedDict

from app.emulator import check_runs, suites
from app.emulator.check_runs import Annotation
from app.emulator.commits import sha_of
from app.emulator.events import tell
from app.emulator.http import GitHubError, body_of, world_of
from app.emulator.render import api_of, page_of, render_user
from app.emulator.state import Actor, App, Repository, World, now
from app.emulator.workflow_runs import render_run

Json = dict[str, Any]
_SLUG = "github-actions"


class Job(TypedDict):
    """How the job `name` ended on `ref`; without a conclusion it has begun. `attempt`: of its workflow run."""

    login: str
    repository: str
    ref: str
    name: str
    conclusion: NotRequired[Literal["success", "failure", "cancelled", "timed_out"]]
    log: NotRequired[str]
    annotations: NotRequired[list[Annotation]]


async def run_job(request: Request) -> Response:
    world, wanted = world_of(request), await body_of(request, Job)
    repository, user = world.find(*wanted["repository"].split("/", 1)), world.users.get(wanted["login"])
    if repository is None or user is None:
        raise GitHubError(404, "Not Found")
    actor, sha = Actor(user, _app(world)), await sha_of(repository, wanted["ref"])
    suite = await suites.ensure(world, repository, _app(world), sha)
    run = _workflow_run(world, repository, actor, suite)
    job = _unfinished(repository, suite, wanted["name"]) or begin_job(world, repository, actor, run, wanted["name"])
    if "conclusion" in wanted:
        job["log"] = wanted.get("log", "")
        _end(world, repository, actor, job, wanted)
    return JSONResponse({"run": run["id"], "job": job["id"], "attempt": run["attempt"]})


def begin_job(world: World, repository: Repository, actor: Actor, run: Json, name: str) -> Json:
    """A job is its check run, with the workflow run that it belongs to."""
    job: Json = {"id": world.next_id(), "app_id": _app(world).id, "suite_id": run["suite_id"]}
    job |= {"head_sha": run["head_sha"], "name": name, "external_id": f"job-{name}", "status": "in_progress"}
    job |= {"conclusion": None, "output": {}, "started_at": now(), "completed_at": None, "annotations": []}
    job |= {"actions": [], "workflow_run": run["id"], "attempt": run["attempt"], "log": ""}
    repository.check_runs[job["id"]] = job
    check_runs.tell_run(world, repository, actor, job, "created")
    return job


def jobs_of(repository: Repository, run: Json, *, latest: bool) -> list[Json]:
    """With `latest` one of each name: those that no later attempt ran anew are still the newest."""
    found = [each for each in repository.check_runs.values() if each.get("workflow_run") == run["id"]]
    return list({each["name"]: each for each in found}.values()) if latest else found


def tell_workflow(world: World, repository: Repository, run: Json, action: str) -> None:
    """https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_run."""
    api, path = api_of(world, repository), ".github/workflows/ci.yml"
    workflow: Json = {"id": run["id"], "node_id": f"W_{run['id']}", "name": "CI", "path": path, "state": "active"}
    workflow |= dict.fromkeys(("created_at", "updated_at"), run["created_at"])
    workflow |= {"url": f"{api}/actions/workflows/{run['id']}", "html_url": page_of(world, repository)}
    workflow["badge_url"] = f"{page_of(world, repository)}/workflows/CI/badge.svg"
    shown = {
        **render_run(world, repository, run),
        "check_suite_node_id": f"CS_{run['suite_id']}",
        "head_commit": repository.suites[run["suite_id"]]["head_commit"],
        "previous_attempt_url": None,
        "triggering_actor": render_user(world, run["user"]),
    }
    tell(world, repository, "workflow_run", action, run["user"], {"workflow": workflow, "workflow_run": shown})


def _end(world: World, repository: Repository, actor: Actor, job: Json, wanted: Job) -> None:
    job.update(status="completed", conclusion=wanted.get("conclusion"), completed_at=now())
    job["annotations"].extend(wanted.get("annotations", []))
    run = repository.workflow_runs[job["workflow_run"]]
    ends = {each["conclusion"] for each in jobs_of(repository, run, latest=True)}
    if None not in ends:
        run.update(status="completed", conclusion="success" if ends == {"success"} else "failure", updated_at=now())
    check_runs.tell_run(world, repository, actor, job, "completed")
    if run["status"] == "completed":
        tell_workflow(world, repository, run, "completed")
    suites.settle(world, repository, actor, repository.suites[job["suite_id"]])


def _workflow_run(world: World, repository: Repository, actor: Actor, suite: Json) -> Json:
    """One of the suite, which is one of the commit."""
    known = (each for each in repository.workflow_runs.values() if each.get("suite_id") == suite["id"])
    found = next(known, None)
    if found is not None:
        return found
    run: Json = {"id": world.next_id(), "head_branch": suite["head_branch"], "head_sha": suite["head_sha"]}
    run |= {"user": actor.user, "event": "push", "status": "in_progress", "conclusion": None, "attempt": 1}
    run |= {"waits_for": {}, "answers": [], "deployments": {}, "created_at": (at := now()), "updated_at": at}
    run["suite_id"] = suite["id"]
    repository.workflow_runs[run["id"]] = run
    return run


def _unfinished(repository: Repository, suite: Json, name: str) -> Json | None:
    runs = (each for each in repository.check_runs.values() if each["suite_id"] == suite["id"])
    return next((each for each in runs if each["name"] == name and each["status"] != "completed"), None)


def _app(world: World) -> App:
    """GitHub's own App; nobody hears of anything through it."""
    found = next((each for each in world.apps.values() if each.slug == _SLUG), None)
    return found or world.add_app(_SLUG, "no key", {"checks": "write"}, frozenset(), ("http://127.0.0.1:9", ""))


routes = [Route("/_emulator/ci", run_job, methods=["PUT"])]
