"""What people told the work on an issue while it is under way: it sees them at its next step."""

from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.dialect import insert_into
from app.store.tables import instructions


@dataclass(frozen=True)
class Instruction:
    """One word of somebody who was allowed to say it. `id` names its source (`comment-17`), which is kept once.

    `number`: the issue that the work is for, also when it was said in a pull request. `permission`: theirs at that
    time. `text`: what stood behind the verb. `at`: when it was said, in seconds since 1970.
    """

    id: str
    repo_id: int
    number: int
    verb: str
    login: str
    permission: str
    text: str
    at: float


async def keep_instruction(db: AsyncConnection, instruction: Instruction) -> bool:
    """Keep it; False when it was there already."""
    there = insert_into(db, instructions).values(asdict(instruction)).on_conflict_do_nothing()
    return (await db.execute(there.returning(instructions.c.id))).first() is not None


async def instructions_of(
    db: AsyncConnection, repo_id: int, number: int, *, since: float = 0.0, verbs: tuple[str, ...] = ()
) -> list[Instruction]:
    """Those for an issue from `since` on, in the order in which they were said; of these verbs, or all."""
    rows = (await db.execute(_OF_ISSUE, {"of_repo": repo_id, "of_number": number, "since": since})).mappings()
    return [Instruction(**row) for row in rows if not verbs or row["verb"] in verbs]


_OF_ISSUE = (
    select(instructions)
    .where(
        instructions.c.repo_id == bindparam("of_repo"),
        instructions.c.number == bindparam("of_number"),
        instructions.c.at >= bindparam("since"),
    )
    .order_by(instructions.c.at, instructions.c.id)
)
"""Put together once: it is asked before each turn of an agent. An issue has few, so that verbs are not asked for."""
