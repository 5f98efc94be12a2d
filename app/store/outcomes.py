"""What became of findings, settled when their pull request is closed, and which advice is no longer given."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.records import SILENCED_AFTER, Fate, Record, Tally, Theme
from app.policy.rules import VETO
from app.store.dialect import insert_into
from app.store.tables import findings, outcomes, settlements, unsilenced

_COUNTED = ("published", "shared", "withdrawn")
"""States of findings that have an outcome: what was dropped was never said."""


@dataclass(frozen=True)
class Settled:
    """Of one finding of one perspective on a pull request. `key` is that of `policy.finding.key_of`."""

    repo_id: int
    pull: int
    perspective: str
    key: str
    category: str
    area: str
    blocks: bool
    fate: Fate


async def keep_outcomes(
    db: AsyncConnection, repo_id: int, pull: int, settled: Iterable[Settled], *, seen_at: float
) -> None:
    """Settle a pull request. Done again it is settled anew; when something was settled first stays as it was.

    `seen_at`: when its findings were read. What a review that was still going on says after that is not settled.
    """
    now = time.time()
    for each in settled:
        there = insert_into(db, outcomes).values({**each.__dict__, "at": now})
        same = ["repo_id", "pull", "perspective", "key"]
        await db.execute(there.on_conflict_do_update(index_elements=same, set_={"fate": each.fate}))
    done = insert_into(db, settlements).values(repo_id=repo_id, pull=pull, at=seen_at)
    await db.execute(done.on_conflict_do_update(index_elements=["repo_id", "pull"], set_={"at": seen_at}))


async def unsettled(db: AsyncConnection, repo_id: int) -> list[int]:
    """Pull requests with findings that are newer than the last time they were settled; open ones too."""
    mine = (settlements.c.repo_id == findings.c.repo_id) & (settlements.c.pull == findings.c.pull)
    query = (
        select(findings.c.pull)
        .select_from(findings.outerjoin(settlements, mine))
        .where(findings.c.repo_id == repo_id, findings.c.state.in_(_COUNTED))
        .group_by(findings.c.pull, settlements.c.at)
        .having(func.max(findings.c.created_at) > func.coalesce(settlements.c.at, 0.0))
    )
    return sorted((await db.execute(query)).scalars())


async def records_of(db: AsyncConnection, repo_id: int) -> list[Record]:
    """Of each perspective that has said anything in a pull request that was settled, by name."""
    table = outcomes.c
    query = (
        select(table.perspective, table.blocks, table.fate, func.count().label("many"))
        .where(table.repo_id == repo_id)
        .group_by(table.perspective, table.blocks, table.fate)
    )
    found: dict[str, dict[bool, dict[str, int]]] = {}
    for row in await db.execute(query):
        found.setdefault(row.perspective, {}).setdefault(bool(row.blocks), {})[row.fate] = row.many
    return [
        Record(name, blocking=Tally(**tallies.get(True, {})), advice=Tally(**tallies.get(False, {})))
        for name, tallies in sorted(found.items())
    ]


async def silenced_in(db: AsyncConnection, repo_id: int) -> dict[Theme, int]:
    """Advice that people dismissed in enough pull requests since it was last let be said again, and in how many."""
    rows = await db.execute(_silenced(), {"of_repo": repo_id})
    return {Theme(row.perspective, row.category, row.area): row.pulls for row in rows}


@cache
def _silenced() -> Select[tuple[str, str, str, int]]:
    """Put together once, as every look asks it: that takes longer than the database takes."""
    table, again = outcomes.c, unsilenced.c
    same = (again.repo_id == table.repo_id) & (again.perspective == table.perspective)
    same &= (again.category == table.category) & (again.area == table.area)
    pulls = func.count(table.pull.distinct())
    mine = table.repo_id == bindparam("of_repo")
    return (
        select(table.perspective, table.category, table.area, pulls.label("pulls"))
        .select_from(outcomes.outerjoin(unsilenced, same))
        .where(mine, table.fate == "dismissed", ~table.blocks, table.perspective != VETO)
        .where(table.at > func.coalesce(again.at, 0.0))
        .group_by(table.perspective, table.category, table.area)
        .having(pulls >= SILENCED_AFTER)
        .order_by(table.perspective, table.category, table.area)
    )


async def unsilence(db: AsyncConnection, repo_id: int, theme: Theme) -> None:
    """Let advice be given again; only what is dismissed from now on counts against it."""
    there = insert_into(db, unsilenced).values(repo_id=repo_id, **theme.__dict__, at=time.time())
    same = ["repo_id", "perspective", "category", "area"]
    await db.execute(there.on_conflict_do_update(index_elements=same, set_={"at": time.time()}))
