"""What models cost, by run."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.values import MicroUsd
from app.store.purses import KNOWN, NOBODY
from app.store.tables import runs, usage

_SUMS = select(
    func.count(),
    func.coalesce(func.sum(usage.c.input + usage.c.cache_read + usage.c.cache_write), 0),
    func.coalesce(func.sum(usage.c.output), 0),
    func.coalesce(func.sum(usage.c.cost), 0),
    func.coalesce(func.sum(case((usage.c.step.startswith(KNOWN), 1), else_=0)), 0),
).where(usage.c.model != "")
"""Of calls that were answered; see `app.store.purses` for the others."""
_REVIEWS = select(runs.c.id).where(
    runs.c.repo_id == bindparam("of_repo"), runs.c.number == bindparam("of_pull"), runs.c.workflow == "review"
)
_SUMS_OF_REVIEWS = _SUMS.where(usage.c.run_id.in_(_REVIEWS))


@dataclass(frozen=True)
class Totals:
    """`known`: how many of the calls were not made, as the answer was there."""

    calls: int
    input: int
    output: int
    cost: MicroUsd
    known: int = 0


async def totals_of_reviews(db: AsyncConnection, repo_id: int, number: int) -> Totals:
    """What all reviews of a pull request have cost so far."""
    which = {"of_repo": repo_id, "of_pull": number}
    return _totals((await db.execute(_SUMS_OF_REVIEWS, which)).one())


async def models_of(db: AsyncConnection, repo_id: int, numbers: Collection[int], roles: Sequence[str]) -> set[str]:
    """Which models answered in these roles, at first or afresh, in runs for these issues and pull requests."""
    mine = select(runs.c.id).where(runs.c.repo_id == repo_id, runs.c.number.in_(numbers))
    named = or_(*[usage.c.role.startswith(role, autoescape=True) for role in roles])
    query = select(usage.c.model).distinct().where(usage.c.run_id.in_(mine), named, usage.c.model.not_in(["", NOBODY]))
    return set(await db.scalars(query))


async def totals(db: AsyncConnection, run_id: str | None = None) -> Totals:
    """Sums over a run, or over everything."""
    query = _SUMS if run_id is None else _SUMS.where(usage.c.run_id == run_id)
    return _totals((await db.execute(query)).one())


def _totals(sums: Row[Any]) -> Totals:
    calls, tokens_in, tokens_out, cost, known = map(int, sums)
    return Totals(calls, tokens_in, tokens_out, MicroUsd(cost), known)
