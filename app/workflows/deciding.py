"""From facts to a decision that is on record."""

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import cast

from app.policy.config import Policy
from app.policy.decision import Decision, Node
from app.policy.gate import decide
from app.policy.queue_refs import QueueRef
from app.policy.rules import PERSPECTIVES, VETO
from app.policy.values import Json, Repo, Sha
from app.store import decisions
from app.store.decisions import StoredDecision
from app.store.work import work
from app.wiring import Services
from app.workflows.gathering import Gathered
from app.workflows.ground import Ground
from app.workflows.rounds import NOTE


def judge(gathered: Gathered) -> Decision:
    """By the facts alone; that a person is asked to decide is told beside it, and decides nothing."""
    decision = decide(gathered.facts, gathered.policy, gathered.proposed.policy)
    told = gathered.disputed and decision.status != "approved"
    return replace(decision, notes=(*decision.notes, NOTE)) if told else decision


async def keep(services: Services, repo: Repo, gathered: Gathered, decision: Decision) -> None:
    """Put a decision on record, with what it was made by, so that every green can be accounted for later."""
    pull, facts = gathered.pull, gathered.facts
    made = StoredDecision(
        id=decisions.new_id(),
        repo_id=repo.id,
        pull=pull.number,
        head_sha=gathered.change.head,
        base_ref=pull.base_ref,
        base_sha=gathered.ground.base_sha,
        fingerprint=facts.fingerprint or "",
        policy_hash=policy_hash([gathered.policy, gathered.proposed.policy]),
        status=decision.status,
        title=decision.title,
        tree=cast("Json", asdict(decision.node)),
        security=_stands(decision.node, VETO),
        at=time.time(),
    )
    async with work(services.database) as db:
        await decisions.keep_decision(db, f"{repo.full_name}#{pull.number}", made)


async def keep_of_group(
    services: Services,
    repo: Repo,
    ref: QueueRef,
    head: Sha,
    ground: Ground,
    judged: Sequence[Gathered],
    decision: Decision,
) -> None:
    """Put a decision on a merge group on record. Its fingerprint is made of those of its members' diffs."""
    diffs = [f"{each.pull.number} {each.facts.fingerprint or ''}" for each in judged]
    made = StoredDecision(
        id=decisions.new_id(),
        repo_id=repo.id,
        pull=ref.number,
        head_sha=head,
        base_ref=ref.base,
        base_sha=ground.base_sha,
        fingerprint=hashlib.sha256("\n".join(diffs).encode()).hexdigest(),
        policy_hash=policy_hash([each.policy for each in judged]),
        status=decision.status,
        title=decision.title,
        tree=cast("Json", asdict(decision.node)),
        security=bool(judged) and all(_stands(judge(each).node, VETO) for each in judged),
        at=time.time(),
    )
    async with work(services.database) as db:
        await decisions.keep_decision(db, f"{repo.full_name}#{ref.number}", made)


def policy_hash(policies: Sequence[Policy | None]) -> str:
    """What policies ask for, whatever their files look like."""
    told = "\n".join(_asked_by(policy) if policy is not None else "" for policy in policies)
    return hashlib.sha256(told.encode()).hexdigest()


def _asked_by(policy: Policy) -> str:
    """With the project's own perspectives, which stand in files of their own.

    A policy that names the five of the default one asks for less than it: others are not asked where they apply.
    """
    own = json.dumps([asdict(each) for each in policy.own]) if policy.own else ""
    named = "named" if policy.names_perspectives and policy.perspectives == PERSPECTIVES else ""
    return f"{policy.model_dump_json()}{own}{named}"


def _stands(node: Node, rule: str) -> bool:
    """Whether a rule is satisfied; should a policy give that name to another one, both must be."""
    named = [child.status for child in node.children if child.rule == rule]
    return bool(named) and all(status == "approved" for status in named)
