"""What the buttons on a perspective's check run do: explain what it said, have it repaired, have no more advice."""

import time
from dataclasses import dataclass

from app.forge.permissions import READ
from app.forge.read import PullFacts, read_pull
from app.policy.applying import at_least
from app.policy.finding import key_of
from app.policy.terms import vetoes_of
from app.runs.engine import Context
from app.store import outcomes, reviews, statements
from app.store.statements import NO_ADVICE, Statement
from app.store.work import work
from app.wiring import Services
from app.workflows.buttons import DISMISS, EXPLAIN, FIX
from app.workflows.explaining import render_perspective
from app.workflows.fixing import ask_for_repair
from app.workflows.ground import find_ground
from app.workflows.texts import count

_SAFE_WAYS = (
    "What blocks is not dismissed by a button: fix it, or write `@{slug} dismiss KEY because …` for one finding, or "
    "`@{slug} override {perspective} because …` for this diff."
)
_VETOED = (
    "{perspective} has a veto here, so that its advice is not silenced: resolve the thread of what is not wanted. What "
    "it blocks is changed; nobody overrides it."
)


@dataclass(frozen=True)
class Press:
    """Who pressed what on whose check run, with which rights. `head`: the check's commit, if the event told it."""

    action: str
    perspective: str
    login: str
    permission: str
    head: str


async def answer_press(ctx: Context, services: Services, press: Press) -> str:
    """Do it and say what was done; done again after a crash, it does and says the same."""
    pull = await read_pull(services.forge.on(ctx.run.repo, READ), ctx.run.number)
    if press.action not in {FIX, EXPLAIN, DISMISS}:
        return "That button is not one of mine."
    if pull.state != "open" and press.action != EXPLAIN:
        return f"This pull request is {pull.state}; there is nothing to do any more."
    if press.head and press.head != pull.head_sha:
        return (
            f"That check is about {press.head[:12]}, which is not the head any more: it is {pull.head_sha[:12]} now. "
            f"Press the button of `quorum/{press.perspective}` there."
        )
    if press.action == EXPLAIN:
        return await _explain(ctx, services, press, pull)
    if not at_least(press.permission, "write"):
        return f"That needs write permission on this repository; you have {press.permission}."
    return await (_fix if press.action == FIX else _dismiss)(ctx, services, press, pull)


async def _explain(ctx: Context, services: Services, press: Press, pull: PullFacts) -> str:
    repo_id = ctx.run.repo.id
    async with services.database.connect() as db:
        given = await reviews.latest_verdicts(db, repo_id, pull.number, pull.head_sha)
        found = await reviews.findings_of(db, repo_id, pull.number)
        records = await outcomes.records_of(db, repo_id)
    verdict = next((each for each in given if each.perspective == press.perspective), None)
    mine = [each for each in found if (each.perspective, each.head_sha) == (press.perspective, pull.head_sha)]
    record = next((each for each in records if each.perspective == press.perspective), None)
    return render_perspective(press.perspective, verdict, mine, record)


async def _fix(ctx: Context, services: Services, press: Press, pull: PullFacts) -> str:
    return await ask_for_repair(ctx, services, press.login, press.permission, pull, said="button fix")


async def _dismiss(ctx: Context, services: Services, press: Press, pull: PullFacts) -> str:
    repo = ctx.run.repo
    ground = await find_ground(services, repo, pull.base_ref)
    if press.perspective in vetoes_of([ground.in_force()]):
        return _VETOED.format(perspective=press.perspective)
    ways = _SAFE_WAYS.format(slug=services.forge.slug, perspective=press.perspective)
    said = Statement(
        id=f"button:{ctx.run.id}",
        repo_id=repo.id,
        pull=pull.number,
        kind=NO_ADVICE,
        target=press.perspective,
        login=press.login,
        permission=press.permission,
        reason="",
        head_sha=pull.head_sha,
        fingerprint="",
        at=time.time(),
    )
    async with work(services.database) as db:
        await statements.keep(db, repo.subject(pull.number), said)
        found = await reviews.findings_of(db, repo.id, pull.number)
    mine = [each for each in found if each.perspective == press.perspective and each.state == "published"]
    advice = {key_of(each.finding) for each in mine if not each.finding.severity.blocks}
    blocks = any(each.finding.severity.blocks and each.head_sha == pull.head_sha for each in mine)
    told = (
        f"{press.perspective} gives no more advice on this pull request; {count(len(advice), 'finding')} of it counts "
        f"as not wanted. `@{services.forge.slug} withdraw {press.perspective}` takes that back."
    )
    return f"{told} {ways}" if blocks else told
