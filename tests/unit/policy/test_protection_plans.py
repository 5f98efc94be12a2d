"""What would be sent to GitHub: what is needed, and never less than was there."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.classic_plans import SWITCHES, demands_of_classic, plan_classic
from app.policy.protection_plans import Wanted, choose_ruleset, covers, is_open, pattern_of, plan_ruleset

OURS = 5
GATE = "quorum/gate"
WANT = Wanted(OURS)
LEVELS = ("disabled", "evaluate", "active")


def ruleset(*checks, name="trunk", include=("~DEFAULT_BRANCH",), **more):
    required = {"required_status_checks": list(checks), "strict_required_status_checks_policy": False}
    conditions = {"ref_name": {"include": list(include), "exclude": []}}
    body = {"id": 1, "name": name, "enforcement": "active", "conditions": conditions, "bypass_actors": []}
    return {**body, "rules": [{"type": "required_status_checks", "parameters": required}], **more}


def check(app_id=OURS, context=GATE):
    return {"context": context} if app_id is None else {"context": context, "integration_id": app_id}


def checks_of(body):
    rules = [each for each in body["rules"] if each["type"] == "required_status_checks"]
    return [each for rule in rules for each in rule["parameters"]["required_status_checks"]]


def test_a_new_ruleset_lets_nobody_through():
    plan = plan_ruleset(None, WANT)
    assert plan.body is not None
    assert (plan.body["enforcement"], plan.body["bypass_actors"]) == ("active", [])
    assert plan.body["conditions"]["ref_name"] == {"include": ["~DEFAULT_BRANCH"], "exclude": []}
    required, pull = plan.body["rules"]
    assert required["parameters"]["required_status_checks"] == [{"context": GATE, "integration_id": OURS}]
    assert required["parameters"]["do_not_enforce_on_create"] is False
    assert (pull["type"], pull["parameters"]["required_approving_review_count"]) == ("pull_request", 0)


def test_a_pull_request_that_is_required_elsewhere_is_not_required_twice():
    plan = plan_ruleset(None, Wanted(OURS, pulls=False))
    assert plan.body is not None
    assert [each["type"] for each in plan.body["rules"]] == ["required_status_checks"]


def test_what_is_planned_once_needs_no_second_plan():
    plan = plan_ruleset(None, WANT)
    assert plan_ruleset(plan.body, WANT).body is None
    again = plan_ruleset(plan.body, Wanted(OURS, strict=True))
    assert again.changes == ("it requires branches to be up to date",)
    assert plan_ruleset(again.body, WANT).body is None


def test_one_that_takes_the_check_from_anybody_is_bound():
    plan = plan_ruleset(ruleset(check(None), check(3, "ci")), WANT)
    assert checks_of(plan.body) == [check(), check(3, "ci")]
    assert "which it took from anybody" in plan.changes[0]


def test_another_apps_check_stays_beside_ours():
    assert checks_of(plan_ruleset(ruleset(check(9)), WANT).body) == [check(9), check()]


@pytest.mark.parametrize("was", ["disabled", "evaluate"])
def test_enforcement_is_raised_and_said(was):
    plan = plan_ruleset(ruleset(check(), enforcement=was), WANT)
    assert plan.body["enforcement"] == "active"
    assert f"its enforcement is active (it was {was})" in plan.changes


def test_the_one_with_our_name_is_changed_else_one_that_speaks_of_the_check():
    named, loose = ruleset(name="Quorum gate"), ruleset(check(None))
    assert choose_ruleset([loose, named], WANT) is named
    assert choose_ruleset([ruleset(), loose], WANT) is loose


@pytest.mark.parametrize(
    "theirs",
    [
        ruleset(),
        ruleset(check(9)),
        ruleset(check(None), include=("refs/heads/other",)),
        ruleset(check(None), enforcement="disabled"),
        ruleset(check(None), source_type="Organization"),
        ruleset(check(None), target="tag"),
        ruleset(check(None), bypass_actors=[{"actor_type": "RepositoryRole", "actor_id": 5}]),
        {key: value for key, value in ruleset(check(None)).items() if key != "bypass_actors"},
        ruleset(check(None), conditions={"ref_name": {"include": ["~ALL"], "exclude": ["refs/heads/main"]}}),
    ],
)
def test_others_are_left_to_their_owners(theirs):
    assert choose_ruleset([theirs], WANT) is None


@pytest.mark.parametrize(
    ("pattern", "branch", "whether"),
    [
        ("~ALL", "x/y", True),
        ("refs/heads/main", "main", True),
        ("refs/heads/main", "main2", False),
        ("refs/heads/release/*", "release/1", True),
        ("refs/heads/release/*", "release/1/2", False),
        ("refs/heads/**/x", "a/b/x", True),
        ("refs/heads/**/x", "x", True),
        ("refs/heads/v?", "v1", True),
        ("refs/heads/v.1", "v21", False),
    ],
)
def test_patterns(pattern, branch, whether):
    assert covers(pattern, branch) is whether


def test_patterns_as_people_write_them():
    assert [pattern_of(each) for each in ("main", "refs/heads/x", "~ALL")] == [
        "refs/heads/main",
        "refs/heads/x",
        "~ALL",
    ]
    assert [is_open(each) for each in ("~ALL", "~DEFAULT_BRANCH", "refs/heads/v*")] == [True, False, True]


apps = st.sampled_from([None, OURS, 9])
contexts = st.sampled_from([GATE, "ci", "lint"])
some_checks = st.lists(st.builds(check, apps, contexts), max_size=4)
other_rules = st.sampled_from(
    [
        {"type": "deletion"},
        {"type": "required_signatures"},
        {"type": "code_scanning", "parameters": {"code_scanning_tools": [{"tool": "x"}]}},
        {"type": "pull_request", "parameters": {"required_approving_review_count": 2, "new": {"a": [1]}}},
    ]
)
names = st.builds(
    lambda include, exclude: {"ref_name": {"include": include, "exclude": exclude}},
    st.lists(st.sampled_from(["~ALL", "~DEFAULT_BRANCH", "refs/heads/v*"]), max_size=3),
    st.lists(st.just("refs/heads/old"), max_size=1),
)
rulesets = st.builds(
    lambda checks, strict, others, **body: {
        "id": 1,
        "name": "Quorum gate",
        **body,
        "rules": [
            *others,
            {
                "type": "required_status_checks",
                "parameters": {"required_status_checks": checks, "strict_required_status_checks_policy": strict},
            },
        ],
    },
    some_checks,
    st.booleans(),
    st.lists(other_rules, max_size=3, unique_by=lambda rule: rule["type"]),
    enforcement=st.sampled_from(LEVELS),
    bypass_actors=st.lists(st.just({"actor_type": "Team", "actor_id": 3, "bypass_mode": "always"}), max_size=1),
    conditions=names,
)
wants = st.builds(
    Wanted,
    st.just(OURS),
    st.sampled_from(["~DEFAULT_BRANCH", "~ALL", "refs/heads/main"]),
    st.booleans(),
    st.booleans(),
)


def demands(body):
    """A check of an App is also a check of anybody."""
    found = {("check", each["context"], None) for each in checks_of(body)}
    found |= {("check", each["context"], each.get("integration_id")) for each in checks_of(body)}
    found |= {("rule", repr(rule)) for rule in body["rules"] if rule["type"] != "required_status_checks"}
    found |= {("level", each) for each in LEVELS[: LEVELS.index(body["enforcement"]) + 1]}
    found |= {("strict",) for rule in body["rules"] if (rule.get("parameters") or {}).get(STRICT)}
    return found | {("on", each) for each in body["conditions"]["ref_name"]["include"]}


STRICT = "strict_required_status_checks_policy"


@given(rulesets, wants)
def test_a_ruleset_is_never_weakened(existing, want):
    before = deepcopy(existing)
    plan = plan_ruleset(existing, want)
    assert existing == before
    after = plan.body or existing
    assert demands(before) <= demands(after)
    assert after["bypass_actors"] == before["bypass_actors"]
    assert after["conditions"]["ref_name"]["exclude"] == before["conditions"]["ref_name"]["exclude"]
    assert check() in checks_of(after)
    assert bool(plan.body) == bool(plan.changes)
    assert plan_ruleset(after, want).body is None


def people(*logins):
    return {"users": [{"login": each} for each in logins], "teams": [{"slug": "core"}], "apps": []}


def shown_check(app_id, context):
    return {"context": context, "app_id": app_id}


optional_people = st.sampled_from([None, people(), people("mona")])
reviews = st.builds(
    lambda count, flag, who: {
        "url": "x",
        "required_approving_review_count": count,
        "dismiss_stale_reviews": flag,
        "require_code_owner_reviews": flag,
        **({} if who is None else {"dismissal_restrictions": who, "bypass_pull_request_allowances": who}),
    },
    st.integers(0, 3),
    st.booleans(),
    optional_people,
)
protections = st.builds(
    lambda switches, required, admins, review, who: {
        "url": "x",
        **{name: {"enabled": value} for name, value in switches.items()},
        "enforce_admins": {"url": "x", "enabled": admins},
        **({} if required is None else {"required_status_checks": required}),
        **({} if review is None else {"required_pull_request_reviews": review}),
        **({} if who is None else {"restrictions": who}),
    },
    st.fixed_dictionaries(dict.fromkeys(SWITCHES, st.booleans())),
    st.none()
    | st.builds(
        lambda checks, strict: {"strict": strict, "checks": checks, "contexts": [each["context"] for each in checks]},
        st.lists(st.builds(shown_check, apps, contexts), max_size=4),
        st.booleans(),
    ),
    st.booleans(),
    st.none() | reviews,
    optional_people,
)


@given(protections, wants)
def test_a_classic_protection_is_never_weakened(existing, want):
    before = deepcopy(existing)
    plan = plan_classic(existing, want)
    assert existing == before
    after = plan.body or existing
    assert demands_of_classic(before) <= demands_of_classic(after)
    assert {"context": GATE, "app_id": OURS} in after["required_status_checks"]["checks"]
    if plan.body is not None:
        kept = plan.body["required_pull_request_reviews"] or {}
        was = (before.get("required_pull_request_reviews") or {}).get("bypass_pull_request_allowances")
        assert kept.get("bypass_pull_request_allowances") == (was and {**was, "users": logins(was), "teams": ["core"]})
        assert plan.body["enforce_admins"] == before["enforce_admins"]["enabled"]
        assert plan.body["allow_fork_syncing"] == before["allow_fork_syncing"]["enabled"]
    assert plan_classic(after, want).body is None


def logins(who):
    return [each["login"] for each in who["users"]]


def test_a_first_classic_protection_holds_for_administrators():
    body = plan_classic(None, WANT).body
    assert body is not None
    assert (body["enforce_admins"], body["restrictions"]) == (True, None)
    assert body["required_status_checks"] == {"strict": False, "checks": [{"context": GATE, "app_id": OURS}]}
    assert body["required_pull_request_reviews"] == {"required_approving_review_count": 0}
    assert not any(body[name] for name in SWITCHES)


def test_checks_that_anybody_may_set_stay_so_and_ours_is_bound():
    """Left out, GitHub would choose an App."""
    held = {"required_status_checks": {"strict": True, "contexts": ["ci", GATE]}}
    body = plan_classic(held, WANT).body
    assert body is not None
    checks = [{"context": "ci", "app_id": -1}, {"context": GATE, "app_id": OURS}]
    assert body["required_status_checks"] == {"strict": True, "checks": checks}


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ({"required_signatures": {"enabled": True}}, {}, {"signed commits"}),
        ({}, {"allow_force_pushes": True}, {"not `allow_force_pushes`"}),
        ({"required_pull_request_reviews": {"required_approving_review_count": 2}},
         {"required_pull_request_reviews": {"required_approving_review_count": 1}}, {"2 approvals"}),
    ],
)  # fmt: skip
def test_what_github_does_not_keep_is_seen(before, after, lost):
    assert demands_of_classic(before) - demands_of_classic(after) == lost
