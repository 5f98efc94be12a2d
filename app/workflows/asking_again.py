"""Another review of a pull request, because a person wishes for one."""

from app.forge.api import GitHub
from app.forge.permissions import READ
from app.forge.read import read_pull
from app.policy.asking import who_is_asked
from app.policy.finding import Outcome
from app.policy.persons import may_ask_again
from app.policy.terms import vetoes_of
from app.policy.words import names_under
from app.policy.work_requests import review_request
from app.runs.admission import request_run
from app.runs.engine import Context
from app.store import audit
from app.store.work import work
from app.wiring import Services
from app.workflows.gathering import Gathered, gather
from app.workflows.people import People


async def review_again(ctx: Context, services: Services, login: str, cause: str, word: str = "") -> str:
    """`word`: what was said behind the verb; a perspective's name has that one alone look again."""
    repo, number = ctx.run.repo, ctx.run.number
    read = services.forge.on(repo, READ)
    pull = await read_pull(read, number)
    if pull.state != "open":
        return f"This pull request is {pull.state}; there is nothing to review any more."
    gathered = await gather(services, repo, pull)
    only = word if word in names_under(gathered.policy, gathered.proposed.policy) else ""
    if only and only not in who_is_asked(gathered.facts, gathered.policy, gathered.proposed.policy):
        return f"{only} is not asked to review this pull request, by the policy or by which files it changes."
    stays = await _what_stays(read, login, gathered)
    async with work(services.database) as db:
        if await request_run(db, review_request(repo, number, pull.head_sha, cause=cause, sender=login, only=only)):
            await audit.append(db, login, "command review", repo.subject(number), {"cause": cause})
    return f"Reviewing {pull.head_sha[:12]} again{f', {only} only' if only else ''}.{stays}"


async def _what_stays(read: GitHub, login: str, gathered: Gathered) -> str:
    facts, vetoes = gathered.facts, vetoes_of(filter(None, (gathered.policy, gathered.proposed.policy)))
    refused = sorted(name for name in vetoes & facts.verdicts.keys() if facts.verdicts[name].outcome is Outcome.BLOCKED)
    if not refused or may_ask_again(await People(read, frozenset()).person(login), facts):
        return ""
    return (
        f" What {' and '.join(refused)} refused stays refused for this diff: change it, or let somebody with write "
        "access who wrote no part of it ask."
    )
