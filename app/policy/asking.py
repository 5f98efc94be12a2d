"""Who is asked to review, and what must be the same for what they said of an earlier head to stand."""

from app.policy.applying import applies
from app.policy.by_default import rules_under
from app.policy.config import Policy
from app.policy.facts import Facts
from app.policy.rules import CarryOver
from app.policy.terms import terms_of
from app.policy.words import why_unasked

Asked = dict[str, frozenset[CarryOver]]


def who_is_asked(facts: Facts, policy: Policy, proposed: Policy | None = None) -> Asked:
    """By perspective, in order: whom the policy always asks, whom rules that apply ask, then the same of `proposed`."""
    asked: Asked = {}
    for each in (policy, proposed):
        if each is not None:
            for name, same in _by(facts, each).items():
                asked[name] = asked.get(name, frozenset()) | same
    return asked


def _by(facts: Facts, policy: Policy) -> Asked:
    """A rule that is not certain not to apply does. The project's own perspectives are asked of their files only."""
    base = terms_of(policy).carry_over
    asked = dict.fromkeys((*policy.perspectives, *policy.required_perspectives), base)
    for rule in rules_under(policy):
        if applies(rule.applies_to, facts).holds is False:
            continue
        wanted = rule.requires
        some = wanted.some_of.of if wanted.some_of is not None else ()
        names = (*(wanted.perspectives or ()), *some)
        for name in names or (policy.required_perspectives if wanted.tightens else ()):
            asked[name] = asked.get(name, base) | terms_of(policy, rule).carry_over
    return {name: same for name, same in asked.items() if not why_unasked(name, policy, facts)}
