"""Where a pull request stands with the council, as the solver and people see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from app.policy.config import Policy
from app.policy.finding import Finding, Outcome
from app.policy.values import Sha
from app.policy.words import asked_of
from app.store import reviews


@dataclass(frozen=True)
class Voiced:
    """A finding that was published, and the perspective that voiced it."""

    perspective: str
    finding: Finding


@dataclass(frozen=True)
class Standing:
    """`findings` are those that block."""

    approved: bool
    line: str
    findings: Sequence[Voiced]


async def read_standing(
    database: AsyncEngine, repo_id: int, pull: int, head_sha: Sha, policy: Policy, changed: Sequence[str]
) -> Standing:
    """`changed`: the pull request's files, as the project's own perspectives may be about others."""
    async with database.connect() as db:
        verdicts = {each.perspective: each for each in await reviews.latest_verdicts(db, repo_id, pull, head_sha)}
        examination = await reviews.latest_examination(db, repo_id, pull, head_sha)
        stored = await reviews.findings_of(db, repo_id, pull)
    outcomes = {name: verdicts[name].outcome if name in verdicts else None for name in policy.perspectives}
    blocked = [name for name, outcome in outcomes.items() if outcome is Outcome.BLOCKED]
    required = asked_of(policy.required_perspectives, policy, changed)
    missing = [name for name in required if outcomes.get(name) not in {Outcome.APPROVED, Outcome.BLOCKED}]
    parts = [f"blocked by {', '.join(blocked)}"] if blocked else []
    parts += [f"not reviewed by {', '.join(missing)}"] if missing else []
    if policy.test is not None and (examination is None or examination.tests != "passed"):
        parts.append("the tests did not pass")
    return Standing(
        approved=not parts,
        line="; ".join(parts) or "approved by all",
        findings=[
            Voiced(each.perspective, each.finding)
            for each in stored
            if each.head_sha == head_sha and each.state == "published" and each.finding.severity.blocks
        ],
    )
