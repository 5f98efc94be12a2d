"""The oracle's own reading of policies: that part of docs/policy.md which the machine's policies use, and no more."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

import yaml

_BUILT_IN_FIVE = ("security", "performance", "architecture", "testing", "documentation")
_KNOWN = {"perspectives", "required", "min_confidence", "carry_over", "strict", "vetoes", "override", "rules"}
_LEVELS = ("none", "read", "triage", "write", "maintain", "admin")


@dataclass(frozen=True)
class Override:
    """Who may override: roles, or people as `@login`."""

    by: tuple[str, ...] = ("maintain",)
    author: bool = False


ADMIN = Override(("admin",), author=True)


@dataclass(frozen=True)
class Rule:
    """`people`: how many, of which roles. `override` None: as the policy says."""

    applies_to: dict[str, Any]
    perspectives: tuple[str, ...] = ()
    people: int = 0
    who: tuple[str, ...] = ("write",)
    min_confidence: float = 0.0
    override: Override | bool | None = None


BUILT_IN = (
    Rule({"kind": "workflows"}, people=1, override=ADMIN),
    Rule({"kind": "policy"}, people=1, override=ADMIN),
    Rule({"kind": "infrastructure"}, perspectives=("infrastructure",)),
)


@dataclass(frozen=True)
class Policy:
    perspectives: tuple[str, ...] = _BUILT_IN_FIVE
    required: tuple[str, ...] = _BUILT_IN_FIVE
    min_confidence: float = 0.5
    strict: bool = False
    vetoes: frozenset[str] = frozenset({"security"})
    override: Override | bool = field(default_factory=Override)
    rules: tuple[Rule, ...] = ()


def read_policy(text: str) -> Policy | None:
    """None where it cannot be used."""
    try:
        told = yaml.safe_load(text)
    except yaml.YAMLError:
        return None
    if told is None:
        return Policy()
    if not isinstance(told, dict) or not set(told) <= _KNOWN:
        return None
    perspectives = tuple(told.get("perspectives", _BUILT_IN_FIVE))
    required = told.get("required", "all")
    return Policy(
        perspectives=perspectives,
        required=perspectives if required == "all" else tuple(dict.fromkeys(("security", *required))),
        min_confidence=told.get("min_confidence", 0.5),
        strict=told.get("strict", False),
        vetoes=frozenset({"security", *told.get("vetoes", ())}),
        override=_override(told["override"]) if "override" in told else Override(),
        rules=tuple(_rule(each) for each in told.get("rules", ())),
    )


def at_least(role: str, least: str) -> bool:
    return _LEVELS.index(role) >= _LEVELS.index(least)


def is_named(login: str, role: str, who: tuple[str, ...]) -> bool:
    """Whoever it is needs write access."""
    named = f"@{login}" in who or any(not each.startswith("@") and at_least(role, each) for each in who)
    return at_least(role, "write") and named


@dataclass(frozen=True)
class Case:
    """What conditions look at. `labels`: each with whether it was set by somebody who may."""

    names: frozenset[str]
    size: int
    labels: dict[str, bool]
    author: str
    author_role: str
    base: str


def holds(condition: dict[str, Any], case: Case) -> bool | None:
    """Yes, no, or not certain."""
    answers = {_HOLDS[key](value, case) for key, value in condition.items()}
    return False if False in answers else None if None in answers else True


def _paths(globs: list[str], case: Case) -> bool:
    return any(fnmatchcase(name, glob.replace("**", "*")) for name in case.names for glob in globs)


def _labels(wanted: list[str], case: Case) -> bool | None:
    there = [trusted for name, trusted in case.labels.items() if name in wanted]
    return True if any(there) else None if there else False


def _author(wanted: dict[str, Any], case: Case) -> bool:
    named = "users" not in wanted or case.author in wanted["users"]
    return named and ("permission" not in wanted or at_least(case.author_role, wanted["permission"]))


def _kind(kind: str, case: Case) -> bool:
    starts = {"workflows": ".github/workflows/", "policy": ".github/quorum.yml", "infrastructure": "deploy/"}
    return any(name.startswith(starts[kind]) for name in case.names)


def _not(condition: dict[str, Any], case: Case) -> bool | None:
    inside = holds(condition, case)
    return None if inside is None else not inside


_HOLDS: Any = {
    "paths": _paths,
    "labels": _labels,
    "lines_over": lambda limit, case: case.size > limit,
    "author": _author,
    "base": lambda globs, case: any(fnmatchcase(case.base, glob) for glob in globs),
    "kind": _kind,
    "not": _not,
}


def _override(told: Any) -> Override | bool:
    return Override(tuple(told.get("by", ("maintain",))), told.get("author", False)) if told else False


def _rule(told: dict[str, Any]) -> Rule:
    wanted = told["requires"]
    people = wanted.get("people")
    return Rule(
        applies_to=told.get("applies_to", {}),
        perspectives=tuple(wanted.get("perspectives", ())),
        people=0 if people is None else people.get("count", 1),
        who=("write",) if people is None else tuple(people.get("who", ("write",))),
        min_confidence=wanted.get("min_confidence", 0.0),
        override=_override(told["override"]) if "override" in told else None,
    )
