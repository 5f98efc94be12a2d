"""The parts of what is said of a deployment: what each is called, what each shows, what a fact too few does to it."""

import pytest
from deployment_builders import BEFORE, EARLIER, HOUR, MINUTE, NOW, SHA, STRICT, facts, landing, stray
from gate_builders import nodes

from app.policy.deployment_facts import DeploymentFacts, MigrationFact
from app.policy.deployments import decide_deployment, look_again_at
from app.policy.environments import Environment

PLAIN = Environment()
STUCK = (MigrationFact("db/1.sql", reversible=False), MigrationFact("db/2.sql", reversible=True))
PARTS = ["policy", "commit", "branch", "approved by the gate", "after staging", "migrations"]
UNMET = {
    "policy_source": "invalid",
    "policy_error": "line 3",
    "run_sha": EARLIER,
    "branches": (),
    "landings": (stray(), landing(security=False, pull=13), landing()),
    "had": {"staging": NOW},
    "migrations": STUCK,
}


def judge(environment=STRICT, **changes):
    return decide_deployment(facts(**changes), environment)


def walk(node):
    yield node
    for child in node.children:
        yield from walk(child)


@pytest.mark.parametrize("changes", [{}, UNMET], ids=["met", "not met"])
def test_every_part_has_its_name_whether_it_is_met_or_not(changes):
    decision = judge(**changes)

    assert decision.node.rule == "deployment"
    assert [node.rule for node in decision.node.children] == PARTS


def test_every_part_has_its_name_while_nothing_is_known():
    decision = decide_deployment(DeploymentFacts("prod", NOW), STRICT)

    assert [node.rule for node in decision.node.children] == PARTS
    assert {node.status for node in decision.node.children} == {"pending"}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        UNMET,
        {"rollback": True},
        {"policy_source": "unknown"},
        {"origin": "gap"},
        {"landings": ()},
        {"landings": (), "origin": "baseline"},
        *({"landings": (landing(**{name: None}),)} for name in ("approved", "security", "still_enough", "approved_at")),
        {"landings": (landing(still_enough=False),)},
        {"landings": (landing(approved_at=1.0),)},
        {"landings": (stray(undone_by=SHA), landing())},
        {"had": {"staging": None}},
        {"had": None},
        {"migrations": STUCK[1:]},
        {"migrations": None},
    ],
)
def test_every_part_is_whole(changes):
    for node in walk(judge(**changes).node):
        assert all(isinstance(text, str) for text in (node.rule, node.because, node.todo, *node.quotes))
        assert node.status in {"approved", "pending", "error", "blocked"}
        assert node.status == "approved" or node.todo or node.children


@pytest.mark.parametrize(
    "landed",
    [
        landing(),
        landing(approved=None),
        landing(approved=False),
        landing(security=None),
        landing(security=False),
        landing(still_enough=None),
        landing(still_enough=False),
        landing(approved_at=None),
        landing(approved_at=1.0),
    ],
)
def test_a_landing_is_called_by_its_pull_request_and_else_by_its_commit(landed):
    (node,) = nodes(judge(landings=(landed,)))["approved by the gate"].children

    assert node.rule == "#12"
    undone = judge(landings=(stray(undone_by=SHA), landing()))
    assert [node.rule for node in nodes(undone)["approved by the gate"].children] == [EARLIER[:12], "#12"]
    assert nodes(undone)[EARLIER[:12]].because == f"was taken back by {SHA[:12]}"


def test_why_something_landed_unapproved_is_shown_in_the_words_of_the_record():
    assert nodes(judge(landings=(stray(SHA),)))[SHA[:12]].quotes == ("pushed straight to main",)


def test_what_is_not_known_to_be_a_return_is_none():
    assert judge(rollback=None).status == "approved"
    assert judge(rollback=None, had={"staging": None}).status == "pending"
    assert judge(rollback=None, landings=(landing(still_enough=False),)).status == "blocked"
    assert judge(rollback=True).title == "It was let in before"
    assert judge(rollback=None).title == "Every change in it was approved"


def test_the_branches_that_are_allowed_are_the_policys_and_else_the_default_one():
    assert judge(default_branch=None).status == "approved"
    assert judge(PLAIN, default_branch=None).status == "pending"
    assert nodes(judge(Environment(branches=("release/*",)), branches=()))["branch"].quotes == ("release/*",)
    assert nodes(judge(PLAIN, branches=()))["branch"].quotes == ("main",)
    assert nodes(judge(PLAIN, branches=("main",)))["branch"].quotes == ("main",)
    assert nodes(judge(STRICT, branches=(), default_branch=None))["branch"].status == "blocked"


