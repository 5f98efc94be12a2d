"""The gate: read the facts again, decide, and say so in one check run on the pull request's head."""

import hashlib
import time
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.forge import effects
from app.forge.api import GitHub
from app.forge.effects import CheckRun, Effect
from app.forge.permissions import CHECKS, READ
from app.forge.read import PullFacts, read_open_pulls, read_pull
from app.policy.checks import GATE_CHECK, external_id
from app.policy.config import POLICY_PATH, VETO, Policy, perspectives_to_ask
from app.policy.decision import Decision, conclusion, strictest
from app.policy.errors import PolicyError
from app.policy.facts import Facts, TestResult, VerdictFact
from app.policy.gate import decide
from app.policy.render import render_decision
from app.policy.values import Json
from app.runs.engine import Context
from app.runs.errors import Suspended
from app.runs.state import RunState
from app.store import reviews
from app.store.decisions import StoredDecision, save_decision
from app.store.tables import runs
from app.store.work import work
from app.wiring import Services
from app.workflows.change import Change, read_change
from app.workflows.ground import Ground, find_ground
from app.workflows.proposed import read_proposed

_LOOKS, _PAUSE_S = 3, 5.0
_OPEN = frozenset({RunState.QUEUED, RunState.RUNNING, RunState.WAITING})
_CUT_SHORT = frozenset({RunState.FAILED, RunState.CANCELLED})


async def recheck(ctx: Context, services: Services) -> None:
    """Write `quorum/gate` for the newest head of an open pull request; a closed one keeps what it has.

    Deciding and writing are one effect: after a crash yesterday's decision is not written over today's.
    """
    gh = services.forge.on(ctx.run.repo, CHECKS)
    writing: list[tuple[CheckRun, Effect]] = []

    async def decide_and_write() -> Json:
        writing[:] = [(want, effects.check_run(gh, want)) for want in await _decide(ctx, services)]
        for _, effect in writing:
            await effect.do()
        return _receipt(writing)

    async def find() -> Json | None:
        """What this process wrote just now; of an earlier one's decision nothing is known."""
        there = [await effect.find() for _, effect in writing]
        return _receipt(writing) if there and None not in there else None

    await ctx.effect("gate", decide_and_write, find)


def _receipt(written: Sequence[tuple[CheckRun, Effect]]) -> Json:
    return {"title": written[0][0].title, "conclusion": written[0][0].conclusion} if written else {}


async def _decide(ctx: Context, services: Services) -> list[CheckRun]:
    """What to write; nothing for a head that no open pull request has. Facts are read until they hold still meanwhile.

    GitHub keeps checks by commit. Where a commit is the head of several pull requests, the check of each says the
    worst for all of them: else the one with the harmless base would open the way for the other.
    """
    read = services.forge.on(ctx.run.repo, READ)
    pulls = await _pulls_of_head(read, ctx.run.number)
    for _ in range(_LOOKS):
        decisions = {pull.number: await judge(services, ctx, pull) for pull in pulls}
        looked_at, pulls = pulls, await _pulls_of_head(read, ctx.run.number)
        if pulls == looked_at:
            return _checks(pulls, decisions)
    raise Suspended("pull request to hold still", time.time() + _PAUSE_S)


def _checks(pulls: Sequence[PullFacts], decisions: Mapping[int, Decision]) -> list[CheckRun]:
    if not decisions:
        return []
    decision = strictest(decisions) if len(decisions) > 1 else next(iter(decisions.values()))
    text, end = render_decision(decision), conclusion(decision)[1]
    return [
        CheckRun(pull.head_sha, GATE_CHECK, external_id(pull.number, "gate"), decision.title, text, end)
        for pull in pulls
    ]


async def _pulls_of_head(read: GitHub, number: int) -> list[PullFacts]:
    """The open pull requests whose head is that of this one, itself included if it is open."""
    pull = await read_pull(read, number)
    others = [each for each, sha in await read_open_pulls(read) if sha == pull.head_sha and each != number]
    found = [pull, *[await read_pull(read, each) for each in sorted(others)]]
    return [each for each in found if each.state == "open" and each.head_sha == pull.head_sha]


