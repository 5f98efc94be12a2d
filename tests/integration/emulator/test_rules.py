"""What branches demand: rulesets and classic protection side by side, judged without any server."""

from pathlib import Path

import pytest

from app.emulator.rules import Change, violations
from app.emulator.state import Actor, App, Installation, Repository, User

OWNER, WRITER, OTHER = User("ada", 1), User("bob", 2), User("eve", 3)
BOT = User("bot[bot]", 4, "Bot")
APP = App(70, "bot", "Iv1", "", {}, frozenset(), "", "", BOT)
AS_APP = Actor(BOT, APP, Installation(9, APP, [5]), {"contents": "write"}, [5])
AS_WRITER = Actor(WRITER)
HEAD = "a" * 40
CLASSIC = {
    **dict.fromkeys(("allow_deletions", "allow_force_pushes", "enforce_admins", "lock_branch"), False),
    **dict.fromkeys(("required_pull_request_reviews", "required_status_checks")),
}


@pytest.fixture
def repository() -> Repository:
    roles = {"ada": "admin", "bob": "write", "eve": "read"}
    return Repository(5, OWNER, "engine", Path("/nowhere"), permissions=roles)


def ruleset(repository, *rules, number=1, enforcement="active", include=("~DEFAULT_BRANCH",), exclude=(), bypass=()):
    names = {"include": list(include), "exclude": list(exclude)}
    kept = [{"type": each} if isinstance(each, str) else each for each in rules]
    held = {"id": number, "enforcement": enforcement, "conditions": {"ref_name": names}, "rules": kept}
    repository.rulesets[number] = {**held, "bypass_actors": list(bypass)}


def checks(*named, **more):
    required = [{"context": name, "integration_id": app} for name, app in named]
    return {"type": "required_status_checks", "parameters": {"required_status_checks": required, **more}}


def reviewed(count):
    return {"type": "pull_request", "parameters": {"required_approving_review_count": count}}


def run(repository, name, conclusion, app=APP.id):
    number = len(repository.check_runs) + 1
    status = "completed" if conclusion else "in_progress"
    told = {"id": number, "name": name, "head_sha": HEAD, "app_id": app, "status": status, "conclusion": conclusion}
    repository.check_runs[number] = told


def status(repository, context, state, app=None):
    repository.statuses.append({"sha": HEAD, "context": context, "state": state, "app_id": app})


def review(repository, actor, state):
    number = len(repository.reviews) + 1
    repository.reviews[number] = {"pull": 7, "user": actor.user, "actor": actor, "state": state}


def told(repository, actor=AS_WRITER, kind="update", pull=True, branch="main", **more):
    change = Change(kind, branch, HEAD, pull={"number": 7} if pull else None, **more)
    refused = violations(repository, actor, change)
    return () if refused is None else refused.texts


def test_a_branch_without_rules_demands_nothing(repository):
    assert told(repository, pull=False) == ()


@pytest.mark.parametrize(
    ("enforcement", "expected"),
    [("active", ("Cannot update this protected ref.",)), ("evaluate", ()), ("disabled", ())],
)
def test_only_an_active_ruleset_is_enforced(repository, enforcement, expected):
    ruleset(repository, "update", enforcement=enforcement)
    assert told(repository) == expected


@pytest.mark.parametrize(
    ("include", "exclude", "branch", "meant"),
    [
        ("~DEFAULT_BRANCH", (), "main", True),
        ("~DEFAULT_BRANCH", (), "topic", False),
        ("~ALL", (), "topic", True),
        ("~ALL", ("refs/heads/topic",), "topic", False),
        ("refs/heads/release/*", (), "release/1", True),
        ("refs/heads/release/*", (), "release/1/rc", False),
        ("refs/heads/release/**/*", (), "release/1/rc", True),
        ("refs/heads/rel?ase", (), "release", True),
        ("refs/heads/Main", (), "main", False),
    ],
)
def test_a_ruleset_applies_to_the_branches_that_its_patterns_name(repository, include, exclude, branch, meant):
    ruleset(repository, "update", include=(include,), exclude=exclude)
    assert bool(told(repository, branch=branch)) == meant


@pytest.mark.parametrize(
    ("rule", "change", "text"),
    [
        ("creation", {"kind": "create"}, "Cannot create ref due to creations being restricted."),
        ("deletion", {"kind": "delete"}, "Cannot delete this branch"),
        ("non_fast_forward", {"forced": True}, "Cannot force-push to this branch"),
        (reviewed(0), {"pull": False}, "Changes must be made through a pull request."),
    ],
)
def test_each_rule_stops_its_own_kind_of_change_and_no_other(repository, rule, change, text):
    ruleset(repository, rule)
    assert told(repository, **change) == (text,)
    assert told(repository) == ()


EXPECTED = 'Required status check "gate" is expected.'
BOUND, FREE = ("gate", APP.id), ("gate", None)


