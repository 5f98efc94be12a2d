"""Which requests to models are the same, so that the second needs no answer of its own."""

import hashlib
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.llm.messages import Reply, Request
from app.llm.table import Table, models_for
from app.runs.run import Run
from app.store.tables import runs


async def scope_of(db: AsyncConnection, run: Run) -> str:
    """Within which the same request is a repetition; anywhere else it asks for another look.

    That is the run, which begins its turn again after a crash. For a review it is what was asked for (`runs.key`), as
    one that was broken off is begun again under the same name; what a person asks for has a name of its own.
    """
    if run.workflow != "review":
        return run.id
    return str(await db.scalar(select(runs.c.key).where(runs.c.id == run.id)) or run.id)


def digest_of(scope: str, run: Run, table: Table, request: Request) -> str:
    """Pure. Of all that the answer depends on, and of the step: the same words in another step want a new answer."""
    asked = replace(request, room=None)
    told = (scope, run.repo.installation_id, run.repo.id, models_for(table, request.role), asked)
    return hashlib.sha256(repr(told).encode("utf-8", "backslashreplace")).hexdigest()


def may_be_kept(request: Request, reply: Reply) -> bool:
    """What came to nothing is asked again, and so is what no step of a journal stands for."""
    return bool(request.step) and reply.stop in {"end", "tool_use"} and bool(reply.tool_uses)
