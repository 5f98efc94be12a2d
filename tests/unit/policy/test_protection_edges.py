"""What is sent to GitHub for a ruleset, to the letter, and what of a branch's rules counts for what."""

import pytest

from app.policy.demands import BranchRule, Bypass, Classic, RequiredCheck, demands_of_pulls
from app.policy.protection import Protection, judge_protection, loosened
from app.policy.protection_plans import Wanted, choose_ruleset, covers, is_open, plan_ruleset

OURS, OTHER = 5, 99
GATE = "quorum/gate"
WANT = Wanted(OURS)
OUR_CHECK = {"context": GATE, "integration_id": OURS}
PULLS = {
    "type": "pull_request",
    "parameters": {
        "required_approving_review_count": 0,
        "dismiss_stale_reviews_on_push": False,
        "require_code_owner_review": False,
        "require_last_push_approval": False,
        "required_review_thread_resolution": False,
    },
}
ON_DEFAULT = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}


def requires(*checks, **more):
    parameters = {"required_status_checks": list(checks), "strict_required_status_checks_policy": False, **more}
    return {"type": "required_status_checks", "parameters": parameters}


def theirs(*checks, **more):
    body = {"id": 7, "name": "trunk", "enforcement": "active", "conditions": ON_DEFAULT, "bypass_actors": []}
    return {**body, "rules": [requires(*checks), PULLS], **more}


NEW = requires(OUR_CHECK, do_not_enforce_on_create=False)


def test_a_new_ruleset_says_this_and_nothing_else():
    plan = plan_ruleset(None, WANT)

    assert plan.changes == ("a ruleset `Quorum gate` for ~DEFAULT_BRANCH",)
    assert plan.body == {
        "name": "Quorum gate",
        "target": "branch",
        "enforcement": "active",
        "bypass_actors": [],
        "conditions": ON_DEFAULT,
        "rules": [NEW, PULLS],
    }


@pytest.mark.parametrize("rules", [{}, {"rules": None}, {"rules": []}])
def test_a_ruleset_without_rules_gets_ours_and_nothing_else(rules):
    bare = {"name": "Quorum gate", "enforcement": "active", "conditions": ON_DEFAULT, **rules}
    plan = plan_ruleset(bare, WANT)

    assert plan.body == {**bare, "rules": [NEW, PULLS]}
    assert plan.changes == ("it requires `quorum/gate` of the App 5", "it requires a pull request")


@pytest.mark.parametrize(
    "conditions",
    [{}, {"conditions": None}, {"conditions": {}}, {"conditions": {"ref_name": {"include": [], "exclude": []}}}],
    ids=["not there", "null", "empty", "no names"],
)
def test_a_ruleset_that_applies_nowhere_is_made_to_apply(conditions):
    body = {key: value for key, value in theirs(OUR_CHECK).items() if key != "conditions"}
    plan = plan_ruleset({**body, **conditions}, WANT)

    assert plan.changes == ("it applies to ~DEFAULT_BRANCH",)
    assert plan.body == {**{key: body[key] for key in body if key != "id"}, "conditions": ON_DEFAULT}


def test_a_branch_is_added_to_those_that_a_ruleset_names():
    want = Wanted(OURS, "refs/heads/release")
    plan = plan_ruleset(theirs(OUR_CHECK), want)

    assert plan.body["conditions"]["ref_name"]["include"] == ["~DEFAULT_BRANCH", "refs/heads/release"]
    everywhere = theirs(OUR_CHECK, conditions={"ref_name": {"include": ["~ALL"], "exclude": []}})
    assert plan_ruleset(everywhere, want).body is None


@pytest.mark.parametrize("anybody", [{}, {"integration_id": None}, {"integration_id": -1}])
def test_a_check_of_anybody_is_bound_however_github_writes_it(anybody):
    loose = theirs({"context": GATE, **anybody})
    plan = plan_ruleset(loose, WANT)

    assert choose_ruleset([loose], WANT) is loose
    assert plan.body["rules"] == [requires(OUR_CHECK), PULLS]
    assert plan.changes == ("it requires `quorum/gate` of the App 5, which it took from anybody",)


@pytest.mark.parametrize("app", [1, 2])
def test_no_app_is_taken_for_anybody(app):
    other = {"context": GATE, "integration_id": app}

    assert plan_ruleset(theirs(other), WANT).body["rules"][0] == requires(other, OUR_CHECK)


def test_a_ruleset_that_waits_for_another_app_as_well_is_left_to_its_owners():
    mixed = theirs({"context": GATE}, {"context": GATE, "integration_id": OTHER})

    assert choose_ruleset([mixed], WANT) is None


@pytest.mark.parametrize("conditions", [None, {}, {"ref_name": None}, {"ref_name": {}}])
def test_a_ruleset_that_names_no_branch_does_not_speak_of_ours(conditions):
    assert choose_ruleset([theirs({"context": GATE}, conditions=conditions)], WANT) is None