@pytest.mark.parametrize(
    ("check", "runs", "statuses", "expected"),
    [
        (BOUND, [], [], EXPECTED),
        (BOUND, [("success", 70)], [], None),
        (BOUND, [("neutral", 70)], [], None),
        (BOUND, [("skipped", 70)], [], None),
        (BOUND, [("failure", 70)], [], 'Required status check "gate" is failing.'),
        (BOUND, [(None, 70)], [], 'Required status check "gate" is in progress.'),
        (BOUND, [("failure", 70), ("success", 70)], [], None),
        (BOUND, [("success", 71)], [], EXPECTED),
        (BOUND, [], [("success", None)], EXPECTED),
        (BOUND, [], [("success", 70)], None),
        (BOUND, [("success", 70)], [("failure", None)], 'Required status check "gate" is failing.'),
        (FREE, [], [("success", None)], None),
        (FREE, [], [("pending", None)], 'Required status check "gate" is pending.'),
        (FREE, [], [("success", None), ("error", None)], 'Required status check "gate" is failing.'),
        (FREE, [("success", 71)], [], None),
        (FREE, [("success", 71)], [("pending", None)], 'Required status check "gate" is pending.'),
    ],
)
def test_a_required_check_passes_by_whom_it_is_bound_to(repository, check, runs, statuses, expected):
    for conclusion, app in runs:
        run(repository, "gate", conclusion, app)
    for state, app in statuses:
        status(repository, "gate", state, app)
    ruleset(repository, checks(check))
    assert told(repository) == ((expected,) if expected else ())


def test_several_missing_checks_are_counted(repository):
    ruleset(repository, checks(("gate", None), ("lint", None), ("tests", None)))
    assert told(repository) == ("3 of 3 required status checks are expected.",)
    run(repository, "gate", "success")
    run(repository, "lint", "failure")
    assert told(repository) == ("2 of 3 required status checks have not succeeded.",)


def test_a_strict_rule_wants_the_head_up_to_date(repository):
    ruleset(repository, checks(FREE, strict_required_status_checks_policy=True))
    run(repository, "gate", "success")
    assert told(repository) == ()
    assert told(repository, behind=True) == ("The head branch is not up to date with the base branch.",)
    ruleset(repository, checks(FREE))
    assert told(repository, behind=True) == ()


def test_a_new_branch_needs_its_checks_unless_the_rule_says_otherwise(repository):
    ruleset(repository, checks(FREE))
    assert told(repository, kind="create", pull=False) == (EXPECTED,)
    ruleset(repository, checks(FREE, do_not_enforce_on_create=True))
    assert told(repository, kind="create", pull=False) == ()


def test_approvals_count_from_those_who_may_write_and_the_last_word_holds(repository):
    ruleset(repository, reviewed(2))
    wanting = ("At least 2 approving reviews are required by reviewers with write access.",)
    review(repository, Actor(WRITER), "APPROVED")
    review(repository, Actor(OTHER), "APPROVED")
    review(repository, Actor(WRITER), "COMMENTED")
    assert told(repository) == wanting
    review(repository, AS_APP, "APPROVED")
    assert told(repository) == ()
    review(repository, Actor(WRITER), "CHANGES_REQUESTED")
    assert told(repository) == ("Changes were requested by a reviewer with write access.",)
    review(repository, Actor(WRITER), "DISMISSED")
    assert told(repository) == wanting


def test_an_app_that_may_not_write_contents_approves_without_effect(repository):
    ruleset(repository, reviewed(1))
    review(repository, Actor(BOT, APP, AS_APP.installation, {"pull_requests": "write"}, [5]), "APPROVED")
    assert told(repository) == ("At least 1 approving review is required by reviewers with write access.",)


@pytest.mark.parametrize(
    ("bypass", "actor", "passes"),
    [
        ({"actor_type": "RepositoryRole", "actor_id": 5}, Actor(OWNER), True),
        ({"actor_type": "RepositoryRole", "actor_id": 5}, Actor(WRITER), False),
        ({"actor_type": "RepositoryRole", "actor_id": 5}, AS_APP, False),
        ({"actor_type": "Integration", "actor_id": APP.id}, AS_APP, True),
        ({"actor_type": "Integration", "actor_id": 71}, AS_APP, False),
        ({"actor_type": "Integration", "actor_id": APP.id}, Actor(OWNER), False),
        ({"actor_type": "User", "actor_id": WRITER.id}, Actor(WRITER), True),
        ({"actor_type": "Team", "actor_id": WRITER.id}, Actor(WRITER), False),
    ],
)
def test_who_is_named_bypasses_a_ruleset(repository, bypass, actor, passes):
    ruleset(repository, "update", bypass=[{**bypass, "bypass_mode": "always"}])
    assert (told(repository, actor) == ()) == passes


def test_a_bypass_for_pull_requests_does_not_let_a_push_through(repository):
    named = {"actor_type": "RepositoryRole", "actor_id": 4, "bypass_mode": "pull_request"}
    ruleset(repository, "update", bypass=[named])
    assert told(repository, pull=True) == ()
    assert told(repository, pull=False) == ("Cannot update this protected ref.",)


def test_administrators_bypass_classic_protection_but_no_ruleset(repository):
    repository.protection["main"] = {**CLASSIC, "lock_branch": True}
    assert told(repository, Actor(OWNER)) == ()
    assert told(repository, Actor(WRITER)) == ("Cannot update this protected ref.",)
    ruleset(repository, "update")
    assert told(repository, Actor(OWNER)) == ("Cannot update this protected ref.",)


def test_what_classic_protection_and_rulesets_demand_adds_up(repository):
    required = {"strict": False, "checks": [{"context": "gate", "app_id": None}]}
    repository.protection["main"] = {**CLASSIC, "required_status_checks": required}
    ruleset(repository, reviewed(1))
    ruleset(repository, checks(FREE), number=2)
    review_wanted = "At least 1 approving review is required by reviewers with write access."
    assert told(repository) == (EXPECTED, review_wanted)
