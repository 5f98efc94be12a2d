"""On which terms an approval counts: the policy's, or those of a rule that asks for more."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.policy.config import Policy
from app.policy.rules import VETO, CarryOver, Override, Rule


@dataclass(frozen=True)
class Terms:
    """`override` None: nobody may. `vetoes`: perspectives whose refusal nobody overrides."""

    min_confidence: float
    carry_over: frozenset[CarryOver]
    max_age_hours: int | None
    other_family: bool
    override: Override | None
    vetoes: frozenset[str]


def vetoes_of(policies: Iterable[Policy]) -> frozenset[str]:
    """Perspectives that have a veto anywhere in these policies, whether or not the rule applies."""
    return frozenset(
        name for policy in policies for rule in (None, *policy.rules) for name in terms_of(policy, rule).vetoes
    )


def terms_of(policy: Policy, rule: Rule | None = None) -> Terms:
    """A rule's terms are never laxer than the policy's, but for who may override, which is the rule's own to say."""
    base = Terms(
        min_confidence=policy.min_confidence,
        carry_over=frozenset({policy.carry_over}),
        max_age_hours=policy.max_age_hours,
        other_family=False,
        override=policy.override or None,
        vetoes=frozenset({VETO, *policy.vetoes}),
    )
    if rule is None:
        return base
    asked = rule.requires
    ages = [age for age in (asked.max_age_hours, policy.max_age_hours) if age is not None]
    own = {*(asked.perspectives or ()), *(asked.some_of.of if asked.some_of else ())} if rule.veto else set()
    return Terms(
        min_confidence=max(asked.min_confidence or 0.0, policy.min_confidence),
        carry_over=base.carry_over | ({rule.carry_over} if rule.carry_over else set()),
        max_age_hours=min(ages, default=None),
        other_family=asked.other_family,
        override=base.override if rule.override is None else rule.override or None,
        vetoes=base.vetoes | own,
    )