@pytest.mark.parametrize(
    ("pattern", "branch", "whether"),
    [
        ("refs/heads/rel**", "release", True),
        ("refs/heads/rel**", "rel/1", False),
        ("refs/heads/***", "main", True),
        ("refs/heads/**", "a/b", False),
        ("refs/heads/v?", "v12", False),
    ],
)
def test_stars_without_a_slash_behind_them_end_at_one(pattern, branch, whether):
    assert covers(pattern, branch) is whether


def test_what_may_name_many_branches_has_a_sign():
    assert [is_open(f"refs/heads/{each}") for each in ("v*", "v?", "v[12]", "X")] == [True, True, True, False]


def checks(app_id=OURS, ruleset="trunk", **more):
    return BranchRule("required_status_checks", ruleset, (RequiredCheck(GATE, app_id),), **more)


def pulls(**more):
    return BranchRule("pull_request", "trunk", **more)


def judge(*rules, classic=None):
    return judge_protection(rules, classic, OURS)


def test_administrators_whom_classic_protection_spares_can_push():
    spared = Classic(pulls=True, enforce_admins=False)

    assert judge(checks(), classic=spared).bypass == ("administrators, by a push without a pull request",)
    assert judge(checks(), classic=Classic(pulls=True, enforce_admins=None)).bypass is None


def test_one_demand_of_ours_that_is_strict_is_enough():
    assert judge(checks(strict=True), checks(ruleset="own"), pulls()).strict


def test_who_demands_our_check_is_named_and_else_who_demands_any():
    both = judge(checks(), checks(OTHER, "theirs"), pulls())

    assert both.by == ("the ruleset `trunk`",)
    assert judge(checks(OTHER, "theirs"), pulls()).by == ("the ruleset `theirs`",)
    assert [each.by for each in demands_of_pulls([pulls()], Classic(pulls=True))] == [
        "the ruleset `trunk`",
        "classic branch protection",
    ]


@pytest.mark.parametrize(
    ("rules", "what", "remedy"),
    [
        (
            (checks(None), pulls()),
            "the ruleset `trunk` takes `quorum/gate` from everybody who may write",
            "run `quorum setup protect OWNER/REPO`, which binds it to the App 5",
        ),
        (
            (checks(), checks(OTHER, "theirs"), pulls()),
            "the ruleset `theirs` waits for a `quorum/gate` of the App 99, which is not ours (5)",
            "take it out there unless that App is meant",
        ),
        (
            (checks(OTHER, "theirs"), pulls()),
            "the ruleset `theirs` waits for a `quorum/gate` of the App 99, which is not ours (5)",
            "run `quorum setup protect OWNER/REPO`, and take it out there unless that App is meant",
        ),
        (
            (checks(bypass=None), checks(None, "loose", bypass=None), pulls()),
            "who may bypass the ruleset `trunk` could not be seen",
            "ask with the token of an administrator, to whom GitHub shows it",
        ),
        (
            (checks(bypass=(Bypass("Team", 3),)), pulls()),
            "the gate can be gone around by the team 3",
            "take them off the bypass list of the ruleset `trunk` if not meant",
        ),
    ],
)
def test_a_fault_names_the_place_and_what_to_do_there(rules, what, remedy):
    (fault,) = judge(*rules).faults

    assert (fault.what, fault.remedy) == (what, remedy)


def test_a_role_without_a_number_is_none_that_has_a_name():
    assert str(Bypass("RepositoryRole")) == "the repository role None"


@pytest.mark.parametrize(
    ("rules", "shown", "strict"),
    [
        ((), None, None),
        ((), False, False),
        ((), True, True),
        ((checks(),), None, None),
        ((checks(),), False, False),
        ((checks(strict=True),), None, True),
        ((checks(None, "loose", strict=True),), False, False),
    ],
)
def test_whether_branches_have_to_be_up_to_date_may_not_be_seen(rules, shown, strict):
    held = Classic((RequiredCheck(GATE, OURS),), strict=shown, pulls=True)

    assert judge(*rules, classic=held).strict is strict


@pytest.mark.parametrize(
    ("before", "now", "bound", "lost"),
    [
        (True, False, True, ("branches need not be up to date any more",)),
        (True, None, True, ()),
        (True, True, True, ()),
        (None, False, True, ()),
        (False, False, True, ()),
        (True, False, False, ()),
    ],
)
def test_what_was_seen_to_be_strict_and_is_seen_not_to_be_is_loosened(before, now, bound, lost):
    was = Protection(required=True, bound=bound, strict=before, pulls=True)

    assert loosened(was, Protection(required=True, bound=bound, strict=now, pulls=True)) == lost
