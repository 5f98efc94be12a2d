"""Repairs that were offered to a person's pull request: pull requests into its branch, and their end with it.

What was offered is told by the journals of the runs that offered it, and by no text or name that a person can write.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.forge import effects
from app.forge.effects import Effect
from app.forge.permissions import PUBLISH, READ
from app.forge.read import PullFacts, read_pull
from app.policy.values import Json, Repo, Sha
from app.runs.engine import Context
from app.store.tables import runs, steps
from app.wiring import Services
from app.workflows.journalled import carry_out

PREFIX = "quorum/fix-"
"""How the branches of such repairs begin."""
_TOLD = ("pull", "branch", "commit-1", "pull-request")


@dataclass(frozen=True)
class Offer:
    """A repair of `parent` by the run `run_id`: `branch` goes `into` the branch of the parent.

    `commit` None: nothing was committed yet. `number` None: it is not opened yet, or was told in a comment.
    """

    run_id: str
    parent: int
    into: str
    branch: str
    commit: Sha | None = None
    number: int | None = None


async def offers_of(db: AsyncConnection, repo_id: int, parent: int | None = None) -> list[Offer]:
    """All that were begun in a repository, or for one pull request; oldest first."""
    query = (
        select(runs.c.id, runs.c.number, steps.c.name, steps.c.value)
        .join(steps, steps.c.run_id == runs.c.id)
        .where(runs.c.repo_id == repo_id, runs.c.workflow == "remedy", steps.c.name.in_(_TOLD))
        .order_by(runs.c.created_at, runs.c.id)
    )
    if parent is not None:
        query = query.where(runs.c.number == parent)
    told: dict[tuple[str, int], Json] = {}
    for row in await db.execute(query):
        if row.value is not None:
            told.setdefault((row.id, row.number), {})[row.name] = row.value
    return [_offer(run_id, number, values) for (run_id, number), values in told.items() if values.get("branch")]


async def parent_of(services: Services, repo: Repo, pull: PullFacts) -> int | None:
    """Whose repair a pull request is, as long as it is one into the branch of that one; None for all others."""
    if pull.author != services.forge.login or not pull.from_here or not pull.head_ref.startswith(PREFIX):
        return None
    async with services.database.connect() as db:
        offers = await offers_of(db, repo.id)
    return next((each.parent for each in offers if (each.branch, each.into) == (pull.head_ref, pull.base_ref)), None)


async def close_offers(ctx: Context, services: Services, parent: int, *, but: str = "") -> list[int]:
    """Close what was offered to a pull request, `but` by the run of that id; their numbers, closed now or before."""
    async with services.database.connect() as db:
        offers = await offers_of(db, ctx.run.repo.id, parent)
    closed = []
    for each in offers:
        if each.number is None or each.run_id == but:
            continue
        told = await carry_out(ctx, f"close-offer-{each.number}", _closing(services, ctx.run.repo, each, each.number))
        closed += [each.number] if told["closed"] else []
    return closed


async def withdraw_offer(ctx: Context, services: Services) -> None:
    """Close what this very run may just have opened, whether or not it came to know of that."""
    if "pull-request" not in await ctx.journal():
        return
    async with services.database.connect() as db:
        offers = [each for each in await offers_of(db, ctx.run.repo.id, ctx.run.number) if each.run_id == ctx.run.id]
    publish = services.forge.on(ctx.run.repo, PUBLISH)
    for each in offers:
        found = await effects.pull_request(publish, each.branch, each.into, "", "").find()
        if found is not None:
            number = int(str(found["number"]))
            await carry_out(ctx, "cleanup.offer", _closing(services, ctx.run.repo, each, number))


def _closing(services: Services, repo: Repo, offer: Offer, number: int) -> Effect:
    """What somebody pushed to is theirs now and stays open, with its branch. Doing it again does no harm."""
    read, publish = services.forge.on(repo, READ), services.forge.on(repo, PUBLISH)

    async def do() -> Json:
        pull = await read_pull(read, number)
        ours = pull.head_sha == offer.commit
        closes = ours and pull.state == "open"
        if closes:
            await effects.close_pull(publish, number).do()
        if ours and await services.mirrors.remote_ref(repo, f"refs/heads/{offer.branch}") == offer.commit:
            await effects.delete_branch(publish, offer.branch).do()
        return {"closed": closes}

    async def find() -> Json | None:
        return None

    return Effect(do, find)


def _offer(run_id: str, parent: int, told: Json) -> Offer:
    pull, receipt, commit = told.get("pull"), told.get("pull-request"), told.get("commit-1")
    return Offer(
        run_id,
        parent,
        into=str(pull["head_ref"]) if isinstance(pull, dict) else "",
        branch=str(told["branch"]),
        commit=Sha(str(commit)) if commit else None,
        number=int(str(receipt["number"])) if isinstance(receipt, dict) else None,
    )
