"""Whether a pull request can be repaired on demand, and who does it: on our own branch, or as an offer to a person."""

from sqlalchemy.ext.asyncio import AsyncConnection

from app.forge.read import PullFacts
from app.policy.finding import Outcome
from app.policy.record_requests import mend_request, remedy_request
from app.policy.request import RunRequest
from app.policy.values import Repo
from app.runs.admission import find_by_key, request_run
from app.runs.engine import Context
from app.runs.state import RunState
from app.store import audit, reviews
from app.store.work import work
from app.wiring import Services
from app.workflows.mend import may_mend
from app.workflows.solved import find_work, issue_of_pull
from app.workflows.stacked import PREFIX, offers_of, parent_of


def can_be_fixed(pull: PullFacts, services: Services) -> bool:
    """Whether *Fix it* does something: our own are repaired where they stand, to those of others a repair is offered.

    A repair that was offered is none of ours to repair: it is asked for again where it was offered to.
    """
    if pull.author != services.forge.login:
        return True
    return may_mend(pull, services) and not pull.head_ref.startswith(PREFIX)


async def ask_for_repair(
    ctx: Context, services: Services, login: str, permission: str, pull: PullFacts, *, said: str
) -> str:
    """Have what blocks the head of an open pull request repaired, for somebody who may write here; what is done.

    `said`: what of theirs asked for it, for the audit log. It is asked for under a key of this head and of who refuses
    it, so that however often that is, there is one repair.
    """
    parent = await parent_of(services, ctx.run.repo, pull)
    if parent is not None:
        return f"This is a repair that I offered to #{parent}. What is not right with it, say there, or push it here."
    if may_mend(pull, services):
        return await _fix_own(ctx, services, pull, (login, permission), said)
    return await _offer(ctx, services, pull, (login, permission), said)


async def _fix_own(ctx: Context, services: Services, pull: PullFacts, who: tuple[str, str], said: str) -> str:
    repo, (login, permission) = ctx.run.repo, who
    async with work(services.database) as db:
        issue = await issue_of_pull(db, services, repo, pull)
        if issue is None:
            return "I do not know any more which issue this was for, so that I cannot repair it. Take it over."
        if any(each.workflow == "solve" for each in await find_work(db, repo, issue)):
            return f"I am at work on it already, for #{issue}."
        wish = mend_request(repo, pull.number, pull.head_sha, issue, sender=login, permission=permission)
        await _request(ctx, db, wish, login, said)
    return f"I repair what blocks {pull.head_sha[:12]} and push that; the council then reads it again."


async def _offer(ctx: Context, services: Services, pull: PullFacts, who: tuple[str, str], said: str) -> str:
    repo, head, (login, permission) = ctx.run.repo, pull.head_sha, who
    async with work(services.database) as db:
        refusing = await _refusing(db, repo, pull)
        if not refusing:
            return f"Nothing that blocks {head[:12]} is on record. `@{services.forge.slug} review` has it read again."
        wish = remedy_request(repo, pull.number, head, refusing, sender=login, permission=permission)
        before = await find_by_key(db, wish.dedupe_key)
        if before is not None and before.state == RunState.SUCCEEDED:
            offers = await offers_of(db, repo.id, pull.number)
            number = next((each.number for each in offers if each.run_id == before.id and each.number), None)
            where = f"#{number}" if number else "the comment with the patch above"
            return f"I offered a repair of what blocks {head[:12]} before: {where}."
        await _request(ctx, db, wish, login, said)
    where = "a pull request into this branch" if pull.from_here else "a patch in a comment here, as this is a fork's"
    return f"I repair what blocks {head[:12]}, run the tests, and offer it as {where}. Nothing is pushed to the branch."


async def _request(ctx: Context, db: AsyncConnection, wish: RunRequest, login: str, said: str) -> None:
    if await request_run(db, wish):
        detail = {"cause": ctx.run.id, "head": wish.head_sha}
        await audit.append(db, login, said, wish.repo.subject(wish.number), {**detail})


async def _refusing(db: AsyncConnection, repo: Repo, pull: PullFacts) -> list[str]:
    """Perspectives whose newest word on the head is a refusal, for findings that were published."""
    given = await reviews.latest_verdicts(db, repo.id, pull.number, pull.head_sha)
    blocked = {each.perspective for each in given if each.outcome is Outcome.BLOCKED}
    found = [each for each in await reviews.findings_of(db, repo.id, pull.number) if each.head_sha == pull.head_sha]
    said = {each.perspective for each in found if each.state == "published" and each.finding.severity.blocks}
    return sorted(blocked & said)
