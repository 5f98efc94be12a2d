"""Proofs in a challenge: run once each, whoever asks, and only for the gravest findings of a review."""

from collections.abc import Mapping, Sequence

from app.agents.steps import Steps
from app.agents.tools.endings import Prove
from app.policy.finding import Finding
from app.policy.proof import Proof, Ran
from app.policy.values import JsonValue

_MOST = 8
"""Findings of a review for which something is run; each may try twice."""


def journalled_proofs(prove: Prove, steps: Steps, name: str) -> Prove:
    """The same, as steps of the run: what was seen is what is published, also after a crash."""

    async def once(proof: Proof) -> Ran:
        async def run() -> JsonValue:
            seen: JsonValue = (await prove(proof)).model_dump(mode="json")
            return seen

        return Ran.model_validate(await steps.step(f"{name}.proof-{proof.digest}", run))

    return once


def may_be_proven(findings: Mapping[str, Sequence[Finding]]) -> set[tuple[str, int]]:
    """By perspective and number from 1, the blocking findings for which a proof is run."""
    blocking = [
        (finding.severity.rank, name, number)
        for name, found in findings.items()
        for number, finding in enumerate(found, start=1)
        if finding.severity.blocks
    ]
    return {(name, number) for _, name, number in sorted(blocking)[:_MOST]}
