"""The council's review of one pull request at one head. Read from top to bottom, this is the whole review."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.forge.permissions import READ
from app.forge.read import PullFacts, read_pull
from app.forge.sameness import what_is_same
from app.policy.asking import who_is_asked
from app.policy.facts import EVERYTHING, Facts
from app.policy.finding import Outcome
from app.policy.persons import may_ask_again
from app.policy.rules import CarryOver
from app.policy.terms import vetoes_of
from app.policy.work_requests import recheck_request, review_request
from app.runs.admission import request_run
from app.runs.engine import Context
from app.runs.errors import RunEndingError
from app.runs.state import RunState
from app.store import reviews
from app.store.reviews import StoredVerdict
from app.store.work import work
from app.wiring import Services
from app.workflows.carried import what_stands
from app.workflows.change import Change
from app.workflows.covering import measuring
from app.workflows.gathering import gather
from app.workflows.ground import Ground
from app.workflows.hearing import Case, hear
from app.workflows.journalled import journalled
from app.workflows.offering import try_suggestions
from app.workflows.people import People
from app.workflows.quiet import hush, what_was_said
from app.workflows.remarks import read_remarks
from app.workflows.resolving import resolve_fixed
from app.workflows.setting_up import SetUp, set_up, with_reason
from app.workflows.stacked import PREFIX, parent_of
from app.workflows.summary import tell_summary
from app.workflows.testing import run_tests, run_tests_on_old_code
from app.workflows.told_tests import tell_configured, tell_found
from app.workflows.verdicts import cancel_checks, close_checks, publish_review, record
from app.workflows.wished import comes_by_itself
from app.workflows.workshop import Workshop


@dataclass(frozen=True)
class Basis:
    """What the review goes by. `asked`: by perspective, what must be the same for an earlier verdict to stand.

    `vetoes`: perspectives whose refusal of a diff stands whoever asks, but where `afresh`: somebody asks who may.
    """

    ground: Ground
    change: Change
    asked: dict[str, tuple[CarryOver, ...]]
    can_be_judged: bool = False
    vetoes: tuple[str, ...] = ()
    afresh: bool = False


async def review(ctx: Context, services: Services) -> None:
    """Review `ctx.run.number` at `ctx.run.head_sha`; ends as superseded when that is no longer its head."""
    repo, number = ctx.run.repo, ctx.run.number
    read = services.forge.on(repo, READ)
    pull = await journalled(ctx, "pull", PullFacts, lambda: read_pull(read, number))
    if pull.state != "open" or ctx.run.head_sha not in {None, pull.head_sha}:
        await _pass_on(ctx, services, pull)
        raise RunEndingError(RunState.SUPERSEDED, f"the pull request is {pull.state} at {pull.head_sha[:12]}")
    await _leave_to_parent(ctx, services, pull)
    basis = await journalled(ctx, "basis", Basis, lambda: _find_basis(ctx, services, pull))
    if not basis.can_be_judged:
        raise RunEndingError(
            RunState.SUPERSEDED,
            f"the policy cannot be used: {basis.ground.error}",
        )
    ground, change, policy = basis.ground, basis.change, basis.ground.in_force()
    perspectives = tuple(basis.asked)
    await ctx.child(recheck_request(repo, number, cause=f"{ctx.run.id}:start"))
    workshop = Workshop.of(services, ctx.run, change.head)
    try:
        prepared = SetUp()
        if policy.test is not None or policy.setup or pull.author == services.forge.login:
            services, prepared = await set_up(ctx, services, policy, ground.base_sha, ground.base_ref)
        tests = await run_tests(ctx, services, "tests", policy.test, workshop, measure=measuring(policy, change))
        tests = with_reason(tests, prepared)
        old_tests = await run_tests_on_old_code(ctx, services, policy.test, workshop, change.base)
        told = tell_configured(policy.test, change, tests, old_tests)
        case = Case(pull, ground, policy, change, tests, old_tests, told)
        carried = await what_stands(ctx, services, case, await _carried(ctx, services, case, basis))
        asked = [name for name in perspectives if name not in carried]
        if asked and policy.test is None:
            case = replace(case, told=await tell_found(ctx, services, pull, change, workshop))
        hearing = await hear(ctx, services, asked, case, workshop, _who_reads_on(ctx, basis, asked))
    finally:
        await workshop.remove()

    remarks = await read_remarks(ctx, services, case)
    said = await what_was_said(ctx, services, case, remarks)
    hearing = await try_suggestions(ctx, services, case, hush(hearing, said), said)
    await record(ctx, services, case, carried, hearing)
    await close_checks(ctx, services, case, carried, hearing)
    await publish_review(ctx, services, case, hearing, said)
    await resolve_fixed(ctx, services, case, hearing, remarks)
    await tell_summary(ctx, services, case, carried, hearing)
    await ctx.child(recheck_request(repo, number, cause=f"{ctx.run.id}:end"))


async def _leave_to_parent(ctx: Context, services: Services, pull: PullFacts) -> None:
    """A repair that was offered to a pull request is read there, once it is a part of it; not twice, unless wished."""
    if not comes_by_itself(ctx) or not pull.head_ref.startswith(PREFIX):
        return
    parent = await journalled(ctx, "parent", int, lambda: _parent(ctx, services, pull))
    if parent:
        told = (
            f"it goes into the branch of #{parent} and is read there; `@{services.forge.slug} review` has it read here"
        )
        raise RunEndingError(RunState.CANCELLED, told)


async def _parent(ctx: Context, services: Services, pull: PullFacts) -> int:
    return await parent_of(services, ctx.run.repo, pull) or 0


async def _pass_on(ctx: Context, services: Services, pull: PullFacts) -> None:
    """Events can come late, and a late one ends the review of the newer head: whoever notices asks for it again."""
    if pull.state != "open":
        return

    async def ask() -> str | None:
        async with work(services.database) as db:
            return await request_run(db, review_request(ctx.run.repo, pull.number, pull.head_sha))

    await ctx.step("newer", ask)


async def settle_review(ctx: Context, services: Services, reason: str) -> None:
    """Leave no check run in progress, and let the gate say that nothing was reviewed and what to do about it.

    Perspectives whose check run was not created yet have none on this head: while they read, only the gate speaks.
    """
    read = services.forge.on(ctx.run.repo, READ)
    pull = await journalled(ctx, "cleanup.pull", PullFacts, lambda: read_pull(read, ctx.run.number))
    head = ctx.run.head_sha or pull.head_sha
    await cancel_checks(ctx, services, head, reason)

    async def ask() -> str | None:
        async with work(services.database) as db:
            return await request_run(db, recheck_request(ctx.run.repo, ctx.run.number, cause=f"{ctx.run.id}:cleanup"))

    await ctx.step("cleanup.recheck", ask)


async def _find_basis(ctx: Context, services: Services, pull: PullFacts) -> Basis:
    """The same facts as the gate's, so that whoever the gate will wait for is asked."""
    gathered = await gather(services, ctx.run.repo, pull, asking=True)
    policies = [each for each in (gathered.policy, gathered.proposed.policy) if each is not None]
    asked = who_is_asked(gathered.facts, gathered.policy, gathered.proposed.policy)
    return Basis(
        ground=gathered.ground,
        change=gathered.change,
        asked={name: tuple(sorted(same)) for name, same in asked.items()},
        can_be_judged=gathered.can_be_judged,
        vetoes=tuple(sorted(vetoes_of(policies))),
        afresh=await _may_ask_again(ctx, services, gathered.facts),
    )


