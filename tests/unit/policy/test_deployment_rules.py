"""Which commits may go where: each rule by itself, and what the person who deploys is told."""

import pytest
from deployment_builders import BEFORE, EARLIER, HOUR, MINUTE, NOW, SHA, STRICT, facts, landing, stray

from app.policy.deployment_facts import MigrationFact
from app.policy.deployment_text import MAX_CHARS, render_deployment
from app.policy.deployments import decide_deployment, look_again_at
from app.policy.environments import Environment
from app.policy.values import Sha

PLAIN = Environment()


def judge(environment=STRICT, **changes):
    return decide_deployment(facts(**changes), environment)


def words(environment=STRICT, **changes):
    return render_deployment(judge(environment, **changes), "prod")


@pytest.mark.parametrize("environment", [STRICT, PLAIN, None])
def test_what_was_approved_whole_goes(environment):
    assert judge(environment).status == "approved"
    assert words(environment).startswith("**Approved for `prod`.**")


def test_an_environment_that_the_policy_does_not_name_has_the_built_in_rules():
    assert "built-in rules" in words(None)
    assert judge(None, landings=(stray(SHA),)).status == "blocked"


def test_case_47_a_commit_that_was_pushed_straight_to_the_branch_is_rejected_and_named():
    decision = judge(landings=(stray(SHA),))
    assert (decision.status, decision.title[:24]) == ("blocked", f"Revert {SHA[:12]} in a")
    told = render_deployment(decision, "prod")
    assert "pushed straight to main" in told
    assert SHA[:12] in told


def test_case_47_one_push_between_two_approved_changes_is_enough_to_reject():
    assert judge(landings=(landing(BEFORE, pull=10), stray(), landing())).status == "blocked"
    assert EARLIER[:12] in words(landings=(landing(BEFORE, pull=10), stray(), landing()))


def test_case_47_a_pull_request_that_was_merged_past_the_gate_is_rejected_by_number():
    merged = landing(approved=False, reason="the gate had not approved it when it was merged")
    assert "#12" in judge(landings=(merged,)).title
    assert "had not approved it" in words(landings=(merged,))


def test_case_47_what_was_approved_under_an_older_policy_that_asks_for_less_is_rejected():
    decision = judge(landings=(landing(still_enough=False),))
    assert decision.status == "blocked"
    assert "older policy" in decision.title
    assert "0123456789ab" in render_deployment(decision, "prod")


def test_case_47_a_rollback_goes_without_a_soak_whatever_has_been_asked_for_since():
    old = (landing(still_enough=False, approved_at=NOW - 1000 * HOUR),)
    changes = {"rollback": True, "had": {"staging": None}, "landings": old}
    assert judge(**changes).status == "approved"
    assert judge(rollback=True, landings=(), origin_sha=SHA).status == "approved"


@pytest.mark.parametrize("wrong", [{"landings": (stray(SHA),)}, {"branches": ()}, {"origin": "gap"}])
def test_a_rollback_is_no_way_around_what_always_holds(wrong):
    assert judge(rollback=True, **wrong).status == "blocked"


def test_a_rollback_across_a_migration_needs_its_way_back():
    stuck = (MigrationFact("migrations/0007_drop.sql", reversible=False),)
    assert judge(rollback=True, migrations=stuck).status == "blocked"


def test_a_push_that_an_approved_change_took_back_is_in_nobodys_way():
    undone = stray(undone_by=SHA)
    assert judge(landings=(undone, landing())).status == "approved"
    assert judge(landings=(landing(), undone)).status == "blocked", "it came after"
    assert judge(landings=(undone, stray(SHA))).status == "blocked", "and that was not approved itself"
    assert judge(landings=(stray(SHA, undone_by=SHA),)).status == "blocked", "nothing takes itself back"
    twice = (stray(BEFORE, undone_by=EARLIER), stray(EARLIER, undone_by=SHA), landing())
    assert judge(landings=twice).status == "blocked", "what took it back was not approved"


