"""What checks of others say of a commit, and what stands behind one that failed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.forge.api import GitHub
from app.forge.effects import Effect
from app.forge.errors import NotFoundError, RefusedError
from app.forge.joblogs import read_log
from app.forge.permissions import ACTIONS, RERUN
from app.policy.ci import Check
from app.policy.ci_log import readable_end
from app.policy.values import Json, Sha

ACTIONS_APP = "github-actions"
_ANNOTATIONS = 50
_TEXT_CHARS = 4_000


@dataclass(frozen=True)
class Evidence:
    """`printed`: the end of its log, or what it says instead. `run`: the workflow run it is a job of, 0 for none."""

    printed: str
    run: int = 0
    attempt: int = 0


async def read_checks(gh: GitHub, sha: Sha) -> list[Check]:
    """Every check run on a commit and the newest of its statuses, in the order in which they began."""
    found = [_check(item) async for item in gh.pages(f"commits/{sha}/check-runs", filter="all")]
    found.sort(key=lambda each: (each.began, each.id))
    return found + [_status(item) async for item in gh.pages(f"commits/{sha}/status")]


async def read_evidence(gh: GitHub, check: Check) -> Evidence:
    """What a failing check says of itself; the log too where it is a job of GitHub Actions that we may read."""
    parts = [check.title, check.summary[:_TEXT_CHARS]]
    if check.app_id == 0:
        return Evidence(_joined(parts))
    shown = await gh.get(f"check-runs/{check.id}")
    parts.append(str(shown["output"].get("text") or "")[-_TEXT_CHARS:])
    if check.annotations:
        parts.append("\n".join(await _annotations(gh, check)))
    run, attempt, log = 0, 0, ""
    if check.app == ACTIONS_APP:
        try:
            run, attempt, job = await _find_job(gh.asking(ACTIONS), check)
            log = await read_log(gh.asking(ACTIONS), job) if job else ""
        except (NotFoundError, RefusedError):
            log = ""  # not granted, or GitHub keeps it no more
    return Evidence(_joined([*parts, readable_end(log)]), run, attempt)


def rerun_failed(gh: GitHub, run: int, attempt: int) -> Effect:
    """Let the failed jobs of a workflow run begin anew, once behind `attempt`. Not granted: then nothing happens.

    https://docs.github.com/en/rest/actions/workflow-runs#re-run-failed-jobs-from-a-workflow-run
    """

    async def find() -> Json | None:
        shown = await gh.asking(ACTIONS).get(f"actions/runs/{run}")
        return {"rerun": True} if int(shown["run_attempt"]) > attempt else None

    async def do() -> Json:
        try:
            if await find() is None:
                await gh.asking(RERUN).post(f"actions/runs/{run}/rerun-failed-jobs", {})
        except (NotFoundError, RefusedError):
            return {"rerun": False}
        return {"rerun": True}

    return Effect(do, find)


def hours_ago(hours: float) -> str:
    """A time as GitHub writes it."""
    return (datetime.now(UTC) - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


async def _find_job(gh: GitHub, check: Check) -> tuple[int, int, int]:
    """Workflow run, its attempt and the job; each job names its check run."""
    async for run in gh.pages("actions/runs", check_suite_id=check.suite_id):
        async for job in gh.pages(f"actions/runs/{run['id']}/jobs", filter="all"):
            if str(job["check_run_url"]).endswith(f"/check-runs/{check.id}"):
                return int(run["id"]), int(run["run_attempt"]), int(job["id"])
    return 0, 0, 0


async def _annotations(gh: GitHub, check: Check) -> list[str]:
    """https://docs.github.com/en/rest/checks/runs#list-check-run-annotations."""
    found: list[str] = []
    async for item in gh.pages(f"check-runs/{check.id}/annotations"):
        found.append(f"{item['path']}:{item['start_line']}: {item['message']}")
        if len(found) >= _ANNOTATIONS:
            break
    return found


def _check(item: Mapping[str, Any]) -> Check:
    output, app = item["output"] or {}, item["app"] or {}
    return Check(
        id=int(item["id"]),
        name=str(item["name"]),
        app_id=int(app.get("id") or 0),
        conclusion=item["conclusion"] if item["status"] == "completed" else None,
        began=str(item["started_at"] or ""),
        app=str(app.get("slug") or ""),
        suite_id=int((item["check_suite"] or {}).get("id") or 0),
        title=str(output.get("title") or ""),
        summary=str(output.get("summary") or "")[:_TEXT_CHARS],
        annotations=int(output.get("annotations_count") or 0),
    )


def _status(item: Mapping[str, Any]) -> Check:
    """A status names no App; whoever sets it may give it any name."""
    state = str(item["state"])
    said = str(item["description"] or "")
    return Check(int(item["id"]), str(item["context"]), 0, None if state == "pending" else state, title=said)


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part.strip())
