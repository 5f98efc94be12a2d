"""A second, fresh attempt where the first got nowhere: from the same files, with what was tried, by another model."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from app.agents.cut import first_lines
from app.agents.envelope import enclose
from app.agents.loop import AgentOutcome, Brief
from app.forge.git import diff
from app.llm.table import second
from app.workflows.workshop import Workshop

Attempt = Callable[[Brief], Awaitable[AgentOutcome]]
"""Lets an agent work in the workshop until it ends."""

_GOT_NOWHERE = frozenset({"loop", "stalled", "no_tool_call", "malformed"})
"""What somebody else may do better. A limit that was reached is reached for all, and is for a person to raise."""
_DIFF_CHARS = 12_000
_BEFORE = (
    "An earlier attempt at this got nowhere. The files are again as they were before it. Find out first why its way "
    "did not work, and do not go it again."
)


async def persevere(brief: Brief, workshop: Workshop, attempt: Attempt) -> AgentOutcome:
    """The first attempt's outcome, or that of the second where the first got nowhere.

    Leaves in the workshop what the last attempt came to, or the first where the second changed nothing.
    """
    start = workshop.tree
    first = await _timed(brief, workshop, attempt)
    if first.ended not in _GOT_NOWHERE:
        return first
    left = workshop.tree
    change = await diff(workshop.mirror, start, left)
    task = f"{brief.task}\n\n{_tell(first, change.decode('utf-8', 'replace'))}"
    workshop.begin_anew(start)
    again = replace(brief, name=f"{brief.name}-again", role=second(brief.role), task=task)
    outcome = await _timed(again, workshop, attempt)
    if outcome.value is not None:
        return outcome
    if workshop.tree == start:
        workshop.begin_anew(left)
    return replace(outcome, reason=f"{outcome.reason} (a first attempt had ended: {first.reason})")


async def _timed(brief: Brief, workshop: Workshop, attempt: Attempt) -> AgentOutcome:
    """Agents and tests of a run share its time; how much is left follows from the journal alone."""
    outcome = await attempt(replace(brief, max_seconds=brief.max_seconds - workshop.worked_s))
    workshop.worked_s += outcome.seconds
    return outcome


def _tell(first: AgentOutcome, change: str) -> str:
    """Made from what is on record, not by a model."""
    told = f"It ended: {first.reason}\n{first.tried}"
    diffed = [
        "Its diff, which was taken back:",
        enclose("earlier diff", first_lines(change, _DIFF_CHARS), rendered=False),
    ]
    return "\n\n".join(
        [
            _BEFORE,
            enclose("earlier attempt", told, rendered=False),
            *(diffed if change else []),
        ]
    )
