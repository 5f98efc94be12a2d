"""Workflow runs that wait for an environment, what became of deployments, and the answer to a protection rule.

https://docs.github.com/en/rest/actions/workflow-runs and https://docs.github.com/en/rest/deployments
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from app.forge.api import GitHub
from app.forge.effects import Effect
from app.forge.errors import NotFoundError, RefusedError
from app.policy.values import Json, Sha

_UNPROCESSABLE = 422
_LOOKED_AT = 30
"""Deployments of an environment, newest first, that are looked at: each costs a request."""


@dataclass(frozen=True)
class WorkflowRun:
    """`attempt` grows when it is run again, and asks again."""

    id: int
    attempt: int
    head_sha: Sha
    head_branch: str | None


@dataclass(frozen=True)
class Success:
    """A commit that was deployed well; `at` in seconds since 1970."""

    sha: Sha
    at: float


async def read_workflow_run(gh: GitHub, run_id: int) -> WorkflowRun:
    run = await gh.get(f"actions/runs/{run_id}")
    return WorkflowRun(run_id, run.get("run_attempt") or 1, Sha(run["head_sha"]), run["head_branch"])


async def read_waiting_runs(gh: GitHub) -> list[int]:
    return [run["id"] async for run in gh.pages("actions/runs", status="waiting")]


async def read_pending(gh: GitHub, run_id: int) -> list[str]:
    """The environments that a run waits for; of us or of anybody."""
    try:
        return [each["environment"]["name"] for each in await gh.get(f"actions/runs/{run_id}/pending_deployments")]
    except NotFoundError:
        return []


async def has_our_rule(gh: GitHub, environment: str) -> bool:
    """Whether an environment asks us."""
    path = f"environments/{quote(environment, safe='')}/deployment_protection_rules"
    try:
        rules = (await gh.get(path)).get("custom_deployment_protection_rules", [])
    except NotFoundError:
        return False
    return any(rule["enabled"] and rule["app"]["slug"] == gh.forge.slug for rule in rules)


async def read_successes(gh: GitHub, environment: str) -> list[Success]:
    """What was deployed well to an environment of late, newest first."""
    newest = await gh.get("deployments", environment=environment, per_page=_LOOKED_AT)
    found = []
    for each in newest:
        statuses = await gh.get(f"deployments/{each['id']}/statuses", per_page=100)
        at = [status["created_at"] for status in statuses if status["state"] == "success"]
        if at:
            found.append(Success(Sha(each["sha"]), datetime.fromisoformat(min(at)).timestamp()))
    return found


async def read_branches(gh: GitHub) -> list[str]:
    return [each["name"] async for each in gh.pages("branches")]


def answer_rule(gh: GitHub, run_id: int, environment: str, state: str, comment: str) -> Effect:
    """Let the run go on or end. A run that no longer waits for this environment has been answered.

    https://docs.github.com/en/rest/actions/workflow-runs#review-custom-deployment-protection-rules-for-a-workflow-run
    """
    told: Json = {"run": run_id, "environment": environment, "state": state}

    async def find() -> Json | None:
        waited_for = {each.casefold() for each in await read_pending(gh, run_id)}
        return None if environment.casefold() in waited_for else told

    async def do() -> Json:
        body = {"environment_name": environment, "state": state, "comment": comment}
        try:
            await gh.post(f"actions/runs/{run_id}/deployment_protection_rule", body)
        except RefusedError as error:
            # An answer that was given stays; the run can still wait for somebody else's.
            if error.status != _UNPROCESSABLE:
                raise
        return told

    return Effect(do, find)
