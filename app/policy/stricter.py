"""Whether a policy asks for more than an older one did, so that what was approved then is not approved now.

One that asks for less must not count as more: what had landed would have to be taken back and landed again.
"""

from collections.abc import Callable

from app.policy.config import Policy

_SAYS_NOTHING = frozenset(
    {"perspectives", "budget_usd", "max_rounds", "environments", "automerge", "analyzers", "coverage"}
    | {"path_instructions", "setup"}
)
"""Who is heard besides those who must agree, what they are shown, what it may cost, what is installed before tests run,
who merges, where things may go."""


def asks_more(new: Policy, old: Policy) -> bool:
    """Any difference in a key that is not known here counts as more: nobody has thought about it."""
    for key in Policy.model_fields:
        if key in _KNOWN and _KNOWN[key](new, old):
            return True
        if key not in _KNOWN and key not in _SAYS_NOTHING and getattr(new, key) != getattr(old, key):
            return True
    return _about_more_files(new, old)


def _about_more_files(new: Policy, old: Policy) -> bool:
    """A perspective of the project's own is asked of the files that it names; its words are what somebody is shown."""
    before = {each.name: each.paths for each in old.own}
    both = [(each.paths, before[each.name]) for each in new.own if each.name in before]
    return any(was is not None and (now is None or not set(now) <= set(was)) for now, was in both)


def _more_names(new: Policy, old: Policy) -> bool:
    more = set(new.required_perspectives) - set(old.required_perspectives)
    return bool(more) or (_waits_by_default(new) and not _waits_by_default(old))


def _waits_by_default(policy: Policy) -> bool:
    """Whether it waits for those, too, whom it did not name and who are asked where they apply."""
    return policy.required == "all" and not policy.names_perspectives


def _more_sure(new: Policy, old: Policy) -> bool:
    return new.min_confidence > old.min_confidence


def _other_tests(new: Policy, old: Policy) -> bool:
    return new.test is not None and new.test != old.test


def _less_aside(new: Policy, old: Policy) -> bool:
    """The last glob that matches decides, so only those that are put behind the old ones and add to them are less."""
    count = len(old.set_aside)
    return new.set_aside[:count] != old.set_aside or any(glob.startswith("!") for glob in new.set_aside[count:])


def _newer_head(new: Policy, old: Policy) -> bool:
    return new.strict and not old.strict


def _younger(new: Policy, old: Policy) -> bool:
    return new.max_age_hours is not None and (old.max_age_hours is None or new.max_age_hours < old.max_age_hours)


def _less_alone(new: Policy, old: Policy) -> bool:
    return new.autonomy < old.autonomy


def _more_vetoes(new: Policy, old: Policy) -> bool:
    return not set(new.vetoes) <= set(old.vetoes)


def _carried_less(new: Policy, old: Policy) -> bool:
    """`same_diff` carries furthest; of the others none asks for all that another does."""
    return new.carry_over not in {"same_diff", old.carry_over}


def _more_rules(new: Policy, old: Policy) -> bool:
    """A rule can only ask for more, so that without one less is asked for."""
    return any(rule not in old.rules for rule in new.rules)


_KNOWN: dict[str, Callable[[Policy, Policy], bool]] = {
    "required": _more_names,
    "min_confidence": _more_sure,
    "test": _other_tests,
    "set_aside": _less_aside,
    "strict": _newer_head,
    "max_age_hours": _younger,
    "autonomy": _less_alone,
    "vetoes": _more_vetoes,
    "carry_over": _carried_less,
    "rules": _more_rules,
}
