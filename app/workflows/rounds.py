"""Rounds between an author and the council: after three that ended with a refusal, a person is asked to decide. Pure.

Nothing of the gate changes by that: every head needs its verdicts, and what blocks goes on being said.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.policy.finding import Finding, Outcome, key_of
from app.policy.values import Sha
from app.store.reviews import StoredFinding, StoredVerdict, standing

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
    """Whether so many heads were refused, and this one still is. What was carried over, or only stands, is no round:
    nobody tried to mend it and failed.
    """
    return len(_heads(_rounds(verdicts))) >= MOST_ROUNDS and bool(_refusing(verdicts, head))


def dispute_of(verdicts: Sequence[StoredVerdict], found: Sequence[StoredFinding], head: Sha) -> Dispute | None:
    """None while author and council may still settle it between themselves."""
    if not is_disputed(verdicts, head):
        return None
    rounds, refusing = _rounds(verdicts), _refusing(verdicts, head)
    said = [each for each in found if each.state in {"published", "shared"} and each.finding.severity.blocks]
    heads: dict[tuple[str, str], set[Sha]] = {}
    for each in said:
        heads.setdefault((each.perspective, key_of(each.finding)), set()).add(each.head_sha)
    now = {
        (each.perspective, key_of(each.finding)): each
        for each in said
        if each.head_sha == head and refusing.get(each.perspective) == each.run_id
    }
    findings = [
        Disputed(name, each.finding, max(1, sum((name, at) in rounds for at in heads[name, key])))
        for (name, key), each in now.items()
    ]
    return Dispute(len(_heads(rounds)), tuple(findings))


def _rounds(verdicts: Sequence[StoredVerdict]) -> set[tuple[str, Sha]]:
    """Who refused which head after reading it."""
    refused = (each for each in verdicts if each.outcome is Outcome.BLOCKED and not each.stands)
    return {(each.perspective, each.head_sha) for each in refused if each.carried_from is None}


def _heads(rounds: set[tuple[str, Sha]]) -> set[Sha]:
    return {head for _, head in rounds}


def _refusing(verdicts: Sequence[StoredVerdict], head: Sha) -> dict[str, str]:
    """Whose newest word on a head is a refusal, and in which run: what was looked at again may have been let go."""
    given = standing(each for each in verdicts if each.head_sha == head)
    return {each.perspective: each.run_id for each in given if each.outcome is Outcome.BLOCKED}
