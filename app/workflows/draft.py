"""Ending a draft of our own: at once where the gate lacks nothing but people's approval, else when that has come.

It is ended once. Whoever makes it a draft again decides when it ends.
"""

from sqlalchemy.ext.asyncio import AsyncConnection

from app.forge import effects
from app.forge.permissions import PUBLISH
from app.forge.read import PullFacts
from app.policy.drafts import keeps_draft
from app.policy.render import code
from app.policy.tend_requests import tend_request
from app.policy.values import JsonValue, Sha
from app.runs.admission import request_run
from app.runs.engine import Context
from app.store.decisions import decisions_of_head
from app.store.tended import Origin, find_origin, step_value, steps_like
from app.store.work import work
from app.wiring import Services
from app.workflows.journalled import carry_out, journalled
from app.workflows.texts import brief

_KEPT, _ENDED = "draft-kept", "ready"


async def end_draft(ctx: Context, services: Services, number: int, node_id: str, head: Sha) -> str:
    """End it, once the council has approved `head`; else returns why it stays a draft, which `tend_draft` ends then."""

    async def look() -> str:
        async with services.database.connect() as db:
            return await _why_kept(db, ctx.run.repo.id, number, head) or ""

    why = await journalled(ctx, _KEPT, str, look)
    if why:
        await _ask_to_tend(ctx, services, number)  # the gate may have turned green since
    else:
        publish = services.forge.on(ctx.run.repo, PUBLISH)
        await carry_out(ctx, _ENDED, effects.ready_for_review(publish, number, node_id))
    return why


async def tend_draft(ctx: Context, services: Services, pull: PullFacts, origin: Origin) -> None:
    """End one that was kept when the work on it was done, if nothing keeps it any more."""
    if not pull.draft:
        return

    async def may_end() -> bool:
        async with services.database.connect() as db:
            kept = await _is_kept(db, ctx.run.repo.id, pull.number, origin)
            return kept and await _why_kept(db, ctx.run.repo.id, pull.number, pull.head_sha) == ""

    if await journalled(ctx, "draft-may-end", bool, may_end):
        publish = services.forge.on(ctx.run.repo, PUBLISH)
        await carry_out(ctx, _ENDED, effects.ready_for_review(publish, pull.number, pull.node_id))


async def tell_of_green(ctx: Context, services: Services, branch: str) -> None:
    """For the gate, which has found that nothing keeps a draft from `branch`: have it looked at, if it was kept."""
    async with services.database.connect() as db:
        origin = await find_origin(db, ctx.run.repo.id, branch)
        kept = origin is not None and await _is_kept(db, ctx.run.repo.id, ctx.run.number, origin)
    if kept:
        await _ask_to_tend(ctx, services, ctx.run.number)


async def _why_kept(db: AsyncConnection, repo_id: int, number: int, head: Sha) -> str | None:
    """By the newest decision on that head, for people; "" if nothing keeps it, None if nothing was decided."""
    made = [each for each in await decisions_of_head(db, repo_id, head) if each.pull == number]
    if not made:
        return None
    leaf = keeps_draft(made[-1].node)
    if leaf is None:
        return ""
    quotes = f" ({', '.join(code(brief(each)) for each in leaf.quotes[:3])})" if leaf.quotes else ""
    return f"{leaf.todo or leaf.because}{quotes}"


async def _is_kept(db: AsyncConnection, repo_id: int, number: int, origin: Origin) -> bool:
    """By the run that made the branch, or one that changed the pull request; and nobody has ended it since."""
    done = {**await steps_like(db, repo_id, number, _KEPT), **await steps_like(db, repo_id, number, _ENDED)}
    kept = await step_value(db, origin.run_id, _KEPT) or done.get(_KEPT)
    return bool(kept) and _ENDED not in done


async def _ask_to_tend(ctx: Context, services: Services, number: int) -> None:
    wish = tend_request(ctx.run.repo, number, {"event": "run", "cause": ctx.run.id})

    async def ask() -> JsonValue:
        async with work(services.database) as db:
            return await request_run(db, wish)

    await ctx.step("asked-to-end-draft", ask)
