"""Whether a policy asks for more than an older one did, so that what was approved then is not approved now."""

from app.policy.config import Policy

_SAYS_NOTHING = frozenset({"perspectives", "budget_usd", "max_rounds", "environments", "automerge", "analyzers"})
"""Who is heard besides those who must agree, what they are shown, what it may cost, who merges, where things may go."""


def asks_more(new: Policy, old: Policy) -> bool:
    """Any difference in a key that is not known here counts as more: nobody has thought about it."""
    known = {"required": _more_names, "min_confidence": _more_sure, "test": _other_tests, "set_aside": _less_aside}
    for key in Policy.model_fields:
        if key in known and known[key](new, old):
            return True
        if key not in known and key not in _SAYS_NOTHING and getattr(new, key) != getattr(old, key):
            return True
    return False


def _more_names(new: Policy, old: Policy) -> bool:
    return not set(new.required_perspectives) <= set(old.required_perspectives)


def _more_sure(new: Policy, old: Policy) -> bool:
    return new.min_confidence > old.min_confidence


def _other_tests(new: Policy, old: Policy) -> bool:
    return new.test is not None and new.test != old.test


def _less_aside(new: Policy, old: Policy) -> bool:
    """The last glob that matches decides, so only those that are put behind the old ones and add to them are less."""
    count = len(old.set_aside)
    return new.set_aside[:count] != old.set_aside or any(glob.startswith("!") for glob in new.set_aside[count:])
