"""A run that waits for people: it sleeps in the database and holds no worker, for a minute or for a month."""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from app.runs import admission
from app.runs.engine import Context
from app.runs.errors import Suspended
from app.workflows.journalled import journalled

T = TypeVar("T")
_LOOK_AGAIN_S = 3600.0
"""Should a word to the run have gone unheard, it looks by itself this often."""


def heard(repo_id: int, number: int) -> str:
    """What a run on this issue waits for while it waits for people."""
    return f"heard:{repo_id}:{number}"


async def wait_for(ctx: Context, name: str, kind: type[T], look: Callable[[], Awaitable[T | None]]) -> T:
    """Sleep until `look` finds something, and return that, now and at every replay.

    `look` is asked at every wake-up (`tell`), and once an hour. It says None while there is nothing; what ends the
    waiting unheard, such as a day that passed, is for `look` to say.
    """

    async def found() -> T:
        looked_at = time.time()
        value = await look()
        if value is None:
            raise asleep(ctx, looked_at)
        return value

    return await journalled(ctx, name, kind, found)


def asleep(ctx: Context, looked_at: float) -> Suspended:
    """To be raised when a look that began at `looked_at` (seconds since 1970) found nothing."""
    return Suspended(heard(ctx.run.repo.id, ctx.run.number), looked_at + _LOOK_AGAIN_S, looked_at=looked_at)


async def tell(db: AsyncConnection, repo_id: int, number: int) -> int:
    """Let the runs that wait for people on this issue look again. Returns how many were awake or woken."""
    return await admission.tell(db, repo_id, number, heard(repo_id, number))
