"""The one comment on a pull request that says how it stands with the council; edited in place, never repeated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.agents.panel import Heard
from app.forge.changed import changed_files
from app.forge.clean import clean_markdown
from app.forge.permissions import TALK
from app.forge.standing import standing_comment
from app.policy.checked import commented_on
from app.policy.coverage import Coverage, spots_missed
from app.policy.finding import Finding, Outcome
from app.policy.render import code
from app.policy.risk import Risk, lines_to_read, risk_of
from app.policy.terms import vetoes_of
from app.policy.weakened.found import Weakening
from app.runs.done_before import came_of_before
from app.runs.engine import Context
from app.store import usage
from app.store.usage import Totals
from app.wiring import Services
from app.workflows.carried import Carried
from app.workflows.disputing import find_dispute, render_dispute
from app.workflows.hearing import Case, Hearing
from app.workflows.journalled import carry_out, journalled
from app.workflows.stand_ins import stand_ins
from app.workflows.texts import brief, count, handle
from app.workflows.walkthrough import Walkthrough, render_walkthrough, render_what

_STEP = "summary"
_IN_SHORT = 280
_FINDINGS, _NAMES = 30, 20
"""How many are named; the check runs hold all of them."""
_WEAKENED, _UNLOOKED, _UNLOOKED_CHARS = 10, 5, 160
_WORDS = {Outcome.APPROVED: "approved", Outcome.BLOCKED: "**refused**", Outcome.ABSTAINED: "**could not review**"}


@dataclass(frozen=True)
class Line:
    """A perspective's standing. `carried_from`: where it was read, if not at this head.

    `whole_at`: where all of it was read, if then only what was new.
    """

    perspective: str
    outcome: Outcome
    confidence: float
    model: str
    summary: str
    carried_from: str | None = None
    whole_at: str | None = None


@dataclass(frozen=True)
class Summary:
    """All that the comment tells. `findings` are with their perspective; costs are in micro-dollars.

    `dispute`: what a person is asked to decide, as Markdown.
    """

    head_sha: str
    files: int
    lines: int
    risk: Risk
    verdicts: Sequence[Line]
    findings: Sequence[tuple[str, Finding]]
    set_aside: Sequence[str]
    unread: Sequence[str]
    left_out: int
    tests: str
    totals: Totals
    coverage: Coverage | None = None
    dispute: str = ""
    walk: Walkthrough | None = None
    stood_in: Sequence[str] = ()
    no_package_data: bool = False
    weakened: Sequence[Weakening] = ()
    unlooked: Sequence[str] = ()


async def tell_summary(
    ctx: Context, services: Services, case: Case, carried: Mapping[str, Carried], hearing: Hearing
) -> None:
    """Write the comment, or bring the one that is there to what is true now."""
    change = case.change
    files = await changed_files(services.mirrors.path(ctx.run.repo), change.base, change.head)

    async def spent() -> Totals:
        async with services.database.connect() as db:
            return await usage.totals_of_reviews(db, ctx.run.repo.id, case.pull.number)

    own = case.pull.author == services.forge.login
    dispute = await find_dispute(services, ctx.run.repo.id, case.pull.number, change.head, own=own)
    told = Summary(
        head_sha=change.head,
        files=len(files),
        lines=lines_to_read(files),
        risk=risk_of(files),
        verdicts=[*_carried(carried, change.head), *_heard(hearing)],
        findings=[*_findings_of({name: each.heard for name, each in carried.items()}), *_findings_of(hearing.heard)],
        set_aside=change.set_aside,
        unread=(*hearing.unread, *change.unreadable),
        left_out=sum(len(heard.dropped) + len(heard.withdrawn) for heard in hearing.heard.values()),
        tests=case.told.in_short or case.tests.line,
        totals=await journalled(ctx, "spent", Totals, spent),
        coverage=case.tests.coverage,
        dispute=render_dispute(dispute, services.forge.slug, vetoes_of([case.policy])) if dispute else "",
        walk=hearing.walk,
        stood_in=await stand_ins(ctx, services),
        no_package_data=hearing.no_package_data,
        weakened=_unsaid(hearing.weakened, hearing.heard),
        unlooked=hearing.unlooked,
    )
    async with services.database.connect() as db:
        before = await came_of_before(db, ctx.run, _STEP)
    effect = standing_comment(
        services.forge.on(ctx.run.repo, TALK),
        case.pull.number,
        "summary",
        render_summary(told),
        known=next((int(str(each["id"])) for each in before if isinstance(each, dict)), None),
        none_yet=case.pull.comments == 0 and not before,
    )
    await carry_out(ctx, _STEP, effect)


def render_summary(told: Summary) -> str:
    """Pure. What somebody must act on comes first; what was not looked at is always said."""
    refused = [each.perspective for each in told.verdicts if each.outcome is Outcome.BLOCKED]
    silent = [each.perspective for each in told.verdicts if each.outcome is Outcome.ABSTAINED]
    stands = f"{' and '.join(refused)} must be satisfied first" if refused else "nothing blocks"
    stands += f"; {' and '.join(silent)} could not review" if silent else ""
    size = f"{count(told.files, 'file')}, {count(told.lines, 'line')} to read"
    risk = f"Risk: **{told.risk.level}** ({'; '.join(told.risk.reasons[:4])})"
    risk += f", most of all for {_names(told.risk.grave)}" if told.risk.grave else ""
    parts = [
        f"### The council on `{told.head_sha[:12]}`: {stands}",
        *render_what(told.walk),
        f"{size}. {risk}. Tests: {clean_markdown(told.tests)}.{_coverage(told.coverage)}",
        *([told.dispute] if told.dispute else []),
        "\n".join(_table(told.verdicts)),
        *_findings(told.findings),
        *_weakened(told.weakened),
        *render_walkthrough(told.walk),
        *_unseen(told),
        *([" ".join(told.stood_in)] if told.stood_in else []),
        _cost(told),
    ]
    return "\n\n".join(parts)


def _coverage(coverage: Coverage | None) -> str:
    if coverage is None:
        return ""
    if coverage.problem:
        return f" Which lines they ran is not known: {clean_markdown(coverage.problem)}."
    if not coverage.lines and not coverage.absent:
        return " The coverage report speaks of no changed line."
    missed = f"; not: {_names(spots_missed(coverage))}" if spots_missed(coverage) else ""
    return f" They ran {coverage.ran} of {count(coverage.lines, 'changed line')}{missed}."


def _table(verdicts: Sequence[Line]) -> Iterator[str]:
    yield "| perspective | verdict | in short |\n|---|---|---|"
    for each in sorted(verdicts, key=lambda one: one.perspective):
        carried = f", carried over from `{each.carried_from[:12]}`" if each.carried_from else ""
        carried += f", in full at `{each.whole_at[:12]}`" if each.whole_at else ""
        short = brief(each.summary, _IN_SHORT).replace("|", "\\|")
        yield f"| {each.perspective} | {_WORDS[each.outcome]} ({each.confidence:.0%}{carried}) | {short} |"


def _findings(findings: Sequence[tuple[str, Finding]]) -> Iterator[str]:
    if not findings:
        return
    ranked = sorted(findings, key=lambda one: one[1].severity.rank)
    lines = [
        f"- **{each.severity.value}** · {name} · {code(f'{each.path}:{each.start_line}')} · `{handle(each)}` — "
        f"{brief(each.claim)}"
        for name, each in ranked[:_FINDINGS]
    ]
    more = [f"- and {len(ranked) - _FINDINGS} more, in the check runs"] if len(ranked) > _FINDINGS else []
    yield "\n".join(["**Findings**", "", *lines, *more])


def _weakened(found: Sequence[Weakening]) -> Iterator[str]:
    """For who decides on the change: reviewers saw it as well, and found it right or have said so above."""
    if not found:
        return
    lines = [
        f"- {each.kind.value} · {code(each.path)}, line {each.line} before the change — {brief(each.because)}"
        if each.gone
        else f"- {each.kind.value} · {code(f'{each.path}:{each.line}')} — {brief(each.because)}"
        for each in found[:_WEAKENED]
    ]
    more = [f"- and {len(found) - _WEAKENED} more"] if len(found) > _WEAKENED else []
    head = "**Asks for less than before**, told from the diff alone; there can be a good reason for each:"
    yield "\n".join([head, "", *lines, *more])


def _unsaid(found: Sequence[Weakening], heard: Mapping[str, Heard]) -> list[Weakening]:
    """Without what a finding says of the same line, be it one that is gone, or of no line."""
    said = set[tuple[str, str, int]]()
    for _, each in _findings_of(heard):
        side, first, last = commented_on(each)
        said |= {(each.path, side, line) for line in range(first, last + 1)} | {(each.path, each.category, first)}
    return [each for each in found if said.isdisjoint(_names_of(each))]


def _names_of(each: Weakening) -> set[tuple[str, str, int]]:
    return {(each.path, "LEFT" if each.gone else "RIGHT", each.line), (each.path, each.kind.value, each.line)}


def _unseen(told: Summary) -> Iterator[str]:
    if told.unread:
        yield f"**Nobody read** {_names(told.unread)}: that keeps the gate shut."
    if told.set_aside:
        yield f"Set aside as generated, vendored or locked: {_names(told.set_aside)}."
    if told.no_package_data:
        yield "Not looked up: known vulnerabilities and licences of changed packages, as GitHub gave no data on them."
    if told.unlooked:
        named = "; ".join(brief(each, _UNLOOKED_CHARS) for each in told.unlooked[:_UNLOOKED])
        more = f"; and {len(told.unlooked) - _UNLOOKED} more" if len(told.unlooked) > _UNLOOKED else ""
        yield f"Analyzers did not look at all of it: {named}{more}."
    if told.left_out:
        yield f"{count(told.left_out, 'finding')} left out: refuted, not on a changed line, said before, or not wanted."


def _cost(told: Summary) -> str:
    models = ", ".join(sorted({code(each.model) for each in told.verdicts if each.model}))
    calls, tokens = count(told.totals.calls, "call"), told.totals.input + told.totals.output
    known = f" ({told.totals.known} had been answered before and cost nothing again)" if told.totals.known else ""
    dollars = f"${told.totals.cost / 1_000_000:.2f}"
    return f"<sub>Its reviews so far: {calls} to {models or 'no model'}{known}, {tokens:,} tokens, {dollars}.</sub>"


def _findings_of(said: Mapping[str, Heard]) -> Iterator[tuple[str, Finding]]:
    yield from ((name, each) for name, heard in said.items() for each in (*heard.kept, *heard.unplaced))


def _carried(carried: Mapping[str, Carried], head: str) -> Iterator[Line]:
    for name, each in ((name, every.verdict) for name, every in carried.items()):
        origin = each.carried_from or each.head_sha
        yield Line(
            name,
            each.outcome,
            each.confidence,
            each.model,
            each.summary,
            origin if origin != head else None,
            each.whole_at,
        )


def _heard(hearing: Hearing) -> Iterator[Line]:
    for name, heard in hearing.heard.items():
        report, model = heard.opinion.report, heard.opinion.model
        if report is None:
            yield Line(name, heard.outcome, 0.0, model, heard.opinion.reason)
        else:
            increment = hearing.increments.get(name)
            whole_at = increment.whole.head_sha if increment else None
            yield Line(name, heard.outcome, report.confidence, model, report.summary, whole_at=whole_at)


def _names(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _NAMES} more" if len(paths) > _NAMES else ""
    return ", ".join(code(path) for path in paths[:_NAMES]) + more
