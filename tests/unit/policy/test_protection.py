"""Is the gate required? One case a way in which it is, is not, or only seems to be."""

import pytest

from app.policy.demands import BranchRule, Bypass, Classic, RequiredCheck
from app.policy.protection import Protection, judge_protection, loosened

OURS, OTHER = 5, 99
GATE = "quorum/gate"
ADMINS = Bypass("RepositoryRole", 5)
ALICE = Bypass("User", 7, "pull_request")


def checks(app_id=OURS, context=GATE, ruleset="trunk", **more):
    return BranchRule("required_status_checks", ruleset, (RequiredCheck(context, app_id),), **more)


def pulls(ruleset="trunk", **more):
    return BranchRule("pull_request", ruleset, **more)


def classic(app_id=OURS, *, pulls=True, **more):
    return Classic((RequiredCheck(GATE, app_id),), pulls=pulls, **more)


def judge(*rules, classic=None):
    return judge_protection(rules, classic, OURS)


def told(found):
    return [str(each) for each in found.faults]


@pytest.mark.parametrize(
    ("rules", "held", "required", "bound"),
    [
        ((), None, False, False),
        ((checks(context="ci"), pulls()), None, False, False),
        ((), Classic(), False, False),
        ((checks(), pulls()), None, True, True),
        ((checks(None), pulls()), None, True, False),
        ((checks(OTHER), pulls()), None, True, False),
        ((checks(None), checks(ruleset="own"), pulls()), None, True, True),
        ((), classic(), True, True),
        ((), classic(None), True, False),
        ((checks(None),), classic(), True, True),
    ],
    ids=[
        "nothing is there",
        "another check",
        "a classic protection without checks",
        "a ruleset of ours",
        "from anybody",
        "from another App",
        "from anybody, and elsewhere from us",
        "classic",
        "classic from anybody",
        "classic from us beside a ruleset that takes it from anybody",
    ],
)
def test_required_and_bound(rules, held, required, bound):
    found = judge(*rules, classic=held)
    assert (found.required, found.bound) == (required, bound)
    assert bool(found.faults) == (not bound)
    assert all("quorum setup protect" in each for each in told(found))


def test_who_demands_it_is_named_once_each():
    found = judge(checks(), checks(ruleset="own"), pulls(), classic=classic())
    assert found.by == ("the ruleset `trunk`", "the ruleset `own`", "classic branch protection")


def test_another_apps_check_of_the_same_name_holds_everything_up_and_is_told_of():
    found = judge(checks(), checks(OTHER, ruleset="theirs"), pulls())
    (fault,) = told(found)
    assert found.bound
    assert fault.startswith("the ruleset `theirs` waits for a `quorum/gate` of the App 99, which is not ours (5)")


def test_strict_is_what_a_demand_of_ours_says():
    assert judge(checks(strict=True), pulls()).strict
    assert judge(pulls(), classic=classic(strict=True)).strict
    assert not judge(checks(), checks(None, strict=True, ruleset="b"), pulls()).strict


def test_without_a_pull_request_a_commit_that_passed_elsewhere_could_be_pushed():
    found = judge(checks())
    assert (found.bound, found.pulls, found.holds) == (True, False, False)
    assert "can be pushed here without a pull request" in told(found)[0]
    assert judge(checks(), pulls("other")).holds
    assert judge(checks(), classic=Classic(pulls=True)).holds


def test_what_could_not_be_seen_is_no_fault_of_the_rules():
    found = judge(classic=classic(pulls=None, enforce_admins=True))
    assert (found.pulls, found.holds, found.faults) == (None, True, ())


@pytest.mark.parametrize(
    ("rules", "held", "around"),
    [
        ((checks(bypass=(ADMINS, ALICE)), pulls()), None, ("administrators", "the user 7")),
        ((checks(bypass=(ADMINS,)), checks(ruleset="b", bypass=(ALICE,)), pulls()), None, ()),
        ((checks(bypass=(ADMINS, ALICE)), checks(ruleset="b", bypass=(ADMINS,)), pulls()), None, ("administrators",)),
        ((checks(bypass=(ADMINS,)), pulls()), classic(enforce_admins=False), ("administrators",)),
        ((checks(bypass=(ADMINS,)), pulls()), classic(), ()),
        ((checks(bypass=None), pulls()), None, None),
        ((checks(bypass=None), checks(ruleset="b"), pulls()), None, ()),
        ((checks(bypass=None), checks(ruleset="b", bypass=(ADMINS,)), pulls()), None, None),
        ((checks(), pulls(bypass=None)), None, None),
        ((checks(), pulls(bypass=(ALICE,))), None, ()),
        ((checks(), pulls(bypass=(ADMINS,))), None, ("administrators, by a push without a pull request",)),
        ((checks(bypass=(ADMINS,)), pulls(bypass=(ADMINS,))), None, ("administrators",)),
        ((), classic(pull_bypass=("mona",)), ("mona, by a push without a pull request",)),
        ((), classic(enforce_admins=None), None),
    ],
)
def test_only_who_is_let_through_by_all_demands_goes_around(rules, held, around):
    found = judge(*rules, classic=held)
    assert found.bypass == around
    assert found.holds
    for name in around or ():
        assert any(f"gone around by {name}; take them off" in each for each in told(found))
    assert around != () or found.faults == ()
    assert around is not None or "could not be seen" in told(found)[0]


@pytest.mark.parametrize(
    ("actor", "name"),
    [
        (Bypass("RepositoryRole", 4), "writers"),
        (Bypass("RepositoryRole", 12), "the repository role 12"),
        (Bypass("OrganizationAdmin", 1), "owners of the organization"),
        (Bypass("Team", 3), "the team 3"),
        (Bypass("Integration", 8), "the App 8"),
        (Bypass("DeployKey"), "deploy keys"),
        (Bypass("Something", 1), "Something 1"),
    ],
)
def test_who_may_bypass_is_named(actor, name):
    assert str(actor) == name


HELD = Protection(required=True, bound=True, pulls=True)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (HELD, None),
        (Protection(required=False, bound=False, pulls=True), "nothing requires it any more"),
        (Protection(required=True, bound=False, pulls=True), "it counts from others than our App"),
        (Protection(required=True, bound=True, pulls=False), "changes can be pushed without a pull request"),
        (Protection(required=True, bound=True, pulls=None), None),
        (
            Protection(required=True, bound=True, pulls=True, bypass=("administrators",)),
            "gone around by administrators",
        ),
        (Protection(required=True, bound=True, pulls=True, bypass=None), None),
    ],
)
def test_what_was_loosened(now, words):
    lost = loosened(HELD, now)
    assert len(lost) == (words is not None)
    assert all(words in each for each in lost)


def test_who_could_go_around_before_is_no_news_and_more_is_never_less():
    before = Protection(required=True, bound=True, pulls=False, bypass=("administrators",))
    assert loosened(before, before) == ()
    assert loosened(before, HELD) == ()
    assert loosened(Protection(required=False, bound=False), HELD) == ()
