"""What an override would change: worked out by deciding with it and without it."""

from collections.abc import Container, Iterator
from dataclasses import replace

from app.policy.config import Policy
from app.policy.decision import Decision, Node
from app.policy.facts import Facts, PersonFact, StatementFact
from app.policy.gate import decide
from app.policy.persons import why_not
from app.policy.rules import KNOWN
from app.policy.terms import terms_of
from app.policy.words import names_under

_TARGETS = {"code owners": "people", "a person": "people"}
TARGETS = (*KNOWN, "tests", "people")
"""What can be named in an override, beside the project's own perspectives."""


def targets_of(*policies: Policy | None) -> tuple[str, ...]:
    """What can be named under these policies."""
    return tuple(dict.fromkeys((*TARGETS, *names_under(*policies))))


def missing_targets(decision: Decision, targets: Container[str] = TARGETS) -> tuple[str, ...]:
    """What keeps the gate closed and has a name that an override can name."""
    return tuple(dict.fromkeys(target_of(node) for node in _leaves(decision, targets) if node.status != "approved"))


def would_help(target: str, person: PersonFact, facts: Facts, policy: Policy, proposed: Policy | None) -> bool:
    """Whether this person's word for the target would take the place of something that is missing."""
    said = StatementFact("override", target, person, person.permission or "none", "", facts.fingerprint or "")
    more = replace(facts, statements=(*(facts.statements or ()), said))
    before, after = decide(facts, policy, proposed), decide(more, policy, proposed)
    targets = targets_of(policy, proposed)
    return _count(after, target, targets) < _count(before, target, targets)


def why_not_overridden(target: str, person: PersonFact, facts: Facts, policy: Policy) -> str:
    """The rest of a sentence for somebody whose override would change nothing."""
    terms = terms_of(policy)
    if target in terms.vetoes:
        return f"the veto of {target} cannot be overridden; a new diff or a withdrawn finding opens it"
    said = StatementFact("override", target, person, person.permission or "none", "", facts.fingerprint or "")
    return why_not(said, facts, terms.override) or f"nothing is missing that has the name {target}"


def _count(decision: Decision, target: str, targets: Container[str]) -> int:
    return sum(node.status != "approved" and target_of(node) == target for node in _leaves(decision, targets))


def _leaves(decision: Decision, targets: Container[str]) -> Iterator[Node]:
    return (node for node in decision.node.leaves() if target_of(node) in targets)


def target_of(node: Node) -> str:
    """What an override names that stands in for this."""
    return _TARGETS.get(node.rule, node.rule)
