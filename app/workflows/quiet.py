"""What is not said: what was said before, what people did not want, what is too unsure, and advice that is too late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.agents.anchor import Dropped
from app.agents.panel import Heard
from app.forge.permissions import READ
from app.policy.applying import at_least
from app.policy.categories import OTHER
from app.policy.finding import Finding, Severity, key_of, spot_of
from app.policy.records import Theme, theme_of
from app.policy.rules import VETO
from app.policy.terms import vetoes_of
from app.runs.engine import Context
from app.store import outcomes, reviews, statements
from app.store.statements import NO_ADVICE, NOT_WANTED
from app.wiring import Services
from app.workflows.hearing import Case, Hearing
from app.workflows.journalled import journalled
from app.workflows.people import People
from app.workflows.remarks import Remark, said_anew

_NITS_UNTIL, _ADVICE_UNTIL = 1, 2
"""Rounds: in the second one nits are no longer said, from the third one only what must be fixed."""


@dataclass(frozen=True)
class Said:
    """What was said on a pull request before this review, and in how many rounds.

    `places`: path and quote of what was published. `dismissed`: keys of findings that a person will not fix.
    `unwanted`: perspectives that are to give no more advice here. Of the whole repository: `silenced` advice, and
    `bars`, how sure a perspective must be of the advice that it gives. `vetoes`: perspectives to which neither applies.
    """

    round_: int
    places: frozenset[tuple[str, str]]
    dismissed: frozenset[str]
    unwanted: frozenset[str] = frozenset()
    silenced: frozenset[Theme] = frozenset()
    bars: Mapping[str, float] = field(default_factory=dict)
    vetoes: frozenset[str] = frozenset({VETO})


async def what_was_said(ctx: Context, services: Services, case: Case, remarks: Sequence[Remark]) -> Said:
    """By earlier reviews, and what people made of it; read once for this run."""
    repo_id, number = ctx.run.repo.id, case.pull.number

    async def read() -> Said:
        async with services.database.connect() as db:
            found = await reviews.findings_of(db, repo_id, number)
            given = await reviews.verdicts_of(db, repo_id, number)
            words = [each for each in await statements.statements_of(db, repo_id, number) if not each.withdrawn]
            silenced = await outcomes.silenced_in(db, repo_id)
            records = await outcomes.records_of(db, repo_id)
        earlier = [each for each in found if each.run_id != ctx.run.id and each.state == "published"]
        heads = {each.head_sha for each in given if each.run_id != ctx.run.id and each.carried_from is None}
        return Said(
            round_=1 + len(heads - {case.change.head}),
            places=frozenset(spot_of(each.finding) for each in earlier) - said_anew(remarks),
            dismissed=frozenset(each.target for each in words if each.kind in {"dismissal", NOT_WANTED})
            | await _refused(ctx, services, remarks),
            unwanted=frozenset(each.target for each in words if each.kind == NO_ADVICE),
            silenced=frozenset(silenced),
            bars={each.perspective: each.bar for each in records},
            vetoes=vetoes_of([case.policy]),
        )

    return await journalled(ctx, "said-before", Said, read)


async def _refused(ctx: Context, services: Services, remarks: Sequence[Remark]) -> frozenset[str]:
    """Keys of advice that somebody did not want who may write here; what blocks is dismissed by the command only."""
    people = People(services.forge.on(ctx.run.repo, READ), frozenset())
    refused = set()
    for remark in remarks:
        for login in () if remark.blocks else remark.against:
            if at_least((await people.person(login)).permission or "none", "write"):
                refused.add(remark.key)
    return frozenset(refused)


def hush(hearing: Hearing, said: Said) -> Hearing:
    """Leave out advice that nobody needs to hear now. What blocks is never left out: it decides."""
    return replace(hearing, heard={name: _hushed(name, heard, said) for name, heard in hearing.heard.items()})


def is_news(finding: Finding, said: Said) -> bool:
    """Whether it is worth a comment of its own: at its place nothing was said yet."""
    return spot_of(finding) not in said.places


def _hushed(name: str, heard: Heard, said: Said) -> Heard:
    reasons = [(each, _why_not(each, said) or _why_not_from(name, each, heard, said)) for each in heard.kept]
    return replace(
        heard,
        kept=tuple(each for each, reason in reasons if reason is None),
        dropped=(*heard.dropped, *_left_out(reasons)),
    )


def _left_out(reasons: Sequence[tuple[Finding, str | None]]) -> list[Dropped]:
    return [Dropped(each, reason) for each, reason in reasons if reason is not None]


def _why_not(finding: Finding, said: Said) -> str | None:
    if finding.severity.blocks:
        return None
    if key_of(finding) in said.dismissed:
        return "a person dismissed it on this pull request"
    if not is_news(finding, said):
        return "it was said before on this pull request"
    if said.round_ > _ADVICE_UNTIL:
        return f"round {said.round_} says only what must be fixed"
    if finding.severity is Severity.NIT and said.round_ > _NITS_UNTIL:
        return f"nits are not said in round {said.round_}"
    return None


def _why_not_from(name: str, finding: Finding, heard: Heard, said: Said) -> str | None:
    """Whether people have had enough of such advice from this perspective. Who has a veto is always heard."""
    if finding.severity.blocks or name in said.vetoes:
        return None
    if name in said.unwanted:
        return f"a person wants no more advice of {name} on this pull request"
    theme = theme_of(name, finding)
    if theme in said.silenced and theme.category != OTHER:  # advice of no kind at all is no theme
        return "people dismissed the same advice in several pull requests"
    bar, sure = said.bars.get(name, 0.0), _sureness(finding, heard)
    return f"advice of {name} needs {bar:.0%} confidence here, and this has {sure:.0%}" if sure < bar else None


def _sureness(finding: Finding, heard: Heard) -> float:
    if finding.confidence is not None:
        return finding.confidence
    return heard.opinion.report.confidence if heard.opinion.report else 1.0
