"""Whether people still want the work on an issue, asked where a run waits for them and before something is published.

An event may have been lost, or be late.
"""

from app.forge.issues import is_wanted
from app.forge.permissions import READ
from app.policy.work_requests import LABEL
from app.runs.engine import Context
from app.runs.errors import RunEndingError
from app.runs.state import RunState
from app.wiring import Services


async def insist_on_wish(ctx: Context, services: Services, when: str) -> None:
    """Ends the run when its issue was closed or lost its label. `when`: behind that, for people."""
    if not await is_wanted(services.forge.on(ctx.run.repo, READ), ctx.run.number, LABEL):
        raise RunEndingError(RunState.CANCELLED, f"the issue was closed or its label taken off {when}")
