"""Answer a workflow run that waits for an environment: may this commit go there?"""

from dataclasses import asdict, dataclass
from typing import Literal

from pydantic import TypeAdapter

from app.forge.deployments import answer_rule, read_pending, read_workflow_run
from app.forge.permissions import DEPLOY
from app.policy.decision import Decision
from app.policy.deploy_requests import deployments_of
from app.policy.deployment_facts import DeploymentFacts
from app.policy.deployment_text import render_deployment
from app.policy.deployments import decide_deployment, look_again_at
from app.policy.values import Json, JsonValue, Sha
from app.runs.engine import Context
from app.runs.errors import Suspended
from app.store import audit
from app.store.deployments import StoredDeployment, record_answer, was_answered
from app.store.work import work
from app.wiring import Services
from app.workflows.deploying import Asked, gather
from app.workflows.journalled import carry_out, journalled


@dataclass(frozen=True)
class Answer:
    """What the run is told, and what goes on record. `at` in seconds since 1970."""

    attempt: int
    sha: Sha
    state: Literal["approved", "rejected"]
    title: str
    comment: str
    record: Json
    at: float


@dataclass(frozen=True)
class Decided:
    """`answer` None: nobody waits for one any more."""

    answer: Answer | None


async def deploy(ctx: Context, services: Services) -> None:
    """Decide and say so once. What cannot be decided yet is looked at again later: the run sleeps until then."""
    run_id, environment = int(str(ctx.run.cause["workflow_run"])), str(ctx.run.cause["environment"])
    gh = services.forge.on(ctx.run.repo, DEPLOY)
    decided = await journalled(ctx, "decision", Decided, lambda: _decide(ctx, services, run_id, environment))
    answer = decided.answer
    if answer is None:
        return
    await carry_out(ctx, "answer", answer_rule(gh, run_id, environment, answer.state, answer.comment))

    async def record() -> JsonValue:
        return await _record(ctx, services, run_id, environment, answer)

    await ctx.step("recorded", record)


async def _decide(ctx: Context, services: Services, run_id: int, environment: str) -> Decided:
    """Without an answer if nobody waits for one any more. Raises `Suspended` while it cannot be decided."""
    repo = ctx.run.repo
    gh = services.forge.on(repo, DEPLOY)
    if environment.casefold() not in {each.casefold() for each in await read_pending(gh, run_id)}:
        return Decided(None)
    run = await read_workflow_run(gh, run_id)
    async with services.database.connect() as db:
        if await was_answered(db, repo.id, run_id, run.attempt, environment):
            return Decided(None)
    sha = ctx.run.head_sha or run.head_sha
    facts, rules = await gather(services, Asked(repo, environment, sha, run.head_sha, run.head_branch))
    decision = decide_deployment(facts, rules)
    if decision.status == "pending":
        raise Suspended(deployments_of(repo.id), look_again_at(facts, rules))
    return Decided(
        Answer(
            attempt=run.attempt,
            sha=sha,
            state="approved" if decision.status == "approved" else "rejected",
            title=decision.title,
            comment=render_deployment(decision, environment),
            record=_record_of(facts, decision),
            at=facts.now,
        )
    )


def _record_of(facts: DeploymentFacts, decision: Decision) -> Json:
    """Facts and rules as they were, so that the decision can be made again."""
    told: dict[str, object] = {"facts": asdict(facts), "rules": asdict(decision.node)}
    found: Json = TypeAdapter(dict[str, object]).dump_python(told, mode="json")
    return found


async def _record(ctx: Context, services: Services, run_id: int, environment: str, answer: Answer) -> bool:
    repo = ctx.run.repo
    row = StoredDeployment(
        repo_id=repo.id,
        workflow_run=run_id,
        attempt=answer.attempt,
        environment=environment,
        sha=answer.sha,
        decided=answer.state,
        reason=answer.title,
        state="waiting" if answer.state == "approved" else "failure",
        run_id=ctx.run.id,
        at=answer.at,
    )
    detail: Json = {"environment": environment, "workflow_run": run_id, "sha": answer.sha, "title": answer.title}
    async with work(services.database) as db:
        if not await record_answer(db, row):
            return False
        await audit.append(
            db, "quorum", f"deployment {answer.state}", repo.subject(0), {**detail, "record": answer.record}
        )
    return True