async def _may_ask_again(ctx: Context, services: Services, facts: Facts) -> bool:
    """Whether somebody asked for this review who may have a veto's refusal looked at again."""
    asker = ctx.run.cause.get("sender")
    if comes_by_itself(ctx) or not asker:
        return False
    people = People(services.forge.on(ctx.run.repo, READ), frozenset())
    return may_ask_again(await people.person(str(asker)), facts)


def _who_reads_on(ctx: Context, basis: Basis, asked: Sequence[str]) -> list[str]:
    """Who may read only what is new: nobody where a person wished for a review, or the policy carries less over."""
    if not comes_by_itself(ctx):
        return []
    return [name for name in asked if set(basis.asked[name]) <= {"same_diff"}]


async def _carried(ctx: Context, services: Services, case: Case, basis: Basis) -> list[StoredVerdict]:
    """What was said of this very diff at another head stands, refusals too: else one asks until somebody says yes.

    A person's wish for a review starts afresh, but for what a veto refused, unless they wrote no part of it; where they
    asked for one perspective, only that. A policy may carry over less of what was said of the same diff.
    """
    mirror, change = services.mirrors.path(ctx.run.repo), case.change

    async def read() -> list[StoredVerdict]:
        only = ctx.run.cause.get("only")
        async with services.database.connect() as db:
            given = await reviews.verdicts_of_diff(db, ctx.run.repo.id, case.pull.number, change.fingerprint)
        carried = []
        for each in given:
            vetoed = each.outcome is Outcome.BLOCKED and each.perspective in basis.vetoes and not basis.afresh
            wished = each.perspective == only if only is not None else not comes_by_itself(ctx)
            if each.outcome is Outcome.ABSTAINED or each.perspective not in basis.asked or (wished and not vetoed):
                continue
            same = await what_is_same(mirror, (each.base_sha, each.head_sha), (change.base, change.head))
            same &= frozenset(each.same) if each.carried_from else EVERYTHING
            if "same_diff" in same and (vetoed or frozenset(basis.asked[each.perspective]) <= same):
                carried.append(replace(each, same=tuple(sorted(same))))
        return carried

    return await journalled(ctx, "carried", list[StoredVerdict], read)
