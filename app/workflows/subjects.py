"""What a comment stands in: an issue, a pull request, and the issue that a pull request of ours is for."""

from dataclasses import dataclass

from app.forge.permissions import READ
from app.forge.read import IssueFacts, PullFacts, read_issue, read_pull
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.solved import issue_of_pull


@dataclass(frozen=True)
class Subject:
    """`issue`: the one that work here is for; None in a pull request that is not ours."""

    facts: IssueFacts
    pull: PullFacts | None
    issue: int | None


async def find_subject(ctx: Context, services: Services) -> Subject:
    """Read it now."""
    repo, number = ctx.run.repo, ctx.run.number
    read = services.forge.on(repo, READ)
    facts = await read_issue(read, number)
    if not facts.is_pull:
        return Subject(facts, None, number)
    pull = await read_pull(read, number)
    async with services.database.connect() as db:
        return Subject(facts, pull, await issue_of_pull(db, services, repo, pull))
