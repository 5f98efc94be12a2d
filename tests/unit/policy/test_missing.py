"""What keeps the gate closed is told one by one, with whose word could stand in for it."""

from gate_builders import changed, facts, facts_without

from app.policy.config import Policy, parse_policy
from app.policy.gate import decide
from app.policy.missing import Missing, missing_of

RULES = parse_policy("""
perspectives: [security, performance, architecture, testing, documentation]
rules:
  - name: Database
    applies_to: {paths: ["migrations/**"]}
    requires:
      perspectives: [architecture]
      people: {count: 1, who: ["@acme/dba"]}
      checks: [ci]
    override: {by: [admin], author: true}
  - name: Labelled
    applies_to: {labels: [hot]}
    requires: {codeowners: true}
    override: false
""")


def missing(seen, policy=RULES, proposed=None):
    return missing_of(decide(seen, policy, proposed), policy, proposed)


def test_nothing_is_missing_from_what_is_approved():
    assert missing(facts()) == ()


def test_a_rules_own_terms_say_who_may_override():
    found = missing(facts(files=(changed("migrations/1.sql"),)))

    assert found == (
        Missing("Database: people", "error", "Ask for an approving review (acme/dba)", "somebody with admin"),
        Missing("Database: check 1", "pending", "Wait for the check that the policy names"),
    )


def test_one_perspective_can_be_missing_on_several_terms():
    seen = facts(
        files=(changed("migrations/1.sql"),),
        verdicts={k: v for k, v in facts().verdicts.items() if k != "architecture"},
    )

    assert [(each.rule, each.override) for each in missing(seen)][:2] == [
        ("architecture", "somebody with maintain, but not the author"),
        ("Database: architecture", "somebody with admin"),
    ]


def test_a_veto_is_nobodys_to_override_but_for_an_outage_where_the_policy_says_so():
    seen = facts_without("security")
    lenient = Policy(override={"by": ["admin"], "outage": True})

    assert missing(seen)[0].override == "nobody: it has a veto"
    assert missing(seen, lenient)[0].override == "nobody: it has a veto"
    stopped = facts(verdicts=seen.verdicts, stopped="failed", halted=False)
    assert missing(stopped, lenient)[0].override == "somebody with admin, but not the author"


def test_where_the_policy_lets_nobody_override_that_is_told():
    assert (
        missing(facts_without("testing"), Policy(override=False))[0].override == "nobody: the policy does not allow it"
    )


def test_a_rule_of_which_it_is_not_known_whether_it_applies_is_missing_itself():
    (found,) = missing(facts(labels=None, owners=(frozenset({"@grace"}),)))

    assert found == Missing("Labelled", "pending", "Wait: not everything is known yet")
    assert (
        decide(facts(labels=None, owners=(frozenset({"@grace"}),)), RULES).title == "Wait: not everything is known yet"
    )


def test_an_administrator_may_stand_in_for_the_person_whom_an_agents_change_needs():
    (found,) = missing(facts(own=True), Policy())

    assert (found.rule, found.override) == ("a person", "somebody with admin")


def test_what_the_pull_requests_own_policy_asks_for_is_told_apart():
    proposed = Policy(perspectives=("security", "infrastructure"), override=False)
    seen = facts(policy_changed=True, files=(changed(".github/quorum.yml"),))
    found = missing(seen, Policy(), proposed)

    assert found[-2].rule == "this pull request's own policy: infrastructure"
    assert found[-2].override == "nobody: the policy does not allow it"
    assert {each.rule for each in found} >= {"built in: policy and ownership: people"}
