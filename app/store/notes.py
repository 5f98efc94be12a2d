"""What people asked to be remembered of a repository: guidance for agents, given by somebody with write permission."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.dialect import insert_into
from app.store.tables import notes

MOST_NOTES = 50
NOTE_CHARS = 300


@dataclass(frozen=True)
class Note:
    """`id`: the number that people call it by; it is never given again while the note stands. `source`: its comment."""

    id: int
    source: str
    repo_id: int
    text: str
    login: str
    permission: str
    at: float


async def notes_of(db: AsyncConnection, repo_id: int) -> list[Note]:
    """Those of a repository, the oldest first."""
    query = select(notes).where(notes.c.repo_id == repo_id).order_by(notes.c.id)
    return [Note(**row) for row in (await db.execute(query)).mappings()]


async def keep_note(db: AsyncConnection, note: Note) -> bool:
    """Keep it under a number of its own (`id` is not looked at); False when its source has given it already."""
    values = {key: value for key, value in vars(note).items() if key != "id"}
    there = insert_into(db, notes).values(values).on_conflict_do_nothing(index_elements=["source"])
    return (await db.execute(there.returning(notes.c.id))).first() is not None


async def drop_note(db: AsyncConnection, repo_id: int, note_id: int) -> bool:
    """Forget it; False when there is none of that number here."""
    mine = (notes.c.repo_id == repo_id) & (notes.c.id == note_id)
    return bool((await db.execute(delete(notes).where(mine))).rowcount)
