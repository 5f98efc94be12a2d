"""What models cost, by run."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.values import MicroUsd
from app.store.dialect import insert_into
from app.store.tables import runs, usage

_SUMS = select(
    func.count(),
    func.coalesce(func.sum(usage.c.input + usage.c.cache_read + usage.c.cache_write), 0),
    func.coalesce(func.sum(usage.c.output), 0),
    func.coalesce(func.sum(usage.c.cost), 0),
)


@dataclass(frozen=True)
class Totals:
    calls: int
    input: int
    output: int
    cost: MicroUsd


async def record(
    db: AsyncConnection, run_id: str, step: str, repo_id: int, role: str, model: str, tokens: Mapping[str, int]
) -> None:
    """`tokens` has input, cache_read, cache_write, output and cost (micro-dollars). A step is counted once."""
    row = {
        "run_id": run_id,
        "step": step,
        "repo_id": repo_id,
        "role": role,
        "model": model,
        "at": time.time(),
        **tokens,
    }
    await db.execute(insert_into(db, usage).values(row).on_conflict_do_nothing())


async def totals_of_reviews(db: AsyncConnection, repo_id: int, number: int) -> Totals:
    """What all reviews of a pull request have cost so far."""
    mine = select(runs.c.id).where(runs.c.repo_id == repo_id, runs.c.number == number, runs.c.workflow == "review")
    calls, tokens_in, tokens_out, cost = (await db.execute(_SUMS.where(usage.c.run_id.in_(mine)))).one()
    return Totals(int(calls), int(tokens_in), int(tokens_out), MicroUsd(int(cost)))


async def totals(db: AsyncConnection, run_id: str | None = None) -> Totals:
    """Sums over a run, or over everything."""
    query = _SUMS if run_id is None else _SUMS.where(usage.c.run_id == run_id)
    calls, tokens_in, tokens_out, cost = (await db.execute(query)).one()
    return Totals(int(calls), int(tokens_in), int(tokens_out), MicroUsd(int(cost)))
