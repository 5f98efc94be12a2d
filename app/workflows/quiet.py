"""What is not said: what was said before, what people did not want, and advice that comes too late."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.agents.anchor import Dropped
from app.agents.panel import Heard
from app.forge.permissions import READ
from app.policy.applying import at_least
from app.policy.finding import Finding, Severity, key_of, spot_of
from app.runs.engine import Context
from app.store import reviews, statements
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
    """

    round_: int
    places: frozenset[tuple[str, str]]
    dismissed: frozenset[str]


async def what_was_said(ctx: Context, services: Services, case: Case, remarks: Sequence[Remark]) -> Said:
    """By earlier reviews, and what people made of it; read once for this run."""
    repo_id, number = ctx.run.repo.id, case.pull.number

    async def read() -> Said:
        async with services.database.connect() as db:
            found = await reviews.findings_of(db, repo_id, number)
            given = await reviews.verdicts_of(db, repo_id, number)
            words = await statements.statements_of(db, repo_id, number)
        earlier = [each for each in found if each.run_id != ctx.run.id and each.state == "published"]
        heads = {each.head_sha for each in given if each.run_id != ctx.run.id and each.carried_from is None}
        return Said(
            round_=1 + len(heads - {case.change.head}),
            places=frozenset(spot_of(each.finding) for each in earlier) - said_anew(remarks),
            dismissed=frozenset(each.target for each in words if each.kind == "dismissal" and not each.withdrawn)
            | await _refused(ctx, services, remarks),
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
    return replace(hearing, heard={name: _hushed(heard, said) for name, heard in hearing.heard.items()})


def is_news(finding: Finding, said: Said) -> bool:
    """Whether it is worth a comment of its own: at its place nothing was said yet."""
    return spot_of(finding) not in said.places


def _hushed(heard: Heard, said: Said) -> Heard:
    reasons = [(each, _why_not(each, said)) for each in heard.kept]
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
