"""Making the gate's check required: read what is there, plan (`app/policy`), send, and look at what was kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from app.forge.api import GitHub
from app.forge.errors import NotFoundError, RefusedError
from app.forge.protection import has_no_rulesets
from app.forge.read import read_default_branch
from app.policy.classic_plans import demands_of_classic, plan_classic
from app.policy.protection_plans import DEFAULT, RULESET_NAME, Wanted, choose_ruleset, covers, is_open, plan_ruleset


@dataclass(frozen=True)
class Changed:
    """`what` was changed, in words. `lost`: demands that GitHub did not keep although they were sent back to it."""

    place: str
    what: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


async def require_gate(gh: GitHub, want: Wanted, branches: list[str]) -> list[Changed]:
    """By a ruleset; where there are none to be had, by classic protection of each of the branches.

    Raises `RefusedError` or `NotFoundError` when the token may not change rules.
    """
    try:
        rulesets = await _read_rulesets(gh)
    except (NotFoundError, RefusedError) as error:
        if not has_no_rulesets(error):
            raise
        return [await _protect_classic(gh, want, branch) for branch in branches]
    return [await _protect_by_ruleset(gh, want, choose_ruleset(rulesets, want))]


async def branches_of(gh: GitHub, pattern: str) -> list[str]:
    """The branches that are there now and that a ruleset's pattern names."""
    default = await read_default_branch(gh)
    if not is_open(pattern):
        return [default if pattern == DEFAULT else pattern.removeprefix("refs/heads/")]
    return [each["name"] async for each in gh.pages("branches") if covers(pattern, each["name"])]


async def _read_rulesets(gh: GitHub) -> list[Mapping[str, Any]]:
    """The repository's own, whole: in lists they are shown without their rules."""
    listed = [each async for each in gh.pages("rulesets", includes_parents="false")]
    own = [each for each in listed if each.get("source_type", "Repository") == "Repository"]
    return [await gh.get(f"rulesets/{each['id']}") for each in own]


async def _protect_by_ruleset(gh: GitHub, want: Wanted, existing: Mapping[str, Any] | None) -> Changed:
    plan = plan_ruleset(existing, want)
    name = RULESET_NAME if existing is None else existing["name"]
    if plan.body is not None and existing is None:
        await gh.post("rulesets", plan.body)
    elif plan.body is not None and existing is not None:
        await gh.put(f"rulesets/{existing['id']}", plan.body)
    return Changed(f"the ruleset `{name}`", plan.changes)


async def _protect_classic(gh: GitHub, want: Wanted, branch: str) -> Changed:
    """The answer is compared with what was there: a protection is replaced as a whole."""
    place = f"branches/{quote(branch)}/protection"
    existing = await _find_classic(gh, branch)
    plan = plan_classic(existing, want)
    told = f"the classic protection of `{branch}`"
    if plan.body is None:
        return Changed(told)
    await gh.put(place, plan.body)
    after = demands_of_classic(await gh.get(place))
    lost = demands_of_classic(existing) - after if existing is not None else frozenset()
    return Changed(told, plan.changes, tuple(sorted(lost)))


async def _find_classic(gh: GitHub, branch: str) -> Mapping[str, Any] | None:
    """None only where the branch says that it has none: a 404 may also mean a token that may not look.

    Raises `NotFoundError` for a branch that is not there.
    """
    place = f"branches/{quote(branch)}"
    summary = (await gh.get(place)).get("protection") or {}
    if summary.get("enabled") is False:
        return None
    found: Mapping[str, Any] = await gh.get(f"{place}/protection")
    return found
