"""Whether a branch really needs the gate's check, and what is wrong where it does not. Pure.

A required check holds pushes up as well as merges, but GitHub keeps checks by commit: one that the gate passed for
another base could be pushed straight to this one. So a pull request must be required too.
https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/about-rulesets
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.policy.checks import GATE_CHECK
from app.policy.demands import BranchRule, Classic, Demand, around, demands_of_check, demands_of_pulls

_PUSH = ", by a push without a pull request"
_PROTECT = "run `quorum setup protect OWNER/REPO`"


@dataclass(frozen=True)
class Fault:
    """What is wrong, and what to do about it."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}; {self.remedy}"


@dataclass(frozen=True)
class Protection:
    """`required`: by whomever it is set; `bound`: from our App. The others None: it could not be seen."""

    required: bool
    bound: bool
    by: tuple[str, ...] = ()
    strict: bool | None = False
    pulls: bool | None = False
    bypass: tuple[str, ...] | None = ()
    faults: tuple[Fault, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nobody goes around the gate but who is on a bypass list."""
        return self.bound and self.pulls is not False


def judge_protection(
    rules: Sequence[BranchRule], classic: Classic | None, app_id: int, check: str = GATE_CHECK
) -> Protection:
    """What the rules of all rulesets that apply to a branch and its classic protection come to together."""
    demands = demands_of_check(rules, classic, check)
    bound = [each for each in demands if each.app_id == app_id]
    demanding = demands_of_pulls(rules, classic)
    pulls = bool(demanding) or (None if classic is not None and classic.pulls is None else False)
    bypass = _bypass(bound, demanding)
    faults = [*_of_check(demands, app_id, check)]
    if bound:
        faults += [*_of_pulls(pulls), *_of_bypass(bypass, bound)]
    by = tuple(dict.fromkeys(each.by for each in bound or demands))
    strict = any(each.strict for each in bound) or (None if any(each.strict is None for each in bound) else False)
    return Protection(bool(demands), bool(bound), by, strict, pulls, bypass, tuple(faults))


def loosened(before: Protection, now: Protection) -> tuple[str, ...]:
    """What a branch demanded that it does not demand any more; what could not be seen is not compared."""
    lost = []
    if before.bound and not now.bound:
        lost.append("it counts from others than our App" if now.required else "nothing requires it any more")
    if before.pulls and now.pulls is False:
        lost.append("changes can be pushed without a pull request")
    if now.bound and before.strict and now.strict is False:
        lost.append("branches need not be up to date any more")
    if now.bound and before.bypass is not None and now.bypass is not None:
        lost += [f"it can be gone around by {each}" for each in now.bypass if each not in before.bypass]
    return tuple(lost)


def _bypass(bound: Sequence[Demand], pulls: Sequence[Demand]) -> tuple[str, ...] | None:
    through, pushers = around(bound), around(pulls)
    if through is None or pushers is None:
        return None
    return (*through, *(f"{each}{_PUSH}" for each in pushers if each not in through))


def _of_check(demands: Sequence[Demand], app_id: int, check: str) -> Iterator[Fault]:
    bound = any(each.app_id == app_id for each in demands)
    if not demands:
        yield Fault(f"nothing requires the check `{check}`", f"{_PROTECT}, or whoever may write can merge without it")
    for each in demands:
        if each.app_id is None and not bound:
            what = f"{each.by} takes `{check}` from everybody who may write"
            yield Fault(what, f"{_PROTECT}, which binds it to the App {app_id}")
        elif each.app_id not in {None, app_id}:
            what = f"{each.by} waits for a `{check}` of the App {each.app_id}, which is not ours ({app_id})"
            remedy = "take it out there unless that App is meant"
            yield Fault(what, remedy if bound else f"{_PROTECT}, and {remedy}")


def _of_pulls(pulls: bool | None) -> Iterator[Fault]:
    if pulls is False:
        what = "a commit that the gate passed for another branch can be pushed here without a pull request"
        yield Fault(what, f"{_PROTECT}, which requires one")


def _of_bypass(bypass: tuple[str, ...] | None, bound: Sequence[Demand]) -> Iterator[Fault]:
    places = " and ".join(dict.fromkeys(each.by for each in bound))
    if bypass is None:
        remedy = "ask with the token of an administrator, to whom GitHub shows it"
        yield Fault(f"who may bypass {places} could not be seen", remedy)
    for each in bypass or ():
        yield Fault(f"the gate can be gone around by {each}", f"take them off the bypass list of {places} if not meant")
