"""Which requests to models are the same, so that the second needs no answer of its own. Pure."""

import hashlib
from dataclasses import replace

from app.llm.messages import Reply, Request
from app.llm.table import Table, models_for
from app.runs.run import Run


def digest_of(run: Run, table: Table, request: Request) -> str:
    """Of all that the answer depends on, of the run and of the step.

    After a crash a run begins its turn again; the same words in another step, or in another run, want a new answer.
    """
    told = (run.id, run.repo.installation_id, models_for(table, request.role), replace(request, room=None))
    return hashlib.sha256(repr(told).encode("utf-8", "backslashreplace")).hexdigest()


def may_be_kept(request: Request, reply: Reply) -> bool:
    """What came to nothing is asked again, and so is what no step of a journal stands for."""
    return bool(request.step) and reply.stop in {"end", "tool_use"} and bool(reply.tool_uses)
