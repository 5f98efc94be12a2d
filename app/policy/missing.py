"""What keeps the gate closed, one thing at a time: what to do, and whose word could take its place. Pure."""

from collections.abc import Container, Iterator
from dataclasses import dataclass

from app.policy.builtin import ADMIN
from app.policy.by_default import rules_under
from app.policy.config import Policy
from app.policy.decision import Decision, Node, Status
from app.policy.gate import OWN_POLICY
from app.policy.overriding import target_of, targets_of
from app.policy.persons import whom
from app.policy.terms import Terms, terms_of


@dataclass(frozen=True)
class Missing:
    """`rule`: with the rules around it. `override`: whose word could stand in for it; empty where none ever could."""

    rule: str
    status: Status
    todo: str
    override: str = ""


def missing_of(decision: Decision, policy: Policy, proposed: Policy | None = None) -> tuple[Missing, ...]:
    """Everything that counts and is not approved, in the order of the rules."""
    return tuple(_of(decision.node.children, policy, proposed, targets_of(policy, proposed)))


def _of(
    nodes: tuple[Node, ...], policy: Policy, proposed: Policy | None, targets: Container[str], around: str = ""
) -> Iterator[Missing]:
    rules = {rule.name: rule for rule in rules_under(policy)}
    for node in nodes:
        if node.rule == OWN_POLICY and proposed is not None:
            yield from _of(node.children, proposed, None, targets, f"{OWN_POLICY}: ")
            continue
        rule = rules.get(node.rule) if node.children else None
        terms = terms_of(policy, rule)
        for leaf in node.leaves():
            if leaf.status != "approved":
                name = f"{around}{node.rule}: {leaf.rule}" if leaf is not node else f"{around}{leaf.rule}"
                yield Missing(name, leaf.status, leaf.todo or leaf.because, _override(leaf, terms, targets))


def _override(leaf: Node, terms: Terms, targets: Container[str]) -> str:
    if leaf.children or target_of(leaf) not in targets:
        return ""
    outage = leaf.outage and terms.override is not None and terms.override.outage
    if leaf.rule in terms.vetoes and not outage:
        return "nobody: it has a veto"
    override = ADMIN if leaf.rule == "a person" else terms.override
    if override is None:
        return "nobody: the policy does not allow it"
    return f"{whom(override.by)}{'' if override.author else ', but not the author'}"
