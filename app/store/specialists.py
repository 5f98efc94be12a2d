"""How runs ended for which a specialist was chosen: read from the journal, and from what landed and what was closed."""

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.specialists import Past
from app.store.tables import landings, runs, settlements, steps

CHOSEN = "specialists"
"""The step that holds whom a run chose."""
OPENED = "pull-request"
"""The step that holds which pull request it opened."""
_NEWEST = 300
"""Runs; what was longer ago says little of how it goes now."""


async def past_of_specialists(db: AsyncConnection, repo_id: int) -> dict[str, Past]:
    """By name, over the newest runs of a repository. What people stopped, and what is still open, does not count."""
    found = await _newest(db, repo_id)
    pulls = {pull for _, _, pull in found if pull is not None}
    landed = (landings.c.repo_id == repo_id) & landings.c.pull.in_(pulls)
    merged = set((await db.execute(select(landings.c.pull).where(landed))).scalars())
    closed = await _closed(db, repo_id, pulls)
    counts: dict[str, dict[str, int]] = {}
    for state, names, pull in found:
        fate = _fate(state, pull, merged, closed)
        for name in names if fate else ():
            of = counts.setdefault(name, {})
            of[fate] = of.get(fate, 0) + 1
    return {name: Past(**of) for name, of in counts.items()}


def _fate(state: str, pull: int | None, merged: set[int | None], closed: set[int]) -> str:
    if pull is not None and pull in merged:
        return "merged"
    if pull is not None and pull in closed:
        return "closed"
    return "failed" if state == "failed" else ""


async def _closed(db: AsyncConnection, repo_id: int, pulls: set[int]) -> set[int]:
    """Of these, those whose end was heard of: by the event, or because findings of theirs were settled."""
    heard = (runs.c.repo_id == repo_id) & (runs.c.workflow == "settle") & runs.c.number.in_(pulls)
    told = await db.execute(select(runs.c.number, runs.c.cause).where(heard))
    settled = (settlements.c.repo_id == repo_id) & settlements.c.pull.in_(pulls)
    found = {row.number for row in told if row.cause.get("event") == "pull_request.closed"}
    return found | set((await db.execute(select(settlements.c.pull).where(settled))).scalars())


async def _newest(db: AsyncConnection, repo_id: int) -> list[tuple[str, list[str], int | None]]:
    """State, the specialists, and the pull request if there was one."""
    chosen, opened = steps.alias("chosen"), steps.alias("opened")
    query = (
        select(runs.c.state, chosen.c.value.label("chosen"), opened.c.value.label("opened"))
        .select_from(runs)
        .join(chosen, and_(chosen.c.run_id == runs.c.id, chosen.c.name == CHOSEN))
        .outerjoin(opened, and_(opened.c.run_id == runs.c.id, opened.c.name == OPENED))
        .where(runs.c.repo_id == repo_id, runs.c.workflow == "solve")
        .order_by(runs.c.created_at.desc())
        .limit(_NEWEST)
    )
    found = []
    for row in await db.execute(query):
        way = row.chosen if isinstance(row.chosen, dict) else {}
        names = [str(each["name"]) for each in way.get("chosen", [])]
        pull = row.opened.get("number") if isinstance(row.opened, dict) else None
        found.append((str(row.state), names, None if pull is None else int(pull)))
    return found
