"""Rounds between an author and the council: after three that ended with a refusal, a person is asked to decide. Pure.

Nothing of the gate changes by that: every head needs its verdicts, and what blocks goes on being said.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.policy.finding import Finding, Outcome, key_of
from app.policy.values import Sha
from app.store.reviews import StoredFinding, StoredVerdict

MOST_ROUNDS = 3
NOTE = (
    f"{MOST_ROUNDS} rounds have ended with a refusal: a person with write access is asked to decide. The summary in "
    "the pull request says what is disputed."
)


@dataclass(frozen=True)
class Disputed:
    """A finding that still blocks, and in how many rounds it was said."""

    perspective: str
    finding: Finding
    rounds: int


@dataclass(frozen=True)
class Dispute:
    """`rounds`: how many heads were read and refused."""

    rounds: int
    findings: tuple[Disputed, ...]


def is_disputed(verdicts: Sequence[StoredVerdict], head: Sha) -> bool:
    """Whether so many heads were refused, and this one is as well: those that were read, not what was carried over."""
    refused_now = any(each.head_sha == head for each in verdicts if each.outcome is Outcome.BLOCKED)
    return refused_now and len(_refused(verdicts)) >= MOST_ROUNDS


def dispute_of(verdicts: Sequence[StoredVerdict], found: Sequence[StoredFinding], head: Sha) -> Dispute | None:
    """None while author and council may still settle it between themselves."""
    if not is_disputed(verdicts, head):
        return None
    refused = _refused(verdicts)
    said = [each for each in found if each.state in {"published", "shared"} and each.finding.severity.blocks]
    heads: dict[tuple[str, str], set[Sha]] = {}
    for each in said:
        heads.setdefault((each.perspective, key_of(each.finding)), set()).add(each.head_sha)
    now = {(each.perspective, key_of(each.finding)): each for each in said if each.head_sha == head}
    findings = [
        Disputed(each.perspective, each.finding, max(1, len(heads[which] & refused))) for which, each in now.items()
    ]
    return Dispute(len(refused), tuple(findings))


def _refused(verdicts: Sequence[StoredVerdict]) -> set[Sha]:
    return {each.head_sha for each in verdicts if each.outcome is Outcome.BLOCKED and each.carried_from is None}
