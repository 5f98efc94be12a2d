"""What was done to pull requests of our own, told by the journals of the runs that did it, not by text."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.values import JsonValue, Sha
from app.store.tables import runs, steps

OVER = "over"
"""The step of who looked after a pull request to its end."""
_GONE = "superseded"
_AT_ONCE = 20


@dataclass(frozen=True)
class Origin:
    """For which issue a branch was made, by which run, and who wished for it; `account` 0: its id is not known."""

    issue: int
    run_id: str
    asker: str
    permission: str
    account: int = 0


@dataclass(frozen=True)
class Attempt:
    """A run that was to change a pull request at `head_sha`. `finished_at` None: it is still to come, or at work."""

    run_id: str
    state: str
    reason: str
    head_sha: Sha | None
    checks: tuple[str, ...]
    commit: Sha | None
    created_at: float
    finished_at: float | None


async def find_origin(db: AsyncConnection, repo_id: int, branch: str) -> Origin | None:
    """The newest run that made a branch of this name."""
    query = (
        select(runs.c.id, runs.c.number, steps.c.value)
        .join(steps, steps.c.run_id == runs.c.id)
        .where(runs.c.repo_id == repo_id, steps.c.name == "branch")
        .order_by(runs.c.created_at.desc())
    )
    row = next((each for each in await db.execute(query) if each.value == branch), None)
    if row is None:
        return None
    asker = await step_value(db, row.id, "asker")
    told = asker if isinstance(asker, dict) else {}
    account = told.get("id")
    return Origin(
        issue=row.number,
        run_id=row.id,
        asker=str(told.get("login", "")),
        permission=str(told.get("permission", "none")),
        account=account if isinstance(account, int) else 0,
    )


async def has_moved_on(db: AsyncConnection, repo_id: int, origin: Origin) -> bool:
    """Whether a later run works on the issue by now."""
    query = select(runs.c.id).where(runs.c.repo_id == repo_id, runs.c.number == origin.issue)
    newest = query.where(runs.c.workflow == "solve").order_by(runs.c.created_at.desc()).limit(1)
    return (await db.execute(newest)).scalar_one_or_none() not in {None, origin.run_id}


async def attempts_of(db: AsyncConnection, repo_id: int, number: int, key: str, since: float) -> list[Attempt]:
    """Runs whose key begins with `key`, from `since` (seconds since 1970) on, oldest first; without superseded ones."""
    query = select(runs).where(runs.c.repo_id == repo_id, runs.c.number == number, runs.c.created_at >= since)
    mine = query.where(runs.c.key.startswith(key, autoescape=True), runs.c.state != _GONE).order_by(runs.c.created_at)
    found = []
    for row in (await db.execute(mine)).mappings():
        commit = await step_value(db, row["id"], "pushed")
        names = row["cause"].get("checks", [])
        found.append(
            Attempt(
                run_id=row["id"],
                state=row["state"],
                reason=row["reason"] or "",
                head_sha=None if row["head_sha"] is None else Sha(row["head_sha"]),
                checks=tuple(str(each) for each in names),
                commit=Sha(str(commit)) if commit else None,
                created_at=row["created_at"],
                finished_at=row["finished_at"],
            )
        )
    return found


async def keys_held(db: AsyncConnection, repo_id: int, number: int, begin: str) -> set[str]:
    """Dedupe keys that begin like this and that runs on a subject hold, be they done or still to come."""
    mine = select(runs.c.dedupe_key).where(runs.c.repo_id == repo_id, runs.c.number == number)
    found = await db.execute(mine.where(runs.c.dedupe_key.startswith(begin, autoescape=True)))
    return {str(row.dedupe_key) for row in found}


async def steps_like(db: AsyncConnection, repo_id: int, number: int, begin: str) -> dict[str, JsonValue]:
    """Finished steps of all runs on a subject whose name begins like this: their values, the newest of each name."""
    query = (
        select(steps.c.name, steps.c.value)
        .join(runs, steps.c.run_id == runs.c.id)
        .where(runs.c.repo_id == repo_id, runs.c.number == number, steps.c.finished_at.is_not(None))
        .where(steps.c.name.startswith(begin, autoescape=True))
        .order_by(steps.c.finished_at)
    )
    return {row.name: row.value for row in await db.execute(query)}


async def not_over(db: AsyncConnection, repo_id: int, open_pulls: Collection[int]) -> list[int]:
    """Pull requests that we opened and that are open no more, of which nobody has seen the end; some at a time."""
    mine = select(runs.c.number, steps.c.name, steps.c.value).join(steps, steps.c.run_id == runs.c.id)
    rows = await db.execute(mine.where(runs.c.repo_id == repo_id, steps.c.name.in_(("pull-request", OVER))))
    opened, over = set[int](), set[int]()
    for row in rows:
        if row.name == OVER:
            over.add(row.number)
        elif isinstance(row.value, dict) and isinstance(row.value.get("number"), int):
            opened.add(row.value["number"])
    return sorted(opened - over - set(open_pulls))[-_AT_ONCE:]


async def commits_of(db: AsyncConnection, repo_id: int, numbers: Sequence[int]) -> set[str]:
    """Every commit that runs on these subjects made."""
    mine = select(steps.c.value).join(runs, steps.c.run_id == runs.c.id)
    query = mine.where(runs.c.repo_id == repo_id, runs.c.number.in_(numbers), steps.c.finished_at.is_not(None))
    found = await db.execute(query.where(steps.c.name.startswith("commit-", autoescape=True)))
    return {str(row.value) for row in found}


async def step_value(db: AsyncConnection, run_id: str, name: str) -> JsonValue:
    """What a finished step of a run gave; None where there is none."""
    query = select(steps.c.value).where(steps.c.run_id == run_id, steps.c.name == name)
    value: JsonValue = (await db.execute(query.where(steps.c.finished_at.is_not(None)))).scalar_one_or_none()
    return value
