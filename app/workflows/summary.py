"""The one comment on a pull request that says how it stands with the council; edited in place, never repeated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.forge import effects
from app.forge.changed import changed_files
from app.forge.clean import clean_markdown
from app.forge.permissions import TALK
from app.policy.finding import Finding, Outcome, Severity
from app.policy.render import code
from app.policy.risk import Risk, lines_to_read, risk_of
from app.runs.engine import Context
from app.store import usage
from app.store.reviews import StoredVerdict
from app.store.usage import Totals
from app.wiring import Services
from app.workflows.hearing import Case, Hearing
from app.workflows.journalled import carry_out, journalled
from app.workflows.texts import count, handle, one_line
from app.workflows.walkthrough import Walkthrough, render_walkthrough

_FINDINGS, _NAMES = 30, 20
"""How many are named; the check runs hold all of them."""
_WORDS = {Outcome.APPROVED: "approved", Outcome.BLOCKED: "**refused**", Outcome.ABSTAINED: "**could not review**"}
_GRAVEST_FIRST = tuple(Severity)


@dataclass(frozen=True)
class Line:
    """A perspective's standing. `carried_from`: where it was read, if not at this head."""

    perspective: str
    outcome: Outcome
    confidence: float
    model: str
    summary: str
    carried_from: str | None = None


@dataclass(frozen=True)
class Summary:
    """All that the comment tells. `findings` are with their perspective; costs are in micro-dollars."""

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
    walk: Walkthrough | None = None


async def tell_summary(
    ctx: Context, services: Services, case: Case, carried: Mapping[str, StoredVerdict], hearing: Hearing
) -> None:
    """Write the comment, or bring the one that is there to what is true now."""
    change = case.change
    files = await changed_files(services.mirrors.path(ctx.run.repo), change.base, change.head)

    async def spent() -> Totals:
        async with services.database.connect() as db:
            return await usage.totals_of_reviews(db, ctx.run.repo.id, case.pull.number)

    told = Summary(
        head_sha=change.head,
        files=len(files),
        lines=lines_to_read(files),
        risk=risk_of(files),
        verdicts=[*_carried(carried, change.head), *_heard(hearing)],
        findings=[(name, each) for name, heard in hearing.heard.items() for each in (*heard.kept, *heard.unplaced)],
        set_aside=change.set_aside,
        unread=(*hearing.unread, *change.unreadable),
        left_out=sum(len(heard.dropped) + len(heard.withdrawn) for heard in hearing.heard.values()),
        tests=case.tests.line,
        totals=await journalled(ctx, "spent", Totals, spent),
        walk=hearing.walk,
    )
    talk = services.forge.on(ctx.run.repo, TALK)
    effect = effects.standing_comment(talk, case.pull.number, "summary", render_summary(told))
    await carry_out(ctx, "summary", effect)


def render_summary(told: Summary) -> str:
    """Pure. What somebody must act on comes first; what was not looked at is always said."""
    refused = [each.perspective for each in told.verdicts if each.outcome is Outcome.BLOCKED]
    silent = [each.perspective for each in told.verdicts if each.outcome is Outcome.ABSTAINED]
    stands = f"{' and '.join(refused)} must be satisfied first" if refused else "nothing blocks"
    stands += f"; {' and '.join(silent)} could not review" if silent else ""
    size = f"{count(told.files, 'file')}, {count(told.lines, 'line')} to read"
    risk = f"Risk: **{told.risk.level}** ({'; '.join(told.risk.reasons[:4])})"
    parts = [
        f"### The council on `{told.head_sha[:12]}`: {stands}",
        f"{size}. {risk}. Tests: {clean_markdown(told.tests)}.",
        "\n".join(_table(told.verdicts)),
        *_findings(told.findings),
        *render_walkthrough(told.walk),
        *_unseen(told),
        _cost(told),
    ]
    return "\n\n".join(parts)


def _table(verdicts: Sequence[Line]) -> Iterator[str]:
    yield "| perspective | verdict | in short |\n|---|---|---|"
    for each in sorted(verdicts, key=lambda one: one.perspective):
        carried = f", carried over from `{each.carried_from[:12]}`" if each.carried_from else ""
        short = one_line(clean_markdown(each.summary), 160).replace("|", "\\|")
        yield f"| {each.perspective} | {_WORDS[each.outcome]} ({each.confidence:.0%}{carried}) | {short} |"


def _findings(findings: Sequence[tuple[str, Finding]]) -> Iterator[str]:
    if not findings:
        return
    ranked = sorted(findings, key=lambda one: _GRAVEST_FIRST.index(one[1].severity))
    lines = [
        f"- **{each.severity.value}** · {name} · {code(f'{each.path}:{each.start_line}')} · `{handle(each)}` — "
        f"{one_line(clean_markdown(each.claim), 200)}"
        for name, each in ranked[:_FINDINGS]
    ]
    more = [f"- and {len(ranked) - _FINDINGS} more, in the check runs"] if len(ranked) > _FINDINGS else []
    yield "\n".join(["**Findings**", "", *lines, *more])


def _unseen(told: Summary) -> Iterator[str]:
    if told.unread:
        yield f"**Nobody read** {_names(told.unread)}: that keeps the gate shut."
    if told.set_aside:
        yield f"Set aside as generated, vendored or locked: {_names(told.set_aside)}."
    if told.left_out:
        yield f"{count(told.left_out, 'finding')} left out: refuted, not on a changed line, or said before."


def _cost(told: Summary) -> str:
    models = ", ".join(sorted({code(each.model) for each in told.verdicts if each.model}))
    calls, tokens = count(told.totals.calls, "call"), told.totals.input + told.totals.output
    return (
        f"<sub>So far {calls} to {models or 'no model'}, {tokens:,} tokens, ${told.totals.cost / 1_000_000:.2f}.</sub>"
    )


def _carried(carried: Mapping[str, StoredVerdict], head: str) -> Iterator[Line]:
    for name, each in carried.items():
        origin = each.carried_from or each.head_sha
        yield Line(name, each.outcome, each.confidence, each.model, each.summary, origin if origin != head else None)


def _heard(hearing: Hearing) -> Iterator[Line]:
    for name, heard in hearing.heard.items():
        report, model = heard.opinion.report, heard.opinion.model
        if report is None:
            yield Line(name, heard.outcome, 0.0, model, heard.opinion.reason)
        else:
            yield Line(name, heard.outcome, report.confidence, model, report.summary)


def _names(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _NAMES} more" if len(paths) > _NAMES else ""
    return ", ".join(code(path) for path in paths[:_NAMES]) + more
