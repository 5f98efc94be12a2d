"""Money for calls of models that are under way: a row of `usage` from before the call, without a model till its answer.

Such a row costs the most that the call may cost. A call that was cut off by the death of its process may have been
charged: once its run is claimed anew, or after as long as a call can take, its row counts as spent, and it stays.
"""

import time
import uuid
from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import ColumnElement, Select, String, bindparam, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.values import MicroUsd
from app.store.tables import usage

Db = AsyncConnection
_LONGEST_CALL_S = 3600.0
"""More than all tries of a call take, those of models that stand in included."""
_LOCK = 7318350
"""A number that nothing else in this database locks by."""
NOBODY = "?"
"""Whose answer it is that was charged and came to nothing."""
KNOWN = "known-"
"""What the names begin with of calls that needed not to be made."""
_NOTHING = {"input": 0, "cache_read": 0, "cache_write": 0, "output": 0}


async def alone(db: Db) -> None:
    """Until the transaction ends nobody else takes. SQLite's transactions are alone from their beginning."""
    if db.dialect.name == "postgresql":
        await db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


async def stand(
    db: Db,
    *,
    run_ids: Sequence[str] | None = None,
    repo_id: int | None = None,
    since: float = 0.0,
    gone: tuple[str, str] | None = None,
) -> tuple[MicroUsd, MicroUsd]:
    """What was spent, and what calls under way may cost at most; of runs, of a repository, since a moment.

    `gone`: a run, and what the names begin with (a number and a dash) of those of its calls that somebody still
    waits for.
    """
    asked: dict[str, object] = {"hour": max(since, time.time() - _LONGEST_CALL_S)}
    if since:
        asked["since"] = since
    if gone is not None:
        asked |= {"mine": gone[0], "awaited": gone[1]}
    if run_ids is not None:
        asked["run_ids"] = list(run_ids)
    if repo_id is not None:
        asked["repo"] = repo_id
    query = _sums(frozenset(asked))
    all_of_it, of_these = (await db.execute(query, asked)).one()
    return MicroUsd(int(all_of_it) - int(of_these)), MicroUsd(int(of_these))


async def take(db: Db, run_id: str, call: str, repo_id: int, role: str, most: MicroUsd) -> None:
    row = {"run_id": run_id, "step": call, "repo_id": repo_id, "role": role, "model": "", "cost": most}
    await db.execute(_TAKE, {**row, **_NOTHING, "at": time.time()})


async def settle(db: Db, run_id: str, call: str, model: str, tokens: Mapping[str, int]) -> None:
    """`tokens` has input, cache_read, cache_write, output and cost (micro-dollars)."""
    await db.execute(_SETTLE, {"of_run": run_id, "call": call, "model": model or NOBODY, **tokens})


async def note_known(db: Db, run_id: str, repo_id: int, role: str, model: str) -> None:
    """An answer that was there already: it used nothing and cost nothing."""
    row = {"run_id": run_id, "step": f"{KNOWN}{uuid.uuid4().hex}", "repo_id": repo_id, "role": role, "model": model}
    await db.execute(_TAKE, {**row, **_NOTHING, "cost": 0, "at": time.time()})


async def give_back(db: Db, run_id: str, call: str) -> None:
    """For a call that was refused, or had no answer."""
    await db.execute(_GIVE_BACK, {"of_run": run_id, "call": call})


@cache
def _sums(asked: frozenset[str]) -> Select[int, int]:
    """Put together once, as the next ones: they are asked before and after each call of a model."""
    mine: list[ColumnElement[bool]] = []
    if "run_ids" in asked:
        mine.append(usage.c.run_id.in_(bindparam("run_ids", expanding=True)))
    if "repo" in asked:
        mine.append(usage.c.repo_id == bindparam("repo"))
    under_way = [usage.c.model == "", usage.c.at >= bindparam("hour")]
    if "mine" in asked:
        awaited = usage.c.step.startswith(bindparam("awaited", type_=String))
        under_way.append((usage.c.run_id != bindparam("mine")) | awaited)
    cost = func.sum(usage.c.cost)
    if "since" not in asked:  # read once: a run's rows are as many as its calls so far
        return select(func.coalesce(cost, 0), func.coalesce(cost.filter(*under_way), 0)).where(*mine)
    # One bound each on the time, as an index is read from one. In one statement, or a call may be settled in between.
    of_these = select(func.coalesce(cost, 0)).where(*mine)
    since = of_these.where(usage.c.at >= bindparam("since"))
    return select(since.scalar_subquery(), of_these.where(*under_way).scalar_subquery())


_CALL = (usage.c.run_id == bindparam("of_run")) & (usage.c.step == bindparam("call"))
_TAKE = insert(usage)
_SETTLE = update(usage).where(_CALL)
_GIVE_BACK = delete(usage).where(_CALL)
