"""Where a pull request stands with the council, as the solver and people see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from app.policy.asking import must_agree
from app.policy.changed import ChangedFile
from app.policy.config import Policy
from app.policy.facts import Facts
from app.policy.finding import Finding, Outcome
from app.policy.values import Sha
from app.store import reviews

_MOST_ADVICE = 10
"""What is kept in a step of a journal."""


@dataclass(frozen=True)
class Voiced:
    """A finding that was published, and the perspective that voiced it."""

    perspective: str
    finding: Finding


@dataclass(frozen=True)
class Standing:
    """`findings` are those that block, `advice` others with a suggestion.

    `only_tests`: nobody but the tests stands in the way.
    """

    approved: bool
    line: str
    findings: Sequence[Voiced]
    only_tests: bool = False
    advice: Sequence[Voiced] = ()


async def read_standing(
    database: AsyncEngine, repo_id: int, pull: int, head_sha: Sha, policy: Policy, changed: Sequence[ChangedFile]
) -> Standing:
    """`changed`: the pull request's files, which tell who besides those that the policy always asks must agree."""
    async with database.connect() as db:
        verdicts = {each.perspective: each for each in await reviews.latest_verdicts(db, repo_id, pull, head_sha)}
        examination = await reviews.latest_examination(db, repo_id, pull, head_sha)
        stored = await reviews.findings_of(db, repo_id, pull)
    outcomes = {name: each.outcome for name, each in verdicts.items()}
    blocked = [name for name, outcome in outcomes.items() if outcome is Outcome.BLOCKED]
    required = must_agree(Facts(files=tuple(changed)), policy, outcomes)
    missing = [name for name in required if outcomes.get(name) not in {Outcome.APPROVED, Outcome.BLOCKED}]
    parts = [f"blocked by {', '.join(blocked)}"] if blocked else []
    parts += [f"not reviewed by {', '.join(missing)}"] if missing else []
    only_tests = not parts and policy.test is not None and examination is not None and examination.tests == "failed"
    if policy.test is not None and (examination is None or examination.tests != "passed"):
        parts.append("the tests did not pass")
    voiced = [
        Voiced(each.perspective, each.finding)
        for each in stored
        if each.head_sha == head_sha and each.state == "published"
    ]
    return Standing(
        approved=not parts,
        line="; ".join(parts) or "approved by all",
        findings=[each for each in voiced if each.finding.severity.blocks],
        only_tests=only_tests,
        advice=[each for each in voiced if _advises(each.finding)][:_MOST_ADVICE],
    )


def _advises(finding: Finding) -> bool:
    """No text at all is a suggestion, too: to take the lines out."""
    return not finding.severity.blocks and finding.suggestion is not None