async def judge(services: Services, ctx: Context, pull: PullFacts) -> Decision:
    """Gather the facts as they are now and let the gate decide."""
    ground = await find_ground(services.mirrors, ctx.run.repo, pull.base_ref)
    policy, error = _policy(ground)
    change = await read_change(services, ctx.run.repo, pull, ground, policy)
    verdicts, tests, unread = await _council(services, ctx, pull, change)
    proposed = await read_proposed(services.mirrors.path(ctx.run.repo), change)
    running, stopped = await _reviews_of_head(services, ctx, pull, change)
    decision = decide(
        Facts(
            pull_state="open" if pull.state == "open" else "closed",
            draft=pull.draft,
            head_sha=change.head if change.head == pull.head_sha else None,
            base_ref=pull.base_ref,
            fingerprint=change.fingerprint,
            changed_files=len(change.files),
            verdicts=verdicts,
            running=frozenset(perspectives_to_ask(policy, proposed.policy)) if running else frozenset(),
            stopped=stopped,
            files_unread=unread,
            files_set_aside=change.set_aside,
            tests=tests,
            policy_source="invalid" if error else ("default" if ground.policy_text is None else "base"),
            policy_error=error,
            policy_changed=POLICY_PATH in change.files,
            proposed_policy_error=proposed.error,
        ),
        policy,
        proposed.policy,
    )
    await _keep(services, ctx, pull, ground, change, decision)
    return decision


async def _keep(
    services: Services, ctx: Context, pull: PullFacts, ground: Ground, change: Change, decision: Decision
) -> None:
    """What was decided of this head, for whoever asks later what landed."""
    leaves = {leaf.rule: leaf.status for leaf in decision.node.leaves()}
    async with work(services.database) as db:
        await save_decision(
            db,
            StoredDecision(
                id=0,
                repo_id=ctx.run.repo.id,
                pull=pull.number,
                head_sha=pull.head_sha,
                base_ref=pull.base_ref,
                base_sha=ground.base_sha,
                fingerprint=change.fingerprint,
                policy_hash=hashlib.sha256((ground.policy_text or "").encode()).hexdigest(),
                status=decision.status,
                title=decision.title,
                tree={"rules": [[rule, status] for rule, status in leaves.items()]},
                security=leaves.get(VETO) == "approved",
                at=time.time(),
            ),
        )


def _policy(ground: Ground) -> tuple[Policy, str | None]:
    try:
        return ground.policy(), None
    except PolicyError as error:
        return Policy(), str(error)


async def _council(
    services: Services, ctx: Context, pull: PullFacts, change: Change
) -> tuple[dict[str, VerdictFact], TestResult, tuple[str, ...] | None]:
    repo_id, number = ctx.run.repo.id, pull.number
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


async def _reviews_of_head(
    services: Services, ctx: Context, pull: PullFacts, change: Change
) -> tuple[bool, str | None]:
    """Whether a review of this head is still to speak, and if not, why the newest one ended without a word."""
    mine = (runs.c.repo_id == ctx.run.repo.id) & (runs.c.number == pull.number) & (runs.c.head_sha == change.head)
    query = select(runs).where(mine, runs.c.workflow == "review").order_by(runs.c.created_at.desc())
    async with services.database.connect() as db:
        found = (await db.execute(query)).all()
        seen = await reviews.latest_examination(db, ctx.run.repo.id, pull.number, change.head)
    spoken = seen.run_id if seen else None
    going_on = [row for row in found if row.state in _OPEN and row.ending is None and row.id != spoken]
    newest = next((row for row in found if (row.ending or row.state) != RunState.SUPERSEDED), None)
    if going_on or newest is None or newest.id == spoken:
        return bool(going_on), None
    ended = newest.ending or newest.state
    return False, f"it {ended}: {newest.reason or ''}" if ended in _CUT_SHORT else None
