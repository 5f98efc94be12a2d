"""What Quorum said on lines of a pull request in earlier reviews, and what became of it there."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.forge.errors import NotFoundError, RefusedError, UnknownOutcomeError
from app.forge.permissions import READ
from app.forge.threads import Thread, read_threads
from app.forge.touched import Touch, what_became_of
from app.policy.checked import commented_on
from app.policy.finding import key_of, spot_of
from app.policy.values import Sha
from app.runs.engine import Context
from app.store import reviews
from app.store.reviews import StoredFinding
from app.wiring import Services
from app.workflows.hearing import Case
from app.workflows.journalled import journalled
from app.workflows.texts import handle

_OPENING = re.compile(r"\*\*(?P<perspective>[^*]+) · \w+\*\* · `(?P<handle>[0-9a-f]{8})`")
"""How `texts.render_inline` begins; nothing that a diff or a model says can come before it."""


@dataclass(frozen=True)
class Remark:
    """A thread of ours and the finding that it is about. `spot`: its path and quote.

    `touch`: what became of its lines since, None where that cannot be told or is of no interest. `settled`: it is
    resolved; `by_us`: and not by a person. `against`: logins of those who refused it, whatever rights they have.
    """

    thread: str
    perspective: str
    key: str
    spot: tuple[str, str]
    blocks: bool
    touch: Touch | None
    settled: bool
    by_us: bool
    against: tuple[str, ...]


async def read_remarks(ctx: Context, services: Services, case: Case) -> list[Remark]:
    """Those of earlier heads; read once for this run, and not at all where nothing was published before."""
    mirror, repo = services.mirrors.path(ctx.run.repo), ctx.run.repo

    async def read() -> list[Remark]:
        async with services.database.connect() as db:
            found = await reviews.findings_of(db, repo.id, case.pull.number)
        earlier = [each for each in found if each.state == "published" and each.head_sha != case.change.head]
        if not earlier:
            return []
        try:
            threads = await read_threads(services.forge.on(repo, READ), case.pull.node_id)
        except (NotFoundError, RefusedError, UnknownOutcomeError):
            return []  # nothing is resolved or remembered then, but at the next review; this one needs neither
        return await match_threads(mirror, case.change.head, threads, earlier)

    return await journalled(ctx, "remarks", list[Remark], read)


async def match_threads(
    mirror: Path, head: Sha, threads: Sequence[Thread], said: Sequence[StoredFinding]
) -> list[Remark]:
    """Those that are about one of these findings, and what became of them up to `head`."""
    pairs = [(thread, _finding_of(thread, said)) for thread in threads]
    return [await _remark(mirror, head, thread, each) for thread, each in pairs if each is not None]


def said_anew(remarks: Sequence[Remark]) -> frozenset[tuple[str, str]]:
    """Spots at which every thread is resolved, and by us: what comes back there is news."""
    return frozenset(each.spot for each in remarks if each.by_us) - {each.spot for each in remarks if not each.by_us}


def told_in(thread: Thread) -> tuple[str, str] | None:
    """Who speaks in a thread of ours, and the handle of the finding."""
    return opening_of(thread.body)


def opening_of(body: str) -> tuple[str, str] | None:
    """The same of a comment with which we began one."""
    told = _OPENING.match(body)
    return None if told is None else (told["perspective"], told["handle"])


def _finding_of(thread: Thread, earlier: Iterable[StoredFinding]) -> StoredFinding | None:
    """By all that is known of both: a key alone may stand for the same lines in several places."""
    told = told_in(thread)
    if told is None:
        return None
    wanted = (*told, thread.path, thread.line, thread.head)
    known = ((_known_by(each), each) for each in earlier)
    return next((each for by, each in known if by == wanted), None)


def _known_by(each: StoredFinding) -> tuple[str, str, str, int, Sha]:
    return each.perspective, handle(each.finding), each.finding.path, commented_on(each.finding)[2], each.head_sha


async def _remark(mirror: Path, head: Sha, thread: Thread, said: StoredFinding) -> Remark:
    """Whose thread was resolved although its lines are as they were did not want what it said."""
    finding, touch = said.finding, None
    if thread.resolved_by is not None or not thread.resolved:
        lines = (finding.start_line, finding.end_line)
        touch = await what_became_of(mirror, said.head_sha, head, finding.path, lines)
    resolver = thread.resolved_by if touch == "no" else None
    return Remark(
        thread=thread.id,
        perspective=said.perspective,
        key=key_of(finding),
        spot=spot_of(finding),
        blocks=finding.severity.blocks,
        touch=touch,
        settled=thread.resolved,
        by_us=thread.resolved and thread.resolved_by is None,
        against=tuple(dict.fromkeys(filter(None, (*thread.refused_by, resolver)))),
    )
