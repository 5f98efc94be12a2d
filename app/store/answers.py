"""What models answered, by a digest of all that was asked, for who asks exactly the same again after a crash.

A cache, and nothing that counts: old answers, and those beyond a number, are forgotten.
"""

import json
import time

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.values import JsonValue
from app.store.dialect import put_into
from app.store.tables import answers

KEPT_S = 24 * 3600.0
_MOST_ROWS = 10_000
_LARGEST_BYTES = 64_000
_TIDIES = "0"
"""What the digests begin with of those answers, one in sixteen, with which old ones are forgotten."""


async def keep(db: AsyncConnection, digest: str, installation_id: int, reply: JsonValue) -> None:
    """One that is larger than what agents usually say is not kept."""
    if len(json.dumps(reply)) > _LARGEST_BYTES:
        return
    row = {"digest": digest, "installation_id": installation_id, "at": time.time(), "reply": reply}
    await db.execute(put_into(db, answers, "digest"), row)
    if digest.startswith(_TIDIES):
        await _forget_old(db)


async def is_any(db: AsyncConnection, installation_id: int) -> bool:
    """Whether `find` could find anything; a digest is made of a whole conversation."""
    mine = (answers.c.installation_id == installation_id) & (answers.c.at > time.time() - KEPT_S)
    return (await db.execute(select(answers.c.at).where(mine).limit(1))).first() is not None


async def find(db: AsyncConnection, digest: str, installation_id: int) -> JsonValue:
    """None if there is none. One installation is never told what another one's model said."""
    mine = (answers.c.digest == digest) & (answers.c.installation_id == installation_id)
    return (await db.scalars(select(answers.c.reply).where(mine, answers.c.at > time.time() - KEPT_S))).one_or_none()


async def _forget_old(db: AsyncConnection) -> None:
    newest = select(answers.c.at).order_by(answers.c.at.desc())
    beyond = await db.scalar(newest.offset(_MOST_ROWS).limit(1))
    await db.execute(delete(answers).where(answers.c.at <= max(beyond or 0.0, time.time() - KEPT_S)))
