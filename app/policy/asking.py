"""Who is asked to review, and what must be the same for what they said of an earlier head to stand."""

from collections.abc import Collection, Mapping

from app.policy.applying import applies
from app.policy.by_default import only_advises, rules_under
from app.policy.config import Policy
from app.policy.facts import Facts
from app.policy.finding import Outcome
from app.policy.rules import CarryOver, Rule, SomeOf
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


def asked_for_files(facts: Facts, policy: Policy) -> tuple[str, ...]:
    """Whom a change of these files is for: whom the policy always asks, and whom rules that surely apply ask."""
    names = [*policy.perspectives, *policy.required_perspectives]
    for rule in rules_under(policy):
        if applies(rule.applies_to, facts).holds:
            names += _named(rule)
    return _with_a_part(names, policy, facts)


def must_agree(facts: Facts, policy: Policy, said: Mapping[str, Outcome]) -> tuple[str, ...]:
    """Whose approval is waited for, as far as these facts and what was `said` tell.

    A rule that may apply counts for those who spoke: the review, which knew more, asked them.
    """
    names = list(policy.required_perspectives)
    for rule in rules_under(policy):
        holds = applies(rule.applies_to, facts).holds
        if holds is not False and not only_advises(rule, policy):
            wanted = (*(rule.requires.perspectives or ()), *_too_few(rule.requires.some_of, said, policy, facts))
            names += [name for name in wanted if holds or name in said]
    return _with_a_part(names, policy, facts)


def _too_few(some: SomeOf | None, said: Mapping[str, Outcome], policy: Policy, facts: Facts) -> tuple[str, ...]:
    """Those of whom some must approve, as long as not so many have. Whoever has no part here does not count."""
    asked = _with_a_part(some.of, policy, facts) if some is not None else ()
    if some is None or sum(said.get(name) is Outcome.APPROVED for name in asked) >= some.count:
        return ()
    return asked


def _with_a_part(names: Collection[str], policy: Policy, facts: Facts) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(names) if not why_unasked(name, policy, facts))


def _named(rule: Rule) -> tuple[str, ...]:
    some = rule.requires.some_of.of if rule.requires.some_of is not None else ()
    return (*(rule.requires.perspectives or ()), *some)


def _by(facts: Facts, policy: Policy) -> Asked:
    """A rule that is not certain not to apply does. The project's own perspectives are asked of their files only."""
    base = terms_of(policy).carry_over
    asked = dict.fromkeys((*policy.perspectives, *policy.required_perspectives), base)
    for rule in rules_under(policy):
        if applies(rule.applies_to, facts).holds is False:
            continue
        for name in _named(rule) or (policy.required_perspectives if rule.requires.tightens else ()):
            asked[name] = asked.get(name, base) | terms_of(policy, rule).carry_over
    return {name: same for name, same in asked.items() if not why_unasked(name, policy, facts)}