def test_only_what_landed_later_and_was_approved_takes_something_back():
    undone = stray(BEFORE, undone_by=SHA)

    assert judge(landings=(undone, landing(EARLIER, pull=11), landing())).status == "approved"
    assert judge(landings=(undone, landing(approved=None))).status == "blocked"
    assert judge(landings=(stray(BEFORE, undone_by=None), landing())).status == "blocked"
    assert judge(landings=(stray(BEFORE, approved=None, undone_by=SHA), landing())).status == "approved"


def test_what_security_said_is_asked_only_where_the_environment_wants_it():
    loose = Environment(security=False)

    assert judge(loose, landings=(landing(security=None),)).status == "approved"
    assert judge(PLAIN, landings=(landing(security=None),)).status == "pending"
    assert judge(PLAIN, rollback=True, landings=(landing(security=False),)).status == "blocked"


def test_names_of_environments_know_no_case():
    rules = Environment(after=("Staging",), soak_minutes=60)

    assert judge(rules).status == "approved"
    assert judge(rules, had={"staging": NOW - 59 * MINUTE}).status == "pending"
    assert decide_deployment(facts(environment="STAGING", had={}), rules).status == "approved"
    assert nodes(judge(rules, had={}))["after Staging"].status == "pending"


def test_of_several_that_come_first_each_must_have_had_it():
    rules = Environment(after=("staging", "canary"))

    assert judge(rules, had={"staging": NOW, "canary": NOW}).status == "approved"
    assert judge(rules, had={"staging": NOW, "canary": None}).status == "pending"
    assert judge(rules, had={"staging": NOW}).status == "pending"


def test_migrations_without_a_way_back_are_named_and_counted():
    told = nodes(judge(migrations=STUCK))["migrations"]

    assert (told.quotes, told.because) == (("db/1.sql",), "1 of them have no way back")
    assert nodes(judge(migrations=STUCK[1:]))["migrations"].because == "1 on the way, each with a way back"
    assert nodes(judge())["migrations"].because == "none on the way"
    assert "migrations" not in nodes(judge(PLAIN, migrations=STUCK))


def test_it_is_looked_at_again_when_the_last_of_all_soaks_is_over():
    rules = Environment(after=("staging", "canary"), soak_minutes=60)
    soon, later = NOW - 50 * MINUTE, NOW - 20 * MINUTE
    soon_looked = NOW + 10 * MINUTE

    assert look_again_at(facts(had={"staging": soon, "canary": later}), rules) == later + HOUR
    assert look_again_at(facts(had={"staging": later, "canary": None}), rules) == soon_looked
    assert look_again_at(facts(had={"staging": NOW - 2 * HOUR, "canary": NOW - 2 * HOUR}), rules) == soon_looked
    assert look_again_at(facts(had={"staging": NOW - HOUR}), rules) == soon_looked
    assert look_again_at(facts(had=None), rules) == soon_looked
    assert look_again_at(facts(had={"staging": later}), None) == soon_looked


def test_an_approval_is_too_old_after_so_many_hours_and_no_second_before():
    rules = Environment(max_age_hours=1)

    assert judge(rules, landings=(landing(approved_at=NOW - HOUR),)).status == "approved"
    assert judge(rules, landings=(landing(approved_at=NOW - HOUR - 1),)).status == "blocked"
    assert judge(rules, landings=(landing(approved_at=None),)).status == "pending"
    assert judge(rules, rollback=True, landings=(landing(approved_at=None, still_enough=None),)).status == "approved"


def test_what_changed_nothing_in_the_end_needs_no_approval():
    gone = stray(without_effect=True)
    assert decide_deployment(facts(landings=(gone, landing())), STRICT).status == "approved"
    assert decide_deployment(facts(landings=(stray(), landing())), STRICT).status == "blocked"


def test_what_changed_nothing_in_the_end_is_in_nobodys_way_and_is_named():
    (node,) = nodes(judge(landings=(stray(SHA, without_effect=True),)))["approved by the gate"].children

    assert (node.rule, node.status, node.because) == (SHA[:12], "approved", "changed nothing in the end")
    assert judge(landings=(stray(SHA, without_effect=None),)).status == "blocked"
    assert judge(landings=(stray(SHA, without_effect=False),)).status == "blocked"
