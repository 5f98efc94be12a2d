"""The council in session: reviewers side by side, findings anchored and merged, blocking ones challenged."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.agents.anchor import Anchored, Dropped, Lines, anchor, consolidate, place_of, render_dropped
from app.agents.council import Bench, Challenge, Opinion, challenge, settle
from app.agents.hunks import FileDiff
from app.agents.pack import Packed, ReviewPack, render_parts
from app.agents.reading import at_finding, read_in_parts
from app.forge.git import show
from app.forge.permissions import READ
from app.forge.read import PullFacts, read_titles_and_bodies
from app.policy.config import Policy
from app.policy.finding import Finding, Outcome, Report
from app.policy.links import closed_issues
from app.runs.engine import Context
from app.store import reviews
from app.wiring import Services
from app.workflows.change import Change
from app.workflows.ground import Ground
from app.workflows.journalled import journalled
from app.workflows.metering import metered
from app.workflows.patches import read_patches
from app.workflows.testing import Tests
from app.workflows.workshop import Workshop


@dataclass(frozen=True)
class Case:
    """What is judged, by what, and what is known of it."""

    pull: PullFacts
    ground: Ground
    policy: Policy
    change: Change
    tests: Tests
    old_tests: Tests


@dataclass(frozen=True)
class Heard:
    """What came of one perspective. `withdrawn` findings were refuted, with the reason.

    `shared` are blocking ones that another perspective, which is named, said as well and published.
    """

    opinion: Opinion
    outcome: Outcome
    kept: tuple[Finding, ...]
    dropped: tuple[Dropped, ...]
    withdrawn: tuple[Dropped, ...]
    shared: tuple[tuple[str, Finding], ...] = ()


@dataclass(frozen=True)
class Hearing:
    """By perspective; and which files nobody read."""

    heard: Mapping[str, Heard]
    unread: tuple[str, ...]


async def hear(
    ctx: Context,
    services: Services,
    asked: Sequence[str],
    case: Case,
    workshop: Workshop,
) -> Hearing:
    """Ask the perspectives side by side; their steps are journalled, so a replay asks nobody twice."""
    packed, touched = await _read(ctx, services, case, workshop)
    bench = Bench(
        model=metered(ctx, services, case.policy.budget),
        box=services.box,
        worktree=workshop.directory,
        steps=ctx,  # reading changes nothing, so a call that was cut off is simply made again
        shared=packed.prefix,
    )
    await workshop.lay_out()

    async def anchored_in(report: Report | None) -> Anchored:
        return await _anchor(workshop, case, touched, report.findings if report else ())

    async def faults(report: Report) -> str:
        return render_dropped((await anchored_in(report)).dropped)

    async with asyncio.TaskGroup() as group:
        reviews_ = {name: group.create_task(read_in_parts(bench, packed, name, faults)) for name in asked}
    opinions = {name: task.result() for name, task in reviews_.items()}
    anchored = {name: await anchored_in(opinion.report) for name, opinion in opinions.items()}
    merged = consolidate({name: found.kept for name, found in anchored.items()})
    judged = await _challenge_all(bench, packed, merged)
    sayer = {place_of(finding): name for name, findings in merged.items() for finding in findings}
    refuted = {
        place_of(finding)
        for name, findings in merged.items()
        for number, finding in enumerate(findings, start=1)
        if (name, number) in judged and not judged[name, number].upheld
    }
    heard = {}
    for name in asked:
        kept, withdrawn = _sort(name, merged[name], judged)
        own, dropped = anchored[name].kept, anchored[name].dropped
        blocking = [each for each in own if each.severity.blocks and place_of(each) not in refuted]
        shared = [(sayer[place_of(each)], each) for each in blocking if sayer[place_of(each)] != name]
        outcome = settle(opinions[name].whole, blocking, [each.finding for each in dropped])
        heard[name] = Heard(opinions[name], outcome, kept, dropped, withdrawn, tuple(shared))
    return Hearing(heard, packed.unread)


async def _read(ctx: Context, services: Services, case: Case, workshop: Workshop) -> tuple[Packed, dict[str, Lines]]:
    """What is shown, and by path the lines that may be spoken of. The diff itself is kept no longer than this."""
    files, touched = await read_patches(ctx, workshop.mirror, case.change)
    return render_parts(await _pack(ctx, services, case, files)), touched


async def _pack(ctx: Context, services: Services, case: Case, files: Sequence[FileDiff]) -> ReviewPack:
    async with services.database.connect() as db:
        earlier = await reviews.findings_of(db, ctx.run.repo.id, case.pull.number)
        heads = {each.head_sha for each in await reviews.verdicts_of(db, ctx.run.repo.id, case.pull.number)}
    said = [
        f"{each.perspective}, {each.finding.severity}, {each.finding.path}: {each.finding.claim}"
        for each in earlier
        if each.state == "published" and each.head_sha != case.change.head
    ]
    read = services.forge.on(ctx.run.repo, READ)
    linked = closed_issues(case.pull.body)
    issues = await journalled(ctx, "issues", list[str], lambda: read_titles_and_bodies(read, linked))
    return ReviewPack(
        title=case.pull.title,
        body=case.pull.body,
        issues=issues,
        files=files,
        set_aside=case.change.set_aside,
        guidance=case.ground.guidance,
        tests=f"{case.tests.line}\n\n{case.tests.output[-1500:]}",
        old_tests=f"{case.old_tests.line}\n\n{case.old_tests.output[-1500:]}",
        round_=1 + len(heads - {case.change.head}),
        previous=said,
    )


async def _challenge_all(
    bench: Bench, packed: Packed, merged: Mapping[str, Sequence[Finding]]
) -> dict[tuple[str, int], Challenge]:
    """What would block is challenged, side by side, each finding before the part that shows it."""
    async with asyncio.TaskGroup() as group:
        challenges = {
            (name, number): group.create_task(challenge(at_finding(bench, packed, finding), name, number, finding))
            for name, findings in merged.items()
            for number, finding in enumerate(findings, start=1)
            if finding.severity.blocks
        }
    return {key: task.result() for key, task in challenges.items()}


async def _anchor(
    workshop: Workshop, case: Case, touched: Mapping[str, Lines], findings: Sequence[Finding]
) -> Anchored:
    wanted = {finding.path for finding in findings} & touched.keys()
    texts = {
        path: (await show(workshop.mirror, case.change.head, path) or b"").decode("utf-8", "replace") for path in wanted
    }
    return anchor(findings, texts, touched)


def _sort(
    name: str, findings: Sequence[Finding], challenges: Mapping[tuple[str, int], Challenge]
) -> tuple[tuple[Finding, ...], tuple[Dropped, ...]]:
    """Findings that stood, with what upheld them, and those that were refuted."""
    kept, withdrawn = [], []
    for number, finding in enumerate(findings, start=1):
        judged = challenges.get((name, number))
        if judged is None:
            kept.append(finding)
        elif judged.upheld:
            evidence = f"{finding.evidence}\n\nChallenged and upheld: {judged.reason}".strip()
            kept.append(finding.model_copy(update={"evidence": evidence[:8000]}))
        else:
            withdrawn.append(Dropped(finding, judged.reason))
    return tuple(kept), tuple(withdrawn)
