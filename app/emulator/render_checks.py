"""Check runs, check suites and commit statuses as GitHub shows them."""

from typing import Any

from app.emulator.render import api_of, page_of, render_app, render_repository, render_user
from app.emulator.state import Repository, World

Json = dict[str, Any]


def render_check_run(world: World, repository: Repository, run: Json) -> Json:
    url = f"{api_of(world, repository)}/check-runs/{run['id']}"
    page = f"{page_of(world, repository)}/runs/{run['id']}"
    return {
        "id": run["id"],
        "node_id": f"CR_{run['id']}",
        "name": run["name"],
        "head_sha": run["head_sha"],
        "external_id": run["external_id"],
        "url": url,
        "html_url": page,
        "details_url": run.get("details_url") or page,
        "status": run["status"],
        "conclusion": run["conclusion"],
        "started_at": run["started_at"],
        "completed_at": run["completed_at"],
        "output": {
            "title": run["output"].get("title"),
            "summary": run["output"].get("summary"),
            "text": run["output"].get("text"),
            "annotations_count": len(run["annotations"]),
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": {"id": run["suite_id"]},
        "app": render_app(world, world.apps[run["app_id"]]),
        "pull_requests": pulls_at(world, repository, run["head_sha"]),
    }


def render_told_run(world: World, repository: Repository, run: Json) -> Json:
    """A check run in a webhook's payload, which holds more of its suite, and the buttons."""
    suite = render_suite(world, repository, repository.suites[run["suite_id"]])
    kept = ("id", "node_id", "head_branch", "head_sha", "status", "conclusion", "url", "before", "after", "app")
    more = ("pull_requests", "created_at", "updated_at")
    shown = {**render_check_run(world, repository, run), "check_suite": {key: suite[key] for key in (*kept, *more)}}
    return {**shown, "actions": run["actions"]} if run["actions"] else shown


def render_suite(world: World, repository: Repository, suite: Json) -> Json:
    url = f"{api_of(world, repository)}/check-suites/{suite['id']}"
    runs = [run for run in repository.check_runs.values() if run["suite_id"] == suite["id"]]
    kept = ("id", "head_branch", "head_sha", "status", "conclusion", "before", "after", "created_at", "updated_at")
    return {
        **{key: suite[key] for key in kept},
        "node_id": f"CS_{suite['id']}",
        "url": url,
        "check_runs_url": f"{url}/check-runs",
        "pull_requests": pulls_at(world, repository, suite["head_sha"]),
        "app": render_app(world, world.apps[suite["app_id"]]),
        "repository": render_repository(world, repository),
        "head_commit": suite["head_commit"],
        "latest_check_runs_count": len({run["name"] for run in runs}),
        "rerequestable": True,
        "runs_rerequestable": True,
    }


def pulls_at(world: World, repository: Repository, sha: str) -> list[Json]:
    """Open pull requests of this repository with this head; those from forks GitHub leaves out."""
    repo = {"id": repository.id, "url": api_of(world, repository), "name": repository.name}
    return [
        {
            "id": issue["id"],
            "number": issue["number"],
            "url": f"{api_of(world, repository)}/pulls/{issue['number']}",
            "head": {"ref": issue["pull"]["head_ref"], "sha": issue["pull"]["head_sha"], "repo": repo},
            "base": {"ref": issue["pull"]["base_ref"], "sha": issue["pull"]["base_sha"], "repo": repo},
        }
        for issue in repository.issues.values()
        if issue["pull"] and issue["state"] == "open" and issue["pull"]["head_sha"] == sha
    ]


def render_status(world: World, repository: Repository, status: Json) -> Json:
    kept = ("id", "state", "context", "description", "target_url", "created_at", "updated_at")
    return {
        **{key: status[key] for key in kept},
        "node_id": f"SC_{status['id']}",
        "url": f"{api_of(world, repository)}/statuses/{status['sha']}",
        "avatar_url": f"{world.base_url}/avatars/{status['user'].id}",
        "creator": render_user(world, status["user"]),
    }
