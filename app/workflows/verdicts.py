"""Keeping what the council said, and showing it: check runs, a review, rows in the database."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from app.agents.panel import Heard
from app.forge import check_effects, effects
from app.forge.check_effects import CheckRun
from app.forge.clean import clean_markdown
from app.forge.permissions import CHECKS, TALK
from app.policy.checks import check_name, external_id
from app.policy.finding import Finding, Outcome, key_of
from app.policy.terms import vetoes_of
from app.policy.values import JsonValue, Sha
from app.runs.engine import Context
from app.store.reviews import Examination, FindingState, StoredFinding, StoredVerdict, save_review
from app.store.work import work
from app.wiring import Services
from app.workflows.buttons import buttons_of
from app.workflows.carried import Carried
from app.workflows.check_text import gravest_first, render_annotation, render_check
from app.workflows.fixing import can_be_fixed
from app.workflows.hearing import Case, Hearing
from app.workflows.inline import render_comments
from app.workflows.journalled import carry_out
from app.workflows.quiet import Said, is_news
from app.workflows.reading_told import how_read, read_as
from app.workflows.texts import render_review_body, render_verdict_title

_CONCLUSIONS = {Outcome.APPROVED: "success", Outcome.BLOCKED: "failure", Outcome.ABSTAINED: "action_required"}
_OPEN = "open-"


async def record(
    ctx: Context, services: Services, case: Case, carried: Mapping[str, Carried], hearing: Hearing
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
            terms=verdict.terms,
            whole_at=verdict.whole_at,
        )
        for verdict in (each.verdict for each in carried.values())
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
            confidence=heard.opinion.whole.confidence if heard.opinion.whole else 0.0,
            model=heard.opinion.model,
            summary=heard.opinion.report.summary if heard.opinion.report else heard.opinion.reason,
            **read_as(name, heard, hearing),
        )
        for name, heard in hearing.heard.items()
    ]
    found = [row for name, heard in hearing.heard.items() for row in _rows(ctx, case, name, heard)]
    unread = (*hearing.unread, *change.unreadable)
    seen = Examination(
        ctx.run.id, repo.id, pull, change.head, change.fingerprint, case.tests.result, unread, change.set_aside
    )

    async def save() -> JsonValue:
        async with work(services.database) as db:
            others = [each for each in carried.values() if each.verdict.head_sha != change.head]
            also = [row for each in others for row in _carried_rows(ctx, case, each.rows)]
            await save_review(db, seen, [*kept, *given], [*found, *also])
        return len(found)

    await ctx.step("record", save)


async def close_checks(
    ctx: Context, services: Services, case: Case, carried: Mapping[str, Carried], hearing: Hearing
) -> None:
    """Create each perspective's check run, completed, with annotations on the lines that it speaks of."""
    gh = services.forge.on(ctx.run.repo, CHECKS)
    opened, fixable = await _opened(ctx), can_be_fixed(case.pull, services)
    for name, each in carried.items():
        outcome = each.verdict.outcome
        # At the head where it was said the lines are annotated already, by the check of then.
        anew = each.heard.kept if each.verdict.head_sha != case.change.head else ()
        want = CheckRun(
            case.change.head,
            check_name(name),
            _external_id(ctx, name),
            render_verdict_title(outcome, [], carried=True),
            render_check(each.heard, called=gh.forge.slug),
            _CONCLUSIONS[outcome],
            [render_annotation(finding) for finding in gravest_first(anew)],
            actions=buttons_of(name, outcome, fixable=fixable),  # what it advised was said at the head that it read
        )
        await carry_out(ctx, f"close-{name}", check_effects.check_run(gh, want, new=name not in opened))
    for name, heard in hearing.heard.items():
        said = [*heard.kept, *heard.unplaced]
        title = render_verdict_title(heard.outcome, [*said, *(each for _, each in heard.shared)], carried=False)
        want = CheckRun(
            case.change.head,
            check_name(name),
            _external_id(ctx, name),
            title,
            render_check(heard, how_read(name, hearing), called=gh.forge.slug),
            _CONCLUSIONS[heard.outcome],
            [render_annotation(finding) for finding in gravest_first(heard.kept)],
            actions=buttons_of(
                name,
                heard.outcome,
                fixable=fixable,
                advice=any(not each.severity.blocks for each in said),
                vetoes=vetoes_of([case.policy]),
            ),
        )
        await carry_out(ctx, f"close-{name}", check_effects.check_run(gh, want, new=name not in opened))


async def publish_review(ctx: Context, services: Services, case: Case, hearing: Hearing, said: Said) -> None:
    """One review with the gravest findings on their lines; silence when there is nothing new to say."""
    news = [(name, each) for name, heard in hearing.heard.items() for each in heard.kept if is_news(each, said)]
    comments, left = render_comments(news)
    if not comments:
        return
    blocked = [name for name, heard in hearing.heard.items() if heard.outcome is Outcome.BLOCKED]
    body = render_review_body(len(news), blocked, case.change.head, left)
    gh = services.forge.on(ctx.run.repo, TALK)
    effect = effects.review(gh, case.pull.number, case.change.head, f"review-{ctx.run.id}", body, comments)
    await carry_out(ctx, "review", effect)


async def cancel_checks(ctx: Context, services: Services, head: Sha, reason: str) -> None:
    """Leave no check run in progress when a review ends early."""
    gh = services.forge.on(ctx.run.repo, CHECKS)
    for name in await _opened(ctx):
        want = CheckRun(
            head, check_name(name), _external_id(ctx, name), "Not reviewed", clean_markdown(reason), "cancelled"
        )
        await carry_out(ctx, f"cleanup.close-{name}", check_effects.check_run(gh, want))


async def _opened(ctx: Context) -> list[str]:
    """Perspectives whose check run is in progress: journals from before they were created completed have such."""
    return [step.removeprefix(_OPEN) for step in await ctx.journal() if step.startswith(_OPEN)]


def _carried_rows(ctx: Context, case: Case, rows: Iterable[StoredFinding]) -> Iterator[StoredFinding]:
    """What a refusal that stands was for, on the new head."""
    for number, each in enumerate(rows):
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