@pytest.mark.parametrize("missing", ["approved", "security", "still_enough", "approved_at"])
def test_what_is_not_known_of_a_landing_is_waited_for(missing):
    assert judge(landings=(landing(**{missing: None}),)).status == "pending"


@pytest.mark.parametrize(
    "missing", ["sha", "run_sha", "branches", "landings", "origin", "origin_sha", "had", "migrations"]
)
def test_what_is_not_known_is_waited_for(missing):
    assert judge(**{missing: None}).status == "pending"
    assert judge(policy_source="unknown").status == "pending"


def test_what_stood_there_before_quorum_was_never_approved():
    assert judge(landings=(), origin="baseline", origin_sha=SHA).status == "blocked"
    assert judge(landings=(landing(),), origin="baseline").status == "approved"


def test_a_commit_of_which_nothing_is_on_record_is_rejected():
    decision = judge(origin="gap", origin_sha=SHA, landings=())
    assert decision.status == "blocked"
    assert SHA[:12] in render_deployment(decision, "prod")


def test_without_the_approval_of_security_nothing_goes_unless_the_policy_says_so():
    unsigned = (landing(security=False),)
    assert "approval of security" in judge(landings=unsigned).title
    assert judge(Environment(security=False), landings=unsigned).status == "approved"


def test_an_approval_that_is_too_old_is_rejected():
    limit = NOW - 48 * HOUR
    assert judge(landings=(landing(approved_at=limit),)).status == "approved"
    assert "too old" in judge(landings=(landing(approved_at=limit - 1),)).title
    assert judge(PLAIN, landings=(landing(approved_at=1.0),)).status == "approved"


def test_an_environment_that_comes_first_must_have_had_it_and_for_long_enough():
    assert judge(had={"staging": None}).title == "Deploy it to staging first"
    decision = judge(had={"staging": NOW - 59 * MINUTE})
    assert (decision.status, decision.title) == ("pending", "Wait until 2027-01-15 08:01 UTC")
    assert judge(had={"staging": NOW - 60 * MINUTE}).status == "approved"
    assert judge(PLAIN, had={}).status == "approved"


def test_it_is_looked_at_again_when_the_soak_is_over():
    assert look_again_at(facts(had={"staging": NOW - 10 * MINUTE}), STRICT) == NOW + 50 * MINUTE
    assert look_again_at(facts(had={"staging": None}), STRICT) == NOW + 10 * MINUTE


def test_a_glob_that_means_what_comes_first_does_not_make_it_come_after_itself():
    rules = Environment(after=("prod-canary",))
    canary = facts(environment="Prod-Canary", had={"prod-canary": None})
    assert decide_deployment(canary, rules).status == "approved"


def test_a_commit_on_no_allowed_branch_is_rejected():
    decision = judge(branches=())
    assert decision.status == "blocked"
    assert "`main`" in render_deployment(decision, "prod")


def test_a_deployment_of_another_commit_than_the_run_s_is_rejected():
    assert judge(run_sha=EARLIER).status == "blocked"


def test_migrations_count_only_where_the_policy_says_so():
    stuck = (MigrationFact("db/migrate/1.rb", reversible=True), MigrationFact("db/migrate/2.rb", reversible=False))
    assert judge(PLAIN, migrations=stuck).status == "approved"
    assert "`db/migrate/2.rb`" in words(migrations=stuck)
    assert "`db/migrate/1.rb`" not in words(migrations=stuck)
    assert judge(migrations=stuck[:1]).status == "approved"


def test_a_policy_that_cannot_be_used_rejects_and_says_why():
    decision = judge(policy_source="invalid", policy_error="line 2: no key `aftr`")
    assert decision.status == "error"
    assert "no key" in render_deployment(decision, "prod")


def test_what_is_told_fits_and_cannot_act():
    many = tuple(stray(Sha(f"{each:040x}"), reason="@everyone `x` " * 30) for each in range(50))
    told = words(landings=many)
    assert len(told) <= MAX_CHARS
    assert "and more" in told
    named = render_deployment(judge(), "prod` @everyone `" * 50)
    assert named.startswith("**Approved for `prod' @everyone '")
    assert len(named) <= MAX_CHARS
