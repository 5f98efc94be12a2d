"""Each demand of a classic protection is seen by itself: what is not seen could be lost without a word."""

import pytest

from app.policy.classic_plans import SWITCHES, demands_of_classic, plan_classic
from app.policy.protection_plans import Wanted

OURS = 5
GATE = "quorum/gate"
WANT = Wanted(OURS)
NOTHING = {"not `allow_deletions`", "not `allow_force_pushes`"}
"""What a protection demands by being there."""
WHO = {"users": [{"login": "mona"}], "teams": [{"slug": "core"}], "apps": [{"slug": "deployer"}]}
NAMES = {"users": ["mona"], "teams": ["core"], "apps": ["deployer"]}
FLAGS = ("dismiss_stale_reviews", "require_code_owner_reviews", "require_last_push_approval")


def checks(*held, **more):
    return {"required_status_checks": {"checks": list(held), **more}}


def reviews(**held):
    return {"required_pull_request_reviews": held}


DEMANDS = [
    ({}, set()),
    (checks({"context": "ci", "app_id": None}), {"the check `ci`"}),
    (checks({"context": "ci", "app_id": -1}), {"the check `ci`"}),
    (checks({"context": "ci"}), {"the check `ci`"}),
    (checks({"context": "ci", "app_id": 9}), {"the check `ci`", "the check `ci` of the App 9"}),
    ({"required_status_checks": {"contexts": ["ci"]}}, {"the check `ci`"}),
    (checks(strict=True), {"branches that are up to date"}),
    (checks(strict=False), set()),
    ({"enforce_admins": {"enabled": True}}, {"all of it of administrators, too"}),
    ({"enforce_admins": {"enabled": False}}, set()),
    ({"required_signatures": {"enabled": True}}, {"signed commits"}),
    ({"required_signatures": {"enabled": False}}, set()),
    ({"allow_fork_syncing": {"enabled": True}}, set()),
    *(({name: {"enabled": True}}, {f"`{name}`"}) for name in SWITCHES if not name.startswith("allow_")),
    *(({name: {"enabled": False}}, set()) for name in SWITCHES),
    ({"restrictions": WHO}, {f"that only {NAMES} push"}),
    (reviews(), {"a pull request"}),
    (reviews(required_approving_review_count=0), {"a pull request"}),
    (reviews(required_approving_review_count=2), {"a pull request", "1 approvals", "2 approvals"}),
    *((reviews(**{name: True}), {"a pull request", f"`{name}`"}) for name in FLAGS),
    *((reviews(**{name: False}), {"a pull request"}) for name in FLAGS),
    (reviews(dismissal_restrictions=WHO), {"a pull request", f"`dismissal_restrictions` of {NAMES}"}),
    (reviews(bypass_pull_request_allowances=WHO), {"a pull request"}),
]


@pytest.mark.parametrize(("shown", "demands"), DEMANDS, ids=[str(shown) for shown, _ in DEMANDS])
def test_each_demand_is_seen(shown, demands):
    assert demands_of_classic(shown) == NOTHING | demands


@pytest.mark.parametrize("name", ["allow_deletions", "allow_force_pushes"])
def test_what_is_allowed_is_no_longer_forbidden(name):
    assert NOTHING - demands_of_classic({name: {"enabled": True}}) == {f"not `{name}`"}


def test_all_demands_of_one_protection_are_seen_together():
    shown = {
        **checks({"context": "ci", "app_id": 9}, strict=True),
        **reviews(required_approving_review_count=1, require_last_push_approval=True, dismissal_restrictions=WHO),
        "enforce_admins": {"enabled": True},
        "required_signatures": {"enabled": True},
        "required_linear_history": {"enabled": True},
        "lock_branch": {"enabled": True},
        "restrictions": WHO,
    }

    assert demands_of_classic(shown) == NOTHING | {
        "the check `ci`",
        "the check `ci` of the App 9",
        "branches that are up to date",
        "all of it of administrators, too",
        "signed commits",
        "`required_linear_history`",
        "`lock_branch`",
        f"that only {NAMES} push",
        "a pull request",
        "1 approvals",
        "`require_last_push_approval`",
        f"`dismissal_restrictions` of {NAMES}",
    }


def test_what_is_sent_says_what_was_shown_and_more():
    shown = {
        **checks({"context": "ci", "app_id": 9}, {"context": "lint", "app_id": None}, strict=True),
        **reviews(required_approving_review_count=2, dismiss_stale_reviews=True, dismissal_restrictions=WHO),
        "enforce_admins": {"enabled": False},
        "restrictions": WHO,
        "required_linear_history": {"enabled": True},
        "allow_fork_syncing": {"enabled": True},
    }
    plan = plan_classic(shown, WANT)

    assert plan.changes == ("it requires `quorum/gate` of the App 5",)
    assert plan.body == {
        "required_status_checks": {
            "strict": True,
            "checks": [
                {"context": "ci", "app_id": 9},
                {"context": "lint", "app_id": -1},
                {"context": GATE, "app_id": OURS},
            ],
        },
        "enforce_admins": False,
        "required_pull_request_reviews": {
            "required_approving_review_count": 2,
            "dismiss_stale_reviews": True,
            "dismissal_restrictions": NAMES,
        },
        "restrictions": NAMES,
        **dict.fromkeys(SWITCHES, False),
        "required_linear_history": True,
        "allow_fork_syncing": True,
    }


def test_what_is_asked_for_is_told_in_order():
    plan = plan_classic(checks({"context": GATE, "app_id": None}), Wanted(OURS, strict=True))

    assert plan.changes == (
        "it requires `quorum/gate` of the App 5, which it took from anybody",
        "it requires branches to be up to date",
        "it requires a pull request",
    )
    assert plan_classic(plan.body, WANT).changes == ()
    assert plan_classic(None, Wanted(OURS, pulls=False)).body["required_pull_request_reviews"] is None


def test_another_apps_check_of_the_same_name_stays_beside_ours():
    held = [{"context": GATE, "app_id": 9}]
    plan = plan_classic(checks(*held), WANT)

    assert plan.body["required_status_checks"]["checks"] == [*held, {"context": GATE, "app_id": OURS}]
    assert plan.changes[0] == "it requires `quorum/gate` of the App 5"


def test_who_is_sent_back_by_name_already_stays():
    body = plan_classic({"restrictions": NAMES}, WANT).body

    assert body["restrictions"] == NAMES
    assert plan_classic({"restrictions": {"users": None}}, WANT).body["restrictions"] == {key: [] for key in NAMES}
