"""Work is begun on what a person read: who only may write issues cannot put other words there afterwards."""

from app.forge.edits import read_editors
from app.forge.permissions import READ
from app.forge.read import read_labelled_at, read_permission
from app.policy.work_requests import LABEL
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.errors import NeedsPersonError
from app.workflows.journalled import journalled
from app.workflows.restarting import MAY_START

_CLOCKS_S = 30.0
"""A word is heard later than it was written, and by another clock than the one that dates edits."""
_AGAIN = f"Read it again. If it is wanted as it is now, take the label `{LABEL}` off and set it again."


async def check_assent(ctx: Context, services: Services) -> None:
    """Raises `NeedsPersonError` where somebody without triage permission changed the issue after it was asked for."""
    stranger = await journalled(ctx, "changed-since", str, lambda: _read_stranger(ctx, services))
    if stranger:
        told = f"{stranger} changed this issue after work on it was asked for"
        raise NeedsPersonError(f"{told}: nobody who may has asked for what it says now.", _AGAIN)


async def _read_stranger(ctx: Context, services: Services) -> str:
    gh, number = services.forge.on(ctx.run.repo, READ), ctx.run.number
    asked_at = ctx.run.created_at - _CLOCKS_S if "asker" in ctx.run.cause else 0.0
    since = max(asked_at, await read_labelled_at(gh, number, LABEL))
    for login in await read_editors(gh, number, since):
        if not login or await read_permission(gh, login) not in MAY_START:
            return login or "Somebody who is no person here"
    return ""
