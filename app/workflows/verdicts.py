"""Keeping what the council said, and showing it: check runs, a review, rows in the database."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.agents.panel import Heard
from app.forge import effects
from app.forge.clean import clean_markdown, clean_plain
from app.forge.effects import CheckRun
from app.forge.permissions import CHECKS, TALK
from app.forge.visible import only_visible
from app.policy.checks import check_name, external_id
from app.policy.finding import Finding, Outcome, key_of
from app.policy.values import JsonValue, Sha
from app.runs.engine import Context
from app.store.reviews import Examination, FindingState, StoredFinding, StoredVerdict, findings_of, save_review
from app.store.work import work
from app.wiring import Services
from app.workflows.buttons import buttons_of
from app.workflows.hearing import Case, Hearing
from app.workflows.journalled import carry_out
from app.workflows.quiet import Said, is_news
from app.workflows.texts import render_inline, render_review_body, render_verdict, render_verdict_title

_CONCLUSIONS = {Outcome.APPROVED: "success", Outcome.BLOCKED: "failure", Outcome.ABSTAINED: "action_required"}
_LEVELS = {True: "failure", False: "warning"}


async def open_checks(ctx: Context, services: Services, names: Iterable[str], head: Sha) -> None:
    """Say at once that each perspective is at work."""
    for name in names:
        want = CheckRun(head, check_name(name), _external_id(ctx, name), "Reviewing", "This review is going on.")
        await carry_out(ctx, f"open-{name}", effects.check_run(services.forge.on(ctx.run.repo, CHECKS), want))


async def record(
    ctx: Context, services: Services, case: Case, carried: Mapping[str, StoredVerdict], hearing: Hearing
) -> None:
    """Store verdicts, findings and what else the gate must know, in one unit of work."""
    repo, pull, change = ctx.run.repo, case.pull.number, case.change
    kept = [
        StoredVerdict(
            run_id=ctx.run.id,
            perspective=verdict.perspective,
            repo_id=repo.id,
            pull=pull,
            head_sha=change.head,
            base_sha=change.base,
            fingerprint=change.fingerprint,
            outcome=verdict.outcome,
            confidence=verdict.confidence,
            model=verdict.model,
            summary=verdict.summary,
            carried_from=verdict.carried_from or (verdict.head_sha if verdict.head_sha != change.head else None),
            same=verdict.same,
            read_at=verdict.read_at,
        )
        for verdict in carried.values()
    ]
    given = [
        StoredVerdict(
            run_id=ctx.run.id,
            perspective=name,
            repo_id=repo.id,
            pull=pull,
            head_sha=change.head,
            base_sha=change.base,
            fingerprint=change.fingerprint,
            outcome=heard.outcome,
            confidence=heard.opinion.report.confidence if heard.opinion.report else 0.0,
            model=heard.opinion.model,
            summary=heard.opinion.report.summary if heard.opinion.report else heard.opinion.reason,
        )
        for name, heard in hearing.heard.items()
    ]
    found = [row for name, heard in hearing.heard.items() for row in _rows(ctx, case, name, heard)]
    unread = (*hearing.unread, *change.unreadable)
    seen = Examination(ctx.run.id, repo.id, pull, change.head, change.fingerprint, case.tests.result, unread)

    async def save() -> JsonValue:
        async with work(services.database) as db:
            earlier = await findings_of(db, repo.id, pull)
            others = [verdict for verdict in carried.values() if verdict.head_sha != change.head]
            also = [row for verdict in others for row in _carried_rows(ctx, case, verdict, earlier)]
            await save_review(db, seen, [*kept, *given], [*found, *also])
        return len(found)

    await ctx.step("record", save)


async def close_checks(
    ctx: Context, services: Services, case: Case, carried: Mapping[str, StoredVerdict], hearing: Hearing
) -> None:
    """Complete each perspective's check run, with annotations on the lines that it speaks of."""
    gh = services.forge.on(ctx.run.repo, CHECKS)
    own = case.pull.author == services.forge.login and case.pull.from_here
    for name, verdict in carried.items():
        title = render_verdict_title(verdict.outcome, [], carried=True)
        summary = clean_markdown(verdict.summary)
        want = CheckRun(
            case.change.head,
            check_name(name),
            _external_id(ctx, name),
            title,
            summary,
            _CONCLUSIONS[verdict.outcome],
            actions=buttons_of(name, verdict.outcome, own=own),
        )
        await carry_out(ctx, f"close-{name}", effects.check_run(gh, want))
    for name, heard in hearing.heard.items():
        said = [*heard.kept, *heard.unplaced]
        title = render_verdict_title(heard.outcome, [*said, *(each for _, each in heard.shared)], carried=False)
        notes = [f"dropped: {each.reason}" for each in heard.dropped]
        notes += [f"said by {who} as well: {clean_markdown(each.claim)}" for who, each in heard.shared]
        notes += [f"withdrawn after a challenge: {clean_markdown(each.finding.claim)}" for each in heard.withdrawn]
        summary = render_verdict(heard.opinion.report, heard.opinion.reason, said, notes)
        want = CheckRun(
            case.change.head,
            check_name(name),
            _external_id(ctx, name),
            title,
            clean_markdown(summary),
            _CONCLUSIONS[heard.outcome],
            [_annotation(finding) for finding in heard.kept],
            actions=buttons_of(name, heard.outcome, own=own, advice=any(not each.severity.blocks for each in said)),
        )
        await carry_out(ctx, f"close-{name}", effects.check_run(gh, want))


