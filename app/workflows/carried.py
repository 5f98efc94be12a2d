"""What is carried over to a head from another one with the same diff, on the lines that it has there now."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.agents.council import Opinion
from app.agents.panel import Heard
from app.agents.patched import anchor_at, read_diff
from app.forge.git import diff
from app.policy.finding import Finding, Outcome, key_of
from app.runs.engine import Context
from app.store import reviews
from app.store.reviews import StoredFinding, StoredVerdict
from app.wiring import Services
from app.workflows.hearing import Case


@dataclass(frozen=True)
class Carried:
    """A verdict that stands, and as the council would have said it here: what it refused the diff for.

    Advice is not in it: that was given at the head that was read. `rows`: the same findings, as they were kept there.
    """

    verdict: StoredVerdict
    heard: Heard
    rows: tuple[StoredFinding, ...] = ()


async def what_stands(
    ctx: Context, services: Services, case: Case, given: Sequence[StoredVerdict]
) -> dict[str, Carried]:
    """By perspective. The base branch may have moved the lines, so that each finding is placed anew by its quote."""
    refused = [each for each in given if each.outcome is Outcome.BLOCKED]
    if not refused:
        return {each.perspective: Carried(each, _heard(each)) for each in given}
    mirror, change = services.mirrors.path(ctx.run.repo), case.change
    async with services.database.connect() as db:
        found = await reviews.findings_of(db, ctx.run.repo.id, case.pull.number)
    earlier = [each for each in found if each.run_id != ctx.run.id]
    _, touched = read_diff(await diff(mirror, change.base, change.head), change.set_aside)
    carried = {}
    for verdict in given:
        rows, kept, unplaced = [], list[Finding](), list[Finding]()
        for row in _said(verdict, earlier) if verdict in refused else ():
            anchored = await anchor_at(mirror, change.head, touched, [row.finding])
            finding = next(iter(anchored.kept), row.finding)
            rows.append(replace(row, finding=finding))
            if row.state == "published":
                (kept if anchored.kept else unplaced).append(finding)
        shared = tuple(
            (each.reason.removeprefix("published by "), each.finding) for each in rows if each.state == "shared"
        )
        heard = replace(_heard(verdict), kept=tuple(kept), unplaced=tuple(unplaced), shared=shared)
        carried[verdict.perspective] = Carried(verdict, heard, tuple(rows))
    return carried


def _heard(verdict: StoredVerdict) -> Heard:
    return Heard(Opinion(None, verdict.model, verdict.summary), verdict.outcome, (), (), ())


def _said(verdict: StoredVerdict, earlier: Iterable[StoredFinding]) -> Iterator[StoredFinding]:
    """What a refusal was for; said by several reviews of the head that it was read at, it is said once."""
    said = (each for each in earlier if (each.head_sha, each.perspective) == (verdict.head_sha, verdict.perspective))
    stands = (each for each in said if each.state in {"published", "shared"} and each.finding.severity.blocks)
    yield from {(key_of(each.finding), each.finding.start_line): each for each in stands}.values()
