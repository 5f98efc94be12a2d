"""The audit log: append-only, each entry bound to the one before it by a hash.

A chain alone shows edits, insertions and holes. That its end was cut off shows only against an anchor, a (sequence
number, hash) pair that was kept outside the database.
"""

import hashlib
import json
import time
from dataclasses import dataclass

from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.values import Json
from app.store.tables import audit

_GENESIS = "0" * 64
_NEWEST = select(audit.c.seq, audit.c.hash).where(audit.c.seq == select(func.max(audit.c.seq)).scalar_subquery())


@dataclass(frozen=True)
class AuditReport:
    """`fault` is None when the whole chain holds; `head` is its newest entry, worth keeping elsewhere."""

    entries: int
    head: tuple[int, str]
    fault: str | None


async def append(db: AsyncConnection, actor: str, action: str, subject: str, detail: Json) -> None:
    """Add an entry, in the caller's unit of work, so that it stands if and only if what it tells of does."""
    if db.dialect.name == "postgresql":
        await db.execute(text("SELECT pg_advisory_xact_lock(7318350)"))
    seq, previous = await head(db)
    entry = {
        "seq": seq + 1,
        "at": time.time(),
        "actor": actor,
        "action": action,
        "subject": subject,
        "detail": json.dumps(detail, sort_keys=True, separators=(",", ":")),
        "previous": previous,
    }
    await db.execute(insert(audit), {**entry, "hash": _hash(entry)})


async def head(db: AsyncConnection) -> tuple[int, str]:
    row = (await db.execute(_NEWEST)).one_or_none()
    return (0, _GENESIS) if row is None else (int(row.seq), str(row.hash))


async def verify(db: AsyncConnection, anchor: tuple[int, str] | None = None) -> AuditReport:
    """Read the whole log and check every link; with `anchor`, also that it still holds that entry."""
    expected, previous, met = 1, _GENESIS, anchor is None or anchor == (0, _GENESIS)
    for row in (await db.execute(select(audit).order_by(audit.c.seq))).mappings():
        entry = {key: value for key, value in row.items() if key != "hash"}
        if row["seq"] != expected:
            return AuditReport(expected - 1, (expected - 1, previous), f"entry {expected} is missing")
        if row["previous"] != previous or row["hash"] != _hash(entry):
            return AuditReport(expected - 1, (expected - 1, previous), f"entry {expected} was changed")
        previous, expected = row["hash"], expected + 1
        met = met or anchor == (row["seq"], row["hash"])
    fault = None if met or anchor is None else f"entry {anchor[0]} with hash {anchor[1][:12]}… is not in the log"
    return AuditReport(expected - 1, (expected - 1, previous), fault)


def _hash(entry: dict[str, object]) -> str:
    """The time is hashed as both databases give it back: a double."""
    canonical = json.dumps(entry, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
