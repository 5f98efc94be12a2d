"""How the gate's check becomes required while all that is demanded already stays. Pure: what GitHub shows goes in,
what is to be sent to it comes out.

Rulesets are summed up by GitHub, and the strictest demand counts: https://docs.github.com/en/rest/repos/rules. So one
of our own takes nothing from others, and others' are changed only where they speak of our check already.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from app.policy.checks import GATE_CHECK

DEFAULT, ALL = "~DEFAULT_BRANCH", "~ALL"
RULESET_NAME = "Quorum gate"
_SENT_BACK = ("name", "target", "enforcement", "bypass_actors", "conditions", "rules")
"""All of a ruleset that can be changed: https://docs.github.com/en/rest/repos/rules#update-a-repository-ruleset."""
_CHECKS, _PULLS = "required_status_checks", "pull_request"
_SIGNS = {"**/": "(?:[^/]+/)*", "*": "[^/]*", "?": "[^/]"}
_REVIEWS = (
    "dismiss_stale_reviews_on_push",
    "require_code_owner_review",
    "require_last_push_approval",
    "required_review_thread_resolution",
)


@dataclass(frozen=True)
class Wanted:
    """`pattern` in a ruleset's form. `pulls`: nothing else requires a pull request. `strict` False asks for nothing."""

    app_id: int
    pattern: str = DEFAULT
    strict: bool = False
    pulls: bool = True
    check: str = GATE_CHECK


@dataclass(frozen=True)
class Plan:
    """`body` None: there is nothing to do. `changes` says in words what it does."""

    body: dict[str, Any] | None
    changes: tuple[str, ...] = ()


def pattern_of(branch: str) -> str:
    """What people write, in a ruleset's form: `~DEFAULT_BRANCH` and `~ALL` stay, names get `refs/heads/`."""
    return branch if branch.startswith(("~", "refs/heads/")) else f"refs/heads/{branch}"


def is_open(pattern: str) -> bool:
    """Whether it may name many branches, and ones that are not there yet."""
    return pattern == ALL or any(sign in pattern for sign in "*?[")


def covers(pattern: str, branch: str) -> bool:
    """Ruby's fnmatch with its flag for paths, as in rulesets: `*` ends at a slash, `**/` does not.

    https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax
    """
    if pattern == ALL:
        return True
    signs = re.split(r"(\*\*/|\*+|\?)", pattern)
    return (
        re.fullmatch(
            "".join(_SIGNS.get(each, _SIGNS["*"] if each[:1] == "*" else re.escape(each)) for each in signs),
            f"refs/heads/{branch}",
        )
        is not None
    )


def choose_ruleset(rulesets: Iterable[Mapping[str, Any]], want: Wanted) -> Mapping[str, Any] | None:
    """The repository's own ruleset to change: the one with our name, else one that takes our check from anybody.

    One that lets somebody through, or that waits for another App's check of this name, is left to its owners.
    """
    own = [each for each in rulesets if each.get("source_type", "Repository") == "Repository"]
    own = [each for each in own if each.get("target", "branch") == "branch"]
    named = next((each for each in own if each["name"] == RULESET_NAME), None)
    return named or next((each for each in own if _speaks_of_it(each, want)), None)


def plan_ruleset(existing: Mapping[str, Any] | None, want: Wanted) -> Plan:
    """The ruleset to be sent: `existing` and more, never less. Without one, a new ruleset that nobody may bypass."""
    if existing is None:
        body: dict[str, Any] = {"name": RULESET_NAME, "target": "branch", "enforcement": "active", "bypass_actors": []}
        body["conditions"] = {"ref_name": {"include": [want.pattern], "exclude": []}}
        return Plan({**body, "rules": []} | _with_rules(want), (f"a ruleset `{RULESET_NAME}` for {want.pattern}",))
    body = deepcopy({key: existing[key] for key in _SENT_BACK if key in existing})
    body["rules"] = list(body.get("rules") or [])
    changes = (
        *_enforce(body),
        *_cover(body, want.pattern),
        *_require(body["rules"], want),
        *_pull(body["rules"], want),
    )
    return Plan(body if changes else None, changes)


def _with_rules(want: Wanted) -> dict[str, Any]:
    rules: list[dict[str, Any]] = []
    tuple(_require(rules, want))
    tuple(_pull(rules, want))
    return {"rules": rules}


def _enforce(body: dict[str, Any]) -> Iterator[str]:
    if body.get("enforcement") != "active":
        was, body["enforcement"] = body.get("enforcement"), "active"
        yield f"its enforcement is active (it was {was})"


def _cover(body: dict[str, Any], pattern: str) -> Iterator[str]:
    """What is excluded stays so: somebody said that it is not meant."""
    conditions = body.setdefault("conditions", {}) or {}
    body["conditions"] = conditions
    names = conditions.setdefault("ref_name", {"include": [], "exclude": []})
    if not {pattern, ALL} & set(names["include"]):
        names["include"] = [*names["include"], pattern]
        yield f"it applies to {pattern}"


def _require(rules: list[dict[str, Any]], want: Wanted) -> Iterator[str]:
    rule = next((each for each in rules if each["type"] == _CHECKS), None)
    if rule is None:
        rule = {"type": _CHECKS, "parameters": {_CHECKS: [], "strict_required_status_checks_policy": False}}
        rule["parameters"]["do_not_enforce_on_create"] = False  # else a branch deleted and made anew needs no check
        rules.append(rule)
    parameters = rule["parameters"]
    held = [each for each in parameters[_CHECKS] if each["context"] == want.check]
    loose = [each for each in held if _app(each) is None]
    if not any(_app(each) == want.app_id for each in held):
        if loose:
            loose[0]["integration_id"] = want.app_id
        else:
            parameters[_CHECKS].append({"context": want.check, "integration_id": want.app_id})
        yield f"it requires `{want.check}` of the App {want.app_id}{', which it took from anybody' if loose else ''}"
    if want.strict and not parameters.get("strict_required_status_checks_policy"):
        parameters["strict_required_status_checks_policy"] = True
        yield "it requires branches to be up to date"


def _pull(rules: list[dict[str, Any]], want: Wanted) -> Iterator[str]:
    """No approvals of people are asked for: whether they are needed is theirs to say."""
    if want.pulls and all(each["type"] != _PULLS for each in rules):
        parameters = {"required_approving_review_count": 0, **dict.fromkeys(_REVIEWS, False)}
        rules.append({"type": _PULLS, "parameters": parameters})
        yield "it requires a pull request"


def _speaks_of_it(ruleset: Mapping[str, Any], want: Wanted) -> bool:
    names = (ruleset.get("conditions") or {}).get("ref_name") or {}
    covers = bool({want.pattern, ALL} & set(names.get("include", []))) and not names.get("exclude")
    rules = [each for each in ruleset.get("rules") or [] if each["type"] == _CHECKS]
    held = [each for rule in rules for each in rule["parameters"][_CHECKS] if each["context"] == want.check]
    ours = bool(held) and all(_app(each) in {None, want.app_id} for each in held)
    return covers and ours and ruleset["enforcement"] == "active" and ruleset.get("bypass_actors") == []


def _app(check: Mapping[str, Any]) -> int | None:
    """GitHub writes -1 for anybody in some places."""
    held = check.get("integration_id")
    return None if held in {None, -1} else int(str(held))