async def publish_review(ctx: Context, services: Services, case: Case, hearing: Hearing, said: Said) -> None:
    """One review with the findings on their lines; silence when there is nothing new to say."""
    findings = [(name, each) for name, heard in hearing.heard.items() for each in heard.kept if is_news(each, said)]
    comments = [_inline(name, finding) for name, finding in findings]
    if not comments:
        return
    blocked = [name for name, heard in hearing.heard.items() if heard.outcome is Outcome.BLOCKED]
    body = render_review_body(len(comments), blocked, case.change.head)
    gh = services.forge.on(ctx.run.repo, TALK)
    effect = effects.review(gh, case.pull.number, case.change.head, f"review-{ctx.run.id}", body, comments)
    await carry_out(ctx, "review", effect)


async def cancel_checks(ctx: Context, services: Services, head: Sha, reason: str) -> None:
    """Leave no check run in progress when a review ends early; those that were never opened are left alone."""
    gh = services.forge.on(ctx.run.repo, CHECKS)
    for name in [step.removeprefix("open-") for step in await ctx.journal() if step.startswith("open-")]:
        want = CheckRun(
            head, check_name(name), _external_id(ctx, name), "Not reviewed", clean_markdown(reason), "cancelled"
        )
        await carry_out(ctx, f"cleanup.close-{name}", effects.check_run(gh, want))


def _carried_rows(
    ctx: Context, case: Case, verdict: StoredVerdict, earlier: Iterable[StoredFinding]
) -> Iterator[StoredFinding]:
    """What a refusal that stands was for, on the new head; said by several reviews of the old one, it is said once."""
    said = (each for each in earlier if (each.head_sha, each.perspective) == (verdict.head_sha, verdict.perspective))
    stands = (each for each in said if each.state in {"published", "shared"} and each.finding.severity.blocks)
    once = {(key_of(each.finding), each.finding.start_line): each for each in stands}
    for number, each in enumerate(once.values()):
        identity = f"{ctx.run.id}:{each.perspective[:20]}:c{number}:{key_of(each.finding)[:8]}"
        yield replace(each, id=identity, run_id=ctx.run.id, head_sha=case.change.head)


def _rows(ctx: Context, case: Case, name: str, heard: Heard) -> list[StoredFinding]:
    states: list[tuple[FindingState, Finding, str]] = [
        ("published", finding, "") for finding in (*heard.kept, *heard.unplaced)
    ]
    states += [("withdrawn", each.finding, each.reason) for each in heard.withdrawn]
    states += [("dropped", each.finding, each.reason) for each in heard.dropped]
    states += [("shared", finding, f"published by {who}") for who, finding in heard.shared]
    return [
        StoredFinding(
            f"{ctx.run.id}:{name[:20]}:{number}:{key_of(finding)[:8]}",
            ctx.run.id,
            ctx.run.repo.id,
            case.pull.number,
            name,
            case.change.head,
            finding,
            state,
            reason,
        )
        for number, (state, finding, reason) in enumerate(states)
    ]


def _external_id(ctx: Context, name: str) -> str:
    return external_id(ctx.run.number, f"{ctx.run.id}/{name}")


def _annotation(finding: Finding) -> dict[str, Any]:
    return {
        "path": finding.path,
        "start_line": finding.start_line,
        "end_line": finding.end_line,
        "annotation_level": _LEVELS[finding.severity.blocks],
        "title": f"{finding.severity.value}: {finding.category}"[:255],
        "message": clean_plain(f"{finding.claim}\n\n{finding.why}").strip()[:16_000],
    }


def _inline(name: str, finding: Finding) -> dict[str, Any]:
    words = {key: clean_markdown(getattr(finding, key)) for key in ("claim", "why")}
    # Evidence goes into a fence that it cannot close, and is quoted as it is.
    safe = finding.model_copy(update={**words, "evidence": only_visible(finding.evidence)})
    comment: dict[str, Any] = {"path": finding.path, "line": finding.end_line, "side": "RIGHT"}
    if finding.end_line > finding.start_line:
        comment |= {"start_line": finding.start_line, "start_side": "RIGHT"}
    return {**comment, "body": render_inline(safe, name)}
