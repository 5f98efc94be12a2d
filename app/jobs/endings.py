"""Work on an issue that is over because of what became of the issue, or of the pull request that the work opened."""

import math

from sqlalchemy.ext.asyncio import AsyncConnection

from app.policy.event import Event
from app.policy.work_requests import LABEL
from app.runs.admission import cancel_subject
from app.store.tended import find_origin, has_moved_on

_SOLVING = ("solve", "part")
_CLOCKS_DIFFER_S = 1.0
"""GitHub tells whole seconds."""


async def end_solving(db: AsyncConnection, event: Event, own_login: str) -> None:
    """A pull request was closed. If it is ours, whoever works on the issue that it is for stops.

    Work that began after it, on another branch, goes on.
    """
    if event.repo is None or event.pull_author != own_login or not event.branches:
        return
    origin = await find_origin(db, event.repo.id, event.branches[0])
    if origin is None or await has_moved_on(db, event.repo.id, origin):
        return
    what = "merged" if event.merged else "closed"
    reason = f"pull request #{event.number} was {what}"
    await cancel_subject(db, event.repo.id, origin.issue, _SOLVING, reason)


async def end_with_issue(db: AsyncConnection, event: Event) -> None:
    """An issue was closed, or the label was taken off it. What else is done for it ends at its next look.

    Who sets the label again wants it anew, whichever of the two events comes first.
    """
    if event.repo is None or event.number is None:
        return
    if event.action == "closed":
        await cancel_subject(db, event.repo.id, event.number, _SOLVING, "the issue was closed")
    elif (event.label or "").casefold() == LABEL:
        reason, before = f"the label `{LABEL}` was taken off the issue", (event.at or math.inf) + _CLOCKS_DIFFER_S
        await cancel_subject(db, event.repo.id, event.number, _SOLVING, reason, before=before)
