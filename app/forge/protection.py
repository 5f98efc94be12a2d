"""What a branch demands, read as far as the token may see it. What it may not see is named, and is no error.

`GET …/rules/branches/BRANCH` needs `metadata: read` and tells of the active rules of all levels; the branch itself
tells which checks classic protection requires; the rest of that needs `administration: read`.
https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from app.forge.api import GitHub
from app.forge.errors import ForgeError, NotFoundError, RefusedError
from app.forge.permissions import PROTECTION
from app.policy.classic_plans import is_on
from app.policy.demands import BranchRule, Bypass, Classic, RequiredCheck
from app.policy.protection import judge_protection

_FORBIDDEN = 403
_PULL_BYPASS = {"users": "login", "teams": "slug", "apps": "slug"}


@dataclass
class Reading:
    """`unseen` says what could not be read and why. `checks_seen`: that a check is missing here can be believed."""

    rules: list[BranchRule] = field(default_factory=list)
    classic: Classic | None = None
    unseen: list[str] = field(default_factory=list)
    checks_seen: bool = True


async def is_gate_required(gh: GitHub, branch: str) -> bool | None:
    """Whether the branch demands the gate's check of our App; None when that cannot be told."""
    reading = await read_protection(gh, branch)
    found = judge_protection(reading.rules, reading.classic, gh.forge.app_id).bound
    return found if found or reading.checks_seen else None


async def read_protection(gh: GitHub, branch: str) -> Reading:
    """Rulesets of every level, and classic protection. Raises forge errors only where GitHub gives no answer."""
    reading = Reading()
    await _read_rules(gh, branch, reading)
    await _read_classic(gh, branch, reading)
    return reading


def has_no_rulesets(error: ForgeError) -> bool:
    """Whether it says that there are none to be had: an older Enterprise Server, or a plan without them."""
    if isinstance(error, NotFoundError):
        return True
    return isinstance(error, RefusedError) and error.status == _FORBIDDEN and "upgrade to" in str(error).lower()


async def _read_rules(gh: GitHub, branch: str, reading: Reading) -> None:
    try:
        rules = [rule async for rule in gh.pages(f"rules/branches/{quote(branch)}")]
    except (NotFoundError, RefusedError) as error:
        if not has_no_rulesets(error):
            reading.unseen.append(f"the rulesets of `{branch}` ({error})")
            reading.checks_seen = False
        return
    shown = {each: await _read_ruleset(gh, each) for each in sorted({rule["ruleset_id"] for rule in rules})}
    for rule in rules:
        ruleset = shown[rule["ruleset_id"]]
        name = str(ruleset.get("name") or f"{rule['ruleset_id']} of {rule.get('ruleset_source', 'this repository')}")
        reading.rules.append(_rule(rule, name, _bypass(ruleset)))


async def _read_ruleset(gh: GitHub, ruleset_id: int) -> Mapping[str, Any]:
    """Its name and bypass list; empty when it cannot be seen, as may be with an organization's."""
    try:
        found: Mapping[str, Any] = await gh.get(f"rulesets/{ruleset_id}")
    except (NotFoundError, RefusedError):
        return {}
    return found


async def _read_classic(gh: GitHub, branch: str, reading: Reading) -> None:
    place = f"branches/{quote(branch)}"
    try:
        summary = (await gh.get(place)).get("protection") or {}
    except (NotFoundError, RefusedError) as error:
        reading.unseen.append(f"the branch `{branch}` ({error})")
        reading.checks_seen = False
        return
    if summary.get("enabled") is False:
        return
    try:
        reading.classic = parse_classic(await gh.asking(PROTECTION).get(f"{place}/protection"))
    except (NotFoundError, RefusedError) as error:
        told = f"all of the classic protection of `{branch}`, which needs `administration: read` ({error})"
        reading.unseen.append(told)
        reading.classic = _from_summary(summary)
        reading.checks_seen = reading.checks_seen and "required_status_checks" in summary


def parse_classic(shown: Mapping[str, Any]) -> Classic:
    required, reviews = shown.get("required_status_checks") or {}, shown.get("required_pull_request_reviews")
    spared = (reviews or {}).get("bypass_pull_request_allowances") or {}
    named = [str(each[key]) for kind, key in _PULL_BYPASS.items() for each in spared.get(kind) or []]
    return Classic(
        checks=_checks(required),
        strict=bool(required.get("strict")),
        enforce_admins=is_on(shown.get("enforce_admins")),
        pulls=reviews is not None,
        pull_bypass=tuple(named),
    )


def _from_summary(summary: Mapping[str, Any]) -> Classic:
    required = summary.get("required_status_checks") or {}
    admins = {"everyone": True, "non_admins": False}.get(str(required.get("enforcement_level")))
    return Classic(checks=_checks(required), strict=None, enforce_admins=admins, pulls=None)


def _checks(required: Mapping[str, Any]) -> tuple[RequiredCheck, ...]:
    """Old Enterprise Servers show `contexts` alone."""
    bound = [RequiredCheck(each["context"], _app(each.get("app_id"))) for each in required.get("checks") or []]
    named = {each.context for each in bound}
    return (*bound, *(RequiredCheck(each) for each in required.get("contexts") or [] if each not in named))


def _rule(rule: Mapping[str, Any], ruleset: str, bypass: tuple[Bypass, ...] | None) -> BranchRule:
    parameters = rule.get("parameters") or {}
    held = parameters.get("required_status_checks") or []
    checks = tuple(RequiredCheck(each["context"], _app(each.get("integration_id"))) for each in held)
    strict = bool(parameters.get("strict_required_status_checks_policy"))
    return BranchRule(str(rule["type"]), ruleset, checks, strict, bypass)


def _bypass(ruleset: Mapping[str, Any]) -> tuple[Bypass, ...] | None:
    """The list is shown only to those who may change it."""
    if "bypass_actors" not in ruleset:
        return None
    actors = ruleset["bypass_actors"]
    return tuple(Bypass(each["actor_type"], each.get("actor_id"), each.get("bypass_mode", "always")) for each in actors)


def _app(app_id: int | None) -> int | None:
    return None if app_id in {None, -1} else app_id
