"""Perspectives that the default policy asks of the files to which their own file says they apply."""

import pytest
from gate_builders import changed, facts, verdict

from app.agents.roles import load_role, names_of
from app.policy.asking import asked_for_files, must_agree, who_is_asked
from app.policy.by_default import applications
from app.policy.config import Policy, parse_policy
from app.policy.gate import decide
from app.policy.rules import PERSPECTIVES
from app.policy.stricter import asks_more
from app.workflows.deciding import policy_hash

APPLIES = [
    ("shop/migrations/0002_paid.py", "database"),
    ("src/Data/Migrations/20260101_Paid.cs", "database"),
    ("db/migrate/20260101_paid.rb", "database"),
    ("src/main/resources/db/migration/V2__paid.sql", "database"),
    ("prisma/schema.prisma", "database"),
    ("reports/late.sql", "database"),
    ("docs/openapi.yaml", "api"),
    ("proto/shop/v1/order.proto", "api"),
    ("graph/schema.graphqls", "api"),
    ("server/schema/types/order.graphql", "api"),
    ("web/package.json", "dependencies"),
    ("pyproject.toml", "dependencies"),
    ("requirements/dev.txt", "dependencies"),
    ("Cargo.toml", "dependencies"),
    ("go.mod", "dependencies"),
]
APPLIES_NOT = ["src/a.py", "package-lock.json", "Cargo.lock", "go.sum", "web/queries/orders.graphql", "docs/api.md"]
OTHERS = ["database", "api", "dependencies"]


def touching(*paths, **changes):
    return facts(files=tuple(changed(path) for path in paths), **changes)


def test_the_front_matter_of_the_shipped_files_is_what_the_rules_are_made_of():
    told = {name: load_role("perspectives", name).about.applies_to for name in names_of("perspectives")}

    assert applications() == {name: globs for name, globs in told.items() if globs}
    assert list(applications()) == OTHERS


@pytest.mark.parametrize(("path", "name"), APPLIES)
def test_who_applies_to_a_file_is_asked_besides_the_five(path, name):
    assert tuple(who_is_asked(touching(path), Policy())) == (*PERSPECTIVES, name)
    assert asked_for_files(touching(path), Policy()) == (*PERSPECTIVES, name)
    assert must_agree(touching(path), Policy(), {}) == (*PERSPECTIVES, name)


@pytest.mark.parametrize("path", APPLIES_NOT)
def test_of_other_files_and_of_lock_files_alone_only_the_five_are_asked(path):
    assert tuple(who_is_asked(touching(path), Policy())) == PERSPECTIVES
    assert asked_for_files(touching(path), Policy()) == PERSPECTIVES


def test_a_lock_file_beside_its_manifest_is_asked_about_once():
    asked = who_is_asked(touching("package.json", "package-lock.json"), Policy())
    assert list(asked).count("dependencies") == 1


def test_a_file_counts_under_both_names_of_a_rename():
    moved = facts(files=(changed("old/a.txt", was="migrations/2.py", status="renamed"),))
    assert "database" in who_is_asked(moved, Policy())


def test_a_policy_that_names_its_perspectives_is_not_changed():
    named = parse_policy("perspectives: [security, performance, architecture, testing, documentation]")
    seen = touching("migrations/1.sql", "package.json", "a.proto")

    assert tuple(who_is_asked(seen, named)) == PERSPECTIVES
    assert asked_for_files(seen, named) == PERSPECTIVES
    decision = decide(seen, named)
    assert decision.status == "approved"
    assert not [node.rule for node in (*decision.node.children, *decision.skipped) if "by default" in node.rule]


def test_the_gate_waits_for_who_applies_and_names_the_file():
    decision = decide(touching("src/a.py", "migrations/1.sql"), Policy())
    rule = next(node for node in decision.node.children if node.rule == "by default: database")

    assert (decision.status, decision.title) == ("pending", "Wait for the database review")
    assert rule.because.startswith("applies: a changed file matches `paths`")
    assert rule.quotes == ("migrations/1.sql",)
    assert {node.rule for node in decision.skipped} >= {"by default: api", "by default: dependencies"}

    given = {name: verdict(name) for name in (*PERSPECTIVES, "database")}
    assert decide(touching("src/a.py", "migrations/1.sql", verdicts=given), Policy()).status == "approved"


def test_a_name_that_differs_by_case_only_is_asked_about():
    assert "dependencies" in who_is_asked(touching("Package.JSON"), Policy())


def test_where_the_policy_says_whose_approvals_count_they_advise():
    policy, seen = parse_policy("required: [security, testing]"), touching("migrations/1.sql")
    decision = decide(seen, policy)

    assert "database" in who_is_asked(seen, policy)
    assert decision.status == "approved"
    assert next(node for node in decision.node.children if node.rule == "by default: database").advisory


def test_a_rule_of_the_projects_own_still_counts_beside_the_advice():
    policy = parse_policy(
        "required: [security]\n"
        "rules: [{name: 'by default: database', applies_to: {paths: ['*.sql']}, requires: {perspectives: [database]}}]"
    )
    assert decide(touching("migrations/1.sql"), policy).status == "pending"


def test_a_policy_that_no_longer_names_the_five_asks_for_more():
    named, default = Policy(perspectives=PERSPECTIVES), Policy()

    assert asks_more(default, named)
    assert not asks_more(named, default)
    assert asks_more(default, parse_policy("required: [security, performance, architecture, testing, documentation]"))
    assert policy_hash([named]) != policy_hash([default])


def test_what_is_changed_for_one_run_does_not_count_as_naming_them():
    assert not parse_policy("test: pytest").model_copy(update={"autonomy": 1}).names_perspectives
