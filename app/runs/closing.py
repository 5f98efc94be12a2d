"""What is written with the end of the step that is under way, in its transaction: there is one less to wait for.

A step that breaks off has it written nonetheless. A process that dies before the end loses it, as it loses the step.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

Write = Callable[[AsyncConnection], Awaitable[None]]


class Closing:
    """What waits for the end of one step. Each may be written more than once, so it says how things are, not were."""

    def __init__(self) -> None:
        self.waiting: list[Write] = []
        self.without_it: list[Write] = []
        """Only where the step comes to no end."""
        self.over = False

    async def write(self, db: AsyncConnection, *, broken_off: bool = False) -> None:
        for write in [*self.waiting, *(self.without_it if broken_off else ())]:
            await write(db)


_closing: ContextVar[Closing | None] = ContextVar("closing", default=None)


@contextmanager
def closing() -> Iterator[Closing]:
    """For one step. What its tasks leave behind when it is over is written at once again."""
    mine = Closing()
    token = _closing.set(mine)
    try:
        yield mine
    finally:
        mine.over = True
        _closing.reset(token)


async def write_at_end(engine: AsyncEngine, write: Write, without_it: Write) -> None:
    """Have it written with the end of the step that is under way; now, where there is none.

    `without_it`: what is to be written besides where the journal does not get the step's value.
    """
    step = _closing.get()
    if step is not None and not step.over:
        step.waiting.append(write)
        step.without_it.append(without_it)
        return
    async with engine.begin() as db:
        await write(db)
        await without_it(db)


async def write_what_waits(db: AsyncConnection) -> None:
    """For who is about to read what this step has yet to write."""
    step = _closing.get()
    if step is not None and not step.over:
        await step.write(db)
