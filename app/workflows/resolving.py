"""Threads of ours that a push has settled are resolved, each once at most; nothing is ever opened again by us."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from app.agents.panel import Heard
from app.forge.permissions import RESOLVE
from app.forge.threads import resolve_thread
from app.policy.finding import Finding, Outcome, spot_of
from app.runs.done_before import done_before
from app.runs.engine import Context
from app.runs.errors import EffectFailedError
from app.wiring import Services
from app.workflows.hearing import Case, Hearing
from app.workflows.journalled import carry_out, journalled
from app.workflows.remarks import Remark

_STEP = "resolve-"


async def resolve_fixed(
    ctx: Context, services: Services, case: Case, hearing: Hearing, remarks: Sequence[Remark]
) -> None:
    """Resolve what this review found mended. A thread that a person opened again after us stays open."""
    mended = fixed(remarks, hearing, (*hearing.unread, *case.change.unreadable, *case.change.set_aside))
    if not mended:
        return

    async def before() -> list[str]:
        async with services.database.connect() as db:
            return sorted(await done_before(db, ctx.run, _STEP))

    resolved = await journalled(ctx, "resolved-before", list[str], before)
    gh = services.forge.on(ctx.run.repo, RESOLVE)
    for remark in mended:
        if remark.thread not in resolved:
            # Where GitHub does not say whether it was done, the next review looks again; this one must not wait for it.
            with suppress(EffectFailedError):
                await carry_out(ctx, f"{_STEP}{remark.thread}", resolve_thread(gh, remark.thread))


def fixed(remarks: Sequence[Remark], hearing: Hearing, unseen: Sequence[str]) -> list[Remark]:
    """Those whose lines were changed since, and which their perspective read again and does not say any more.

    `unseen`: files that nobody read. Reviewers are told not to repeat advice, so that their silence says little of it:
    there the lines themselves must have changed. What would block they say again, unless something mended it.
    """
    said = [spot_of(finding) for heard in hearing.heard.values() for finding in _said(heard)]
    return [
        each
        for each in remarks
        if not each.settled
        and (each.touch == "changed" or (each.touch == "beside" and each.blocks))
        and each.spot[0] not in unseen
        and _has_read(hearing.heard.get(each.perspective))
        and not _was_read_before(hearing, each)
        and not any(_overlap(each.spot, other) for other in said)
    ]


def _said(heard: Heard) -> Iterator[Finding]:
    """What was left out too: most of that is left out since it was said before."""
    yield from heard.kept
    yield from heard.unplaced
    yield from (each for _, each in heard.shared)
    yield from (each.finding for each in heard.dropped)


def _has_read(heard: Heard | None) -> bool:
    """Whether a perspective was asked this time, gave an answer to every part, and that was one to count on."""
    return heard is not None and heard.outcome is not Outcome.ABSTAINED and heard.opinion.whole is not None


def _was_read_before(hearing: Hearing, remark: Remark) -> bool:
    """Whether its perspective was not shown the file this time, as it is what it read."""
    increment = hearing.increments.get(remark.perspective)
    return increment is not None and remark.spot[0] in increment.paths


def _overlap(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Of one file, and the one quote is within the other: a reviewer may quote more of it, or less, the next time."""
    return one[0] == other[0] and (one[1] in other[1] or other[1] in one[1])
