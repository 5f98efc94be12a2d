"""What people wish for the work on an issue, within what the policy allows: its budget, its autonomy, its priority."""

from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.config import Policy
from app.policy.values import MicroUsd
from app.runs.run import Run
from app.store.instructions import Instruction, instructions_of

PRIORITIES = {"high": 60, "normal": 100, "low": 140}
"""Of work on an issue: behind people who wait for an answer and behind reviews, whatever is wished."""


def issues_of(run: Run) -> tuple[int, ...]:
    """The issues whose people a run listens to: its own, and the one it works for, which its cause names.

    What repairs a pull request works for an issue, and what builds a part of one for that and for the whole.
    """
    named: Any = run.cause.get("issue", run.number)
    return (run.number,) if int(named) == run.number else (int(named), run.number)


async def said_to(db: AsyncConnection, run: Run, verbs: tuple[str, ...], *, since: float = 0.0) -> list[Instruction]:
    """What a run is to hear, in the order in which it was said."""
    told = [
        each
        for issue in issues_of(run)
        for each in await instructions_of(db, run.repo.id, issue, since=since, verbs=verbs)
    ]
    return sorted(told, key=lambda each: (each.at, each.id))


async def budget_within(db: AsyncConnection, run: Run, limit: MicroUsd) -> MicroUsd:
    """`limit`, or less where a person said so. The policy's limit is never exceeded."""
    wished = await said_to(db, run, ("budget",))
    return min(limit, MicroUsd(int(Decimal(wished[-1].text) * 1_000_000))) if wished else limit


async def autonomy_within(db: AsyncConnection, repo_id: int, issue: int, policy: Policy) -> int:
    """The policy's autonomy, or less where a person said so for this issue."""
    wished = await newest_wish(db, repo_id, issue, "autonomy")
    return policy.autonomy if wished is None else min(policy.autonomy, int(wished.text))


async def newest_wish(db: AsyncConnection, repo_id: int, issue: int, verb: str) -> Instruction | None:
    """It holds for the issue, also for work that begins later, until somebody wishes otherwise."""
    said = await instructions_of(db, repo_id, issue, verbs=(verb,))
    return said[-1] if said else None
