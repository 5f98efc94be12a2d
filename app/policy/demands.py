"""What GitHub says a branch demands, as plain values; `app/policy/protection.py` judges them. Pure.

https://docs.github.com/en/rest/repos/rules and https://docs.github.com/en/rest/branches/branch-protection
"""

from collections.abc import Sequence
from dataclasses import dataclass

ADMINISTRATORS = 5
_ROLES = {1: "readers", 2: "maintainers", 3: "triagers", 4: "writers", ADMINISTRATORS: "administrators"}
_KINDS = {"Integration": "the App", "Team": "the team", "User": "the user"}


@dataclass(frozen=True)
class RequiredCheck:
    """`app_id` None: it counts whoever sets it, and everybody who may write can."""

    context: str
    app_id: int | None = None


@dataclass(frozen=True)
class Bypass:
    """Somebody whom a ruleset lets through. `mode`: always, pull_request (on merges only) or exempt."""

    kind: str
    id: int | None = None
    mode: str = "always"

    def __str__(self) -> str:
        if self.kind == "RepositoryRole":
            return _ROLES.get(self.id or 0, f"the repository role {self.id}")
        if self.kind in {"OrganizationAdmin", "DeployKey"}:
            return "deploy keys" if self.kind == "DeployKey" else "owners of the organization"
        return f"{_KINDS.get(self.kind, self.kind)} {self.id}"


@dataclass(frozen=True)
class BranchRule:
    """An active rule of a ruleset. `bypass` None: GitHub shows the list only to those who may change it."""

    kind: str
    ruleset: str
    checks: tuple[RequiredCheck, ...] = ()
    strict: bool = False
    bypass: tuple[Bypass, ...] | None = ()


@dataclass(frozen=True)
class Classic:
    """Classic branch protection. None stands for what is shown with `administration: read` only.

    `pull_bypass` names those who may push without the pull request that others need.
    """

    checks: tuple[RequiredCheck, ...] = ()
    strict: bool | None = False
    enforce_admins: bool | None = True
    pulls: bool | None = False
    pull_bypass: tuple[str, ...] = ()


@dataclass(frozen=True)
class Demand:
    """One thing that is demanded, by whom, and who is let through all the same; None: it is not shown."""

    by: str
    app_id: int | None = None
    strict: bool | None = False
    bypass: tuple[Bypass, ...] | None = ()
    named: tuple[str, ...] = ()


def demands_of_check(rules: Sequence[BranchRule], classic: Classic | None, check: str) -> list[Demand]:
    """Every place that requires the check, whoever has to set it."""
    found = [
        Demand(_ruleset(rule), each.app_id, rule.strict, rule.bypass)
        for rule in rules
        for each in rule.checks
        if each.context == check
    ]
    if classic is not None:
        held = (each for each in classic.checks if each.context == check)
        found += [Demand(_CLASSIC, each.app_id, classic.strict, _spared(classic)) for each in held]
    return found


def demands_of_pulls(rules: Sequence[BranchRule], classic: Classic | None) -> list[Demand]:
    """Every place that requires a pull request. Who may bypass it on merges only cannot push."""
    found = []
    for rule in rules:
        if rule.kind == "pull_request":
            pushers = (
                None if rule.bypass is None else tuple(each for each in rule.bypass if each.mode != "pull_request")
            )
            found.append(Demand(_ruleset(rule), bypass=pushers))
    if classic is not None and classic.pulls:
        found.append(Demand(_CLASSIC, bypass=_spared(classic), named=classic.pull_bypass))
    return found


def around(demands: Sequence[Demand]) -> tuple[str, ...] | None:
    """Who is let through by all that demand the same thing. None: the lists that would tell are not shown."""
    seen = [dict.fromkeys((*map(str, each.bypass), *each.named)) for each in demands if each.bypass is not None]
    if not seen:
        return None if demands else ()
    common = tuple(name for name in seen[0] if all(name in each for each in seen))
    return common if len(seen) == len(demands) or not common else None


def _ruleset(rule: BranchRule) -> str:
    return f"the ruleset `{rule.ruleset}`"


def _spared(classic: Classic) -> tuple[Bypass, ...] | None:
    if classic.enforce_admins is None:
        return None
    return () if classic.enforce_admins else (Bypass("RepositoryRole", ADMINISTRATORS),)


_CLASSIC = "classic branch protection"
