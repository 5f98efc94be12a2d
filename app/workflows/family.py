"""A large issue has one budget: for the run that splits it and for those that build its parts."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.runs.engine import ASKED, CHILD
from app.runs.run import Run
from app.store.tables import steps

PART = f"{CHILD}part:"
"""What the names of steps begin with that ask for a part's run: its dedupe key stands behind `CHILD`."""


async def family_of(db: AsyncConnection, run: Run, begun: Sequence[str]) -> list[str]:
    """The ids of all runs that share the budget of this one, itself included; other work is alone.

    `begun`: the parts that it began itself. A part may be under way before the step that asked for it is on record.
    """
    if run.workflow != "part":
        return [run.id, *begun]
    parent = str(run.cause.get("parent"))
    asked = select(steps.c.value).where(
        steps.c.run_id == parent,
        steps.c.name.startswith(PART, autoescape=True),
        steps.c.name.endswith(ASKED, autoescape=True),
        steps.c.finished_at.is_not(None),
    )
    return list(dict.fromkeys([parent, run.id, *map(str, await db.scalars(asked))]))
