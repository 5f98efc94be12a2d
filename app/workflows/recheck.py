"""The gate: read the facts again, decide, and say so in one check run on the pull request's head."""

import time

from sqlalchemy import select

from app.forge import effects
from app.forge.effects import CheckRun, Effect
from app.forge.git import show
from app.forge.permissions import CHECKS, READ
from app.forge.read import PullFacts, read_pull
from app.policy.checks import GATE_CHECK, external_id
from app.policy.config import POLICY_PATH, Policy, parse_policy
from app.policy.decision import Decision, conclusion
from app.policy.errors import PolicyError
from app.policy.facts import Facts, TestResult, VerdictFact
from app.policy.gate import decide
from app.policy.render import render_decision
from app.policy.values import Json
from app.runs.engine import Context
from app.runs.errors import Suspended
from app.runs.state import RunState
from app.store import reviews
from app.store.tables import runs
from app.wiring import Services
from app.workflows.change import Change, read_change
from app.workflows.ground import Ground, find_ground

_LOOKS, _PAUSE_S = 3, 5.0


async def recheck(ctx: Context, services: Services) -> None:
    """Write `quorum/gate` for the newest head of an open pull request; a closed one keeps what it has.

    Deciding and writing are one effect: after a crash yesterday's decision is not written over today's.
    """
    gh = services.forge.on(ctx.run.repo, CHECKS)
    writing: list[Effect] = []

    async def decide_and_write() -> Json:
        want = await _decide(ctx, services)
        if want is None:
            return {}
        writing[:] = [effects.check_run(gh, want)]
        return {**await writing[0].do(), "title": want.title, "conclusion": want.conclusion}

    async def find() -> Json | None:
        """What this process wrote just now; of an earlier one's decision nothing is known."""
        return await writing[0].find() if writing else None

    await ctx.effect("gate", decide_and_write, find)


async def _decide(ctx: Context, services: Services) -> CheckRun | None:
    """None for a pull request that is not open. Facts are read until the pull request holds still meanwhile."""
    read, number = services.forge.on(ctx.run.repo, READ), ctx.run.number
    pull = await read_pull(read, number)
    for _ in range(_LOOKS):
        if pull.state != "open":
            return None
        decision = await judge(services, ctx, pull)
        looked_at, pull = pull, await read_pull(read, number)
        if pull == looked_at:
            text, end = render_decision(decision), conclusion(decision)[1]
            return CheckRun(pull.head_sha, GATE_CHECK, external_id(number, "gate"), decision.title, text, end)
    raise Suspended("pull request to hold still", time.time() + _PAUSE_S)


async def judge(services: Services, ctx: Context, pull: PullFacts) -> Decision:
    """Gather the facts as they are now and let the gate decide."""
    ground = await find_ground(services.mirrors, ctx.run.repo, pull.base_ref)
    policy, error = _policy(ground)
    change = await read_change(services, ctx.run.repo, pull, ground, policy)
    verdicts, tests, unread = await _council(services, ctx, change)
    proposed, proposed_error = await _proposed(services, ctx, change)
    return decide(
        Facts(
            pull_state="open" if pull.state == "open" else "closed",
            draft=pull.draft,
            head_sha=change.head if change.head == pull.head_sha else None,
            base_ref=pull.base_ref,
            fingerprint=change.fingerprint,
            changed_files=len(change.files),
            verdicts=verdicts,
            running=await _running(services, ctx, change, policy),
            files_unread=unread,
            files_set_aside=change.set_aside,
            tests=tests,
            policy_source="invalid" if error else ("default" if ground.policy_text is None else "base"),
            policy_error=error,
            policy_changed=POLICY_PATH in change.files,
            proposed_policy_error=proposed_error,
        ),
        policy,
        proposed,
    )


def _policy(ground: Ground) -> tuple[Policy, str | None]:
    try:
        return ground.policy(), None
    except PolicyError as error:
        return Policy(), str(error)


async def _proposed(services: Services, ctx: Context, change: Change) -> tuple[Policy | None, str | None]:
    """The pull request's own policy, when it changes the file. Taking the file away proposes the built-in one."""
    if POLICY_PATH not in change.files:
        return None, None
    text = await show(services.mirrors.path(ctx.run.repo), change.head, POLICY_PATH)
    try:
        return parse_policy((text or b"").decode("utf-8", "replace")), None
    except PolicyError as error:
        return None, str(error)


async def _council(
    services: Services, ctx: Context, change: Change
) -> tuple[dict[str, VerdictFact], TestResult, tuple[str, ...] | None]:
    repo_id, number = ctx.run.repo.id, ctx.run.number
    async with services.database.connect() as db:
        stored = await reviews.latest_verdicts(db, repo_id, number, change.head)
        seen = await reviews.latest_examination(db, repo_id, number, change.head)
        findings = await reviews.findings_of(db, repo_id, number)
    blocking: dict[str, tuple[str, ...]] = {}
    for each in findings:
        if each.head_sha == change.head and each.state == "published" and each.finding.severity.blocks:
            blocking[each.perspective] = (*blocking.get(each.perspective, ()), each.finding.claim)
    verdicts = {
        each.perspective: VerdictFact(
            perspective=each.perspective,
            outcome=each.outcome,
            head_sha=each.head_sha,
            fingerprint=each.fingerprint,
            confidence=each.confidence,
            model=each.model,
            carried_from=each.carried_from,
            blocking=blocking.get(each.perspective, ()) if each.outcome.value == "blocked" else (),
            reason=each.summary,
        )
        for each in stored
    }
    if seen is None or seen.fingerprint != change.fingerprint:
        return verdicts, "unknown", None
    return verdicts, seen.tests, seen.unread


async def _running(services: Services, ctx: Context, change: Change, policy: Policy) -> frozenset[str]:
    """Perspectives that a review of this head is still to speak for."""
    open_states = (RunState.QUEUED, RunState.RUNNING, RunState.WAITING)
    mine = (runs.c.repo_id == ctx.run.repo.id) & (runs.c.number == ctx.run.number) & (runs.c.head_sha == change.head)
    query = select(runs.c.id).where(mine, runs.c.workflow == "review", runs.c.state.in_(open_states))
    async with services.database.connect() as db:
        going_on = {row.id for row in await db.execute(query)}
        seen = await reviews.latest_examination(db, ctx.run.repo.id, ctx.run.number, change.head)
    going_on -= {seen.run_id} if seen else set()
    return frozenset(policy.perspectives) if going_on else frozenset()
