"""Change an own pull request for one need: a check that fails, a person's review, a conflict with its base."""

from collections.abc import Awaitable, Callable, Mapping

from app.forge.permissions import TALK
from app.policy.tend_requests import tend_request
from app.policy.values import JsonValue, Sha
from app.runs.admission import request_run
from app.runs.engine import Context
from app.runs.state import RunState
from app.store.work import work
from app.wiring import Services
from app.workflows.amend_checks import amend_checks
from app.workflows.amend_conflict import amend_conflict
from app.workflows.amend_review import amend_review
from app.workflows.amending import Site, arrive, make_ready
from app.workflows.errors import split_reason
from app.workflows.progress import report_ended, report_stopped
from app.workflows.refusals import WHERE_IT_MAY, told_to_people
from app.workflows.setting_up import set_up
from app.workflows.texts import sentence
from app.workflows.work_check import WorkCheck, leave_no_check_open
from app.workflows.workshop import Workshop

_AMENDS: Mapping[str, Callable[[Context, Services, Site, Workshop], Awaitable[Sha | None]]] = {
    "checks": amend_checks,
    "review": amend_review,
    "conflict": amend_conflict,
}
_TITLES = {
    "checks": "Repairs checks that fail",
    "review": "Acts on a review",
    "conflict": "Resolves conflicts with the base",
}
_TRY_AGAIN = (
    "This was not foreseen: whoever runs Quorum finds more under the run's id in the worker's log. Take over the pull "
    "request, or say in a review what is to be done."
)


async def amend(ctx: Context, services: Services) -> None:
    """Do what `ctx.run.cause` names, on top of the head, and let somebody look what is to be done next."""
    with told_to_people(ctx.run):
        await _amend(ctx, services)


async def _amend(ctx: Context, services: Services) -> None:
    site = await arrive(ctx, services)
    workshop, check = Workshop.of(services, ctx.run, site.pull.head_sha), WorkCheck.of(ctx, services)
    need = str(ctx.run.cause["need"])
    await check.begin(site.pull.head_sha, _TITLES[need], "Under way.")
    try:
        services, _told = await set_up(ctx, services, site.task.policy, site.start.tip, site.pull.base_ref)
        head = await _AMENDS[need](ctx, services, site, workshop)
    finally:
        await workshop.remove()
    if head is not None:
        await check.begin(head, _TITLES[need], "It is pushed.")
        await make_ready(ctx, services, site, head)
    await check.succeed(_TITLES[need], "Done." if head is None else f"Done in {head[:12]}.")
    await _look_again(ctx, services, "look-again")


async def settle_amend(ctx: Context, services: Services, reason: str) -> None:
    """Say why nothing came of it. What checks do is told in one place, by who looks after them.

    Of a head that is no longer there nobody needs a word; what it needs now is looked for.
    """
    await _look_again(ctx, services, "cleanup.look-again")
    with WHERE_IT_MAY:
        await leave_no_check_open(ctx, services, sentence(reason), stopped=ctx.run.ending == RunState.FAILED)
    if ctx.run.ending == RunState.SUPERSEDED or ctx.run.cause.get("need") == "checks":
        return
    talk = services.forge.on(ctx.run.repo, TALK)
    told, remedy = split_reason(reason)
    with WHERE_IT_MAY:
        if ctx.run.ending == RunState.CANCELLED:
            await report_ended(ctx, talk, reason)
        else:
            await report_stopped(ctx, talk, told, remedy or _TRY_AGAIN)


async def _look_again(ctx: Context, services: Services, name: str) -> None:
    wish = tend_request(ctx.run.repo, ctx.run.number, {"event": "run", "cause": ctx.run.id})

    async def ask() -> JsonValue:
        async with work(services.database) as db:
            return await request_run(db, wish)

    await ctx.step(name, ask)
