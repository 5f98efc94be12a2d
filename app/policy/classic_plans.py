"""How the gate's check joins a classic branch protection that can only be replaced as a whole. Pure.

`PUT …/protection` sets everything anew: what is not sent back is gone.
https://docs.github.com/en/rest/branches/branch-protection#update-branch-protection
"""

from collections.abc import Mapping
from typing import Any

from app.policy.protection_plans import Plan, Wanted

_ANYBODY = -1
"""Left out, GitHub would choose an App by itself."""
SWITCHES = (
    "allow_deletions",
    "allow_force_pushes",
    "allow_fork_syncing",
    "block_creations",
    "lock_branch",
    "required_conversation_resolution",
    "required_linear_history",
)
_LOOSER = frozenset({"allow_deletions", "allow_force_pushes"})
"""`allow_fork_syncing` loosens only a lock, and stays as it was found."""
_REVIEW_FLAGS = ("dismiss_stale_reviews", "require_code_owner_reviews", "require_last_push_approval")
_NAMES = {"users": "login", "teams": "slug", "apps": "slug"}


def plan_classic(existing: Mapping[str, Any] | None, want: Wanted) -> Plan:
    """The protection to be sent: what GitHub shows of it now and more, never less. None: there is none."""
    held = existing or {}
    checks, changes = _checks(held.get("required_status_checks") or {}, want)
    reviews = _reviews(held.get("required_pull_request_reviews"))
    if reviews is None and want.pulls:
        reviews = {"required_approving_review_count": 0}
        changes.append("it requires a pull request")
    body = {
        "required_status_checks": checks,
        "enforce_admins": existing is None or is_on(held.get("enforce_admins")),
        "required_pull_request_reviews": reviews,
        "restrictions": _people(held.get("restrictions")),
        **{name: is_on(held.get(name)) for name in SWITCHES},
    }
    return Plan(body if changes else None, tuple(changes))


def demands_of_classic(shown: Mapping[str, Any]) -> frozenset[str]:
    """All that a protection demands, one sentence each, from GitHub's form or from what is sent to it."""
    required, reviews = shown.get("required_status_checks") or {}, shown.get("required_pull_request_reviews")
    told = {f"the check `{each['context']}`" for each in _listed(required)}
    told |= {f"the check `{each['context']}` of the App {each['app_id']}" for each in _listed(required) if _bound(each)}
    told |= {"branches that are up to date"} if required.get("strict") else set()
    told |= {"all of it of administrators, too"} if is_on(shown.get("enforce_admins")) else set()
    told |= {"signed commits"} if is_on(shown.get("required_signatures")) else set()
    told |= {
        f"`{name}`" for name in SWITCHES if name not in _LOOSER | {"allow_fork_syncing"} and is_on(shown.get(name))
    }
    told |= {f"not `{name}`" for name in _LOOSER if not is_on(shown.get(name))}
    if shown.get("restrictions"):
        told.add(f"that only {_people(shown['restrictions'])} push")
    kept = _reviews(reviews)
    if kept is not None:
        least = int(kept.get("required_approving_review_count", 0))
        told |= {"a pull request", *(f"{count} approvals" for count in range(1, least + 1))}
        told |= {f"`{name}`" for name in _REVIEW_FLAGS if kept.get(name)}
        told |= {f"`{name}` of {kept[name]}" for name in ("dismissal_restrictions",) if kept.get(name)}
    return frozenset(told)


def is_on(switch: Any) -> bool:
    """GitHub shows a switch as an object and takes it as a truth value."""
    return bool(switch.get("enabled") if isinstance(switch, Mapping) else switch)


def _checks(held: Mapping[str, Any], want: Wanted) -> tuple[dict[str, Any], list[str]]:
    changes = []
    checks = [{"context": each["context"], "app_id": _app(each)} for each in _listed(held)]
    ours = [each for each in checks if each["context"] == want.check]
    loose = [each for each in ours if each["app_id"] == _ANYBODY]
    if all(each["app_id"] != want.app_id for each in ours):
        if loose:
            loose[0]["app_id"] = want.app_id
        else:
            checks.append({"context": want.check, "app_id": want.app_id})
        more = ", which it took from anybody" if loose else ""
        changes.append(f"it requires `{want.check}` of the App {want.app_id}{more}")
    strict = bool(held.get("strict"))
    if want.strict and not strict:
        changes.append("it requires branches to be up to date")
    return {"strict": strict or want.strict, "checks": checks}, changes


def _listed(held: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Old Enterprise Servers show `contexts` alone."""
    return held["checks"] if "checks" in held else [{"context": each} for each in held.get("contexts", [])]


def _bound(check: Mapping[str, Any]) -> bool:
    return check.get("app_id") not in {None, _ANYBODY}


def _app(check: Mapping[str, Any]) -> int:
    return int(check["app_id"]) if _bound(check) else _ANYBODY


def _reviews(held: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if held is None:
        return None
    kept = {name: held[name] for name in (*_REVIEW_FLAGS, "required_approving_review_count") if name in held}
    for name in ("dismissal_restrictions", "bypass_pull_request_allowances"):
        if held.get(name):
            kept[name] = _people(held[name])
    return kept


def _people(held: Mapping[str, Any] | None) -> dict[str, list[str]] | None:
    """People, teams and Apps by the names that GitHub takes."""
    if held is None:
        return None
    kinds = {kind: held.get(kind) or [] for kind in _NAMES}
    return {kind: [each if isinstance(each, str) else each[_NAMES[kind]] for each in kinds[kind]] for kind in kinds}
