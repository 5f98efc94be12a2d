"""The council's review of one pull request at one head. Read from top to bottom, this is the whole review."""

from collections.abc import Sequence

from app.forge.git import is_replay
from app.forge.permissions import READ
from app.forge.read import PullFacts, read_pull
from app.policy.config import POLICY_PATH, Policy, perspectives_to_ask
from app.policy.errors import PolicyError
from app.policy.finding import Outcome
from app.policy.routes import recheck_request, review_request
from app.runs.admission import request_run
from app.runs.engine import Context
from app.runs.errors import RunEndingError
from app.runs.state import RunState
from app.store import reviews
from app.store.reviews import StoredVerdict
from app.store.work import work
from app.wiring import Services
from app.workflows.change import Change, read_change
from app.workflows.ground import Ground, find_ground
from app.workflows.hearing import Case, hear
from app.workflows.journalled import journalled
from app.workflows.proposed import Proposed, read_proposed
from app.workflows.testing import run_tests, run_tests_on_old_code
from app.workflows.verdicts import cancel_checks, close_checks, open_checks, publish_review, record
from app.workflows.workshop import Workshop

_CARRY = frozenset({"run", "sweep", "pull_request.synchronize", "pull_request.opened", "pull_request.reopened"})


async def review(ctx: Context, services: Services) -> None:
    """Review `ctx.run.number` at `ctx.run.head_sha`; ends as superseded when that is no longer its head."""
    repo, number = ctx.run.repo, ctx.run.number
    read = services.forge.on(repo, READ)
    pull = await journalled(ctx, "pull", PullFacts, lambda: read_pull(read, number))
    if pull.state != "open" or ctx.run.head_sha not in {None, pull.head_sha}:
        await _pass_on(ctx, services, pull)
        raise RunEndingError(RunState.SUPERSEDED, f"the pull request is {pull.state} at {pull.head_sha[:12]}")
    ground = await journalled(ctx, "ground", Ground, lambda: find_ground(services.mirrors, repo, pull.base_ref))
    policy = _policy(ground)
    await open_checks(ctx, services, policy.perspectives, pull.head_sha)
    await ctx.child(recheck_request(repo, number, cause=f"{ctx.run.id}:start"))

    change = await journalled(ctx, "change", Change, lambda: read_change(services, repo, pull, ground, policy))
    proposed = await journalled(ctx, "proposed", Proposed, lambda: read_proposed(services.mirrors.path(repo), change))
    perspectives = perspectives_to_ask(policy, proposed.policy)
    await open_checks(ctx, services, perspectives[len(policy.perspectives) :], pull.head_sha)
    workshop = Workshop.of(services, ctx.run, change.head)
    try:
        tests = await run_tests(ctx, services, "tests", policy.test, workshop)
        old_tests = await run_tests_on_old_code(ctx, services, policy.test, workshop, change.base)
        case = Case(pull, ground, policy, change, tests, old_tests)
        carried = await _carried(ctx, services, case, perspectives)
        asked = [name for name in perspectives if name not in carried]
        hearing = await hear(ctx, services, asked, case, workshop)
    finally:
        await workshop.remove()

    await record(ctx, services, case, carried, hearing)
    await close_checks(ctx, services, case, carried, hearing)
    await publish_review(ctx, services, case, hearing)
    await ctx.child(recheck_request(repo, number, cause=f"{ctx.run.id}:end"))


async def _pass_on(ctx: Context, services: Services, pull: PullFacts) -> None:
    """Events can come late, and a late one ends the review of the newer head: whoever notices asks for it again."""
    if pull.state != "open":
        return

    async def ask() -> str | None:
        async with work(services.database) as db:
            return await request_run(db, review_request(ctx.run.repo, pull.number, pull.head_sha))

    await ctx.step("newer", ask)


async def settle_review(ctx: Context, services: Services, reason: str) -> None:
    """Leave no check run in progress, and let the gate say that nothing was reviewed and what to do about it."""
    read = services.forge.on(ctx.run.repo, READ)
    pull = await journalled(ctx, "cleanup.pull", PullFacts, lambda: read_pull(read, ctx.run.number))
    head = ctx.run.head_sha or pull.head_sha
    await cancel_checks(ctx, services, head, reason)

    async def ask() -> str | None:
        async with work(services.database) as db:
            return await request_run(db, recheck_request(ctx.run.repo, ctx.run.number, cause=f"{ctx.run.id}:cleanup"))

    await ctx.step("cleanup.recheck", ask)


def _policy(ground: Ground) -> Policy:
    """The gate says what is wrong with a policy that cannot be used; the review comes once it is mended."""
    try:
        return ground.policy()
    except PolicyError as error:
        raise RunEndingError(RunState.SUPERSEDED, f"{POLICY_PATH} on the base branch: {error}") from error


async def _carried(
    ctx: Context, services: Services, case: Case, perspectives: Sequence[str]
) -> dict[str, StoredVerdict]:
    """What was said of this very diff at another head stands, refusals too: else one asks until somebody says yes.

    A person's wish for a review starts afresh; where they asked for one perspective, only that.
    """
    mirror, change = services.mirrors.path(ctx.run.repo), case.change

    async def read() -> list[StoredVerdict]:
        only = ctx.run.cause.get("only")
        if ctx.run.cause.get("event") not in _CARRY and only is None:
            return []
        async with services.database.connect() as db:
            given = await reviews.verdicts_of_diff(db, ctx.run.repo.id, case.pull.number, change.fingerprint)
        said = [each for each in given if each.outcome is not Outcome.ABSTAINED and each.perspective != only]
        return [
            each for each in said if await is_replay(mirror, each.base_sha, each.head_sha, change.base, change.head)
        ]

    found = await journalled(ctx, "carried", list[StoredVerdict], read)
    return {verdict.perspective: verdict for verdict in found if verdict.perspective in perspectives}
