"""What `quorum setup protect` looks at, does and reports."""

from dataclasses import replace

from app.forge.api import GitHub
from app.forge.protecting import Changed, branches_of, require_gate
from app.forge.protection import read_protection
from app.policy.protection import Protection, judge_protection
from app.policy.protection_plans import Wanted, is_open

_MOST = 20
"""Branches that are looked at one by one; each takes three requests and more."""


async def look(gh: GitHub, want: Wanted) -> bool:
    """Report on every branch that is meant. False when the gate can be passed by on one of them."""
    branches = await _branches(gh, want)
    found = [await _judge(gh, branch, want) for branch in branches]
    print("Nothing was changed.")
    return bool(found) and all(each.holds for each in found)


async def change(gh: GitHub, want: Wanted) -> bool:
    """Require the gate where it is not, then look again. False when it can still be passed by."""
    branches = await _branches(gh, want)
    before = [await _judge(gh, branch, want) for branch in branches]
    if before and not is_open(want.pattern) and all(_is_done(each, want) for each in before):
        print("Nothing is to be changed.")
        return True
    pulls = not before or any(each.pulls is not True for each in before)
    changed = await require_gate(gh, replace(want, pulls=pulls), branches)
    for each in changed:
        _tell_change(each)
    if not any(each.what for each in changed) and all(_is_done(each, want) for each in before):
        return bool(before)
    print("What GitHub says now:")
    after = [await _judge(gh, branch, want) for branch in branches]
    if not all(each.holds for each in after):
        print("This was not enough: see whether the ruleset excludes the branch, and what GitHub's page of it says.")
    return all(each.holds for each in after) and not any(each.lost for each in changed)


async def _branches(gh: GitHub, want: Wanted) -> list[str]:
    found = await branches_of(gh, want.pattern)
    if not found:
        print(f"There is no branch yet that {want.pattern} names.")
    if len(found) > _MOST:
        print(f"{want.pattern} names {len(found)} branches; the first {_MOST} are looked at.")
    if is_open(want.pattern):
        print("A new branch of such a name can only begin at a commit that the gate has passed.")
    return found[:_MOST]


async def _judge(gh: GitHub, branch: str, want: Wanted) -> Protection:
    reading = await read_protection(gh, branch)
    found = judge_protection(reading.rules, reading.classic, want.app_id, want.check)
    print(f"{branch}: {_summary(found, want)}")
    for each in found.faults:
        print(f"  - {each}")
    for told in reading.unseen:
        print(f"  - not seen: {told}")
    return found


def _summary(found: Protection, want: Wanted) -> str:
    if not found.required:
        return f"`{want.check}` is not required"
    whose = f"of the App {want.app_id}" if found.bound else "of another"
    more = ", branches must be up to date" if found.strict else ""
    return f"`{want.check}` {whose} is required by {' and '.join(found.by)}{more}"


def _is_done(found: Protection, want: Wanted) -> bool:
    return found.holds and (bool(found.strict) or not want.strict)


def _tell_change(changed: Changed) -> None:
    print(f"Changed {changed.place}:" if changed.what else f"Left as it is: {changed.place}")
    for each in changed.what:
        print(f"  + {each}")
    for each in changed.lost:
        print(f"  ! GitHub did not keep {each}; set it again on the repository's page for branches")
