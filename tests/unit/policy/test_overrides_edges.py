"""Overrides where one word more or less would change what they are worth: what else was said, and the other policy."""

from dataclasses import replace

import pytest
from gate_builders import ADA, POLICY, approval, facts, facts_with, nodes, person, ruled, said

from app.policy.config import Policy
from app.policy.facts import Facts
from app.policy.finding import Outcome
from app.policy.gate import decide
from app.policy.overriding import missing_targets, would_help
from app.policy.persons import is_one_of

DORA = person("dora", permission="maintain")
MONA = person("mona", permission="admin")
REFUSED = facts_with("testing", outcome=Outcome.BLOCKED, blocking=("no test",), keys=("abc123",))


def test_what_others_said_before_still_counts_when_one_more_word_is_weighed():
    of_the_rule = ruled(
        {"perspectives": ["testing"]}, rule_override={"by": ["@mona"]}, override={"by": ["@dora"], "author": False}
    )
    spoken = replace(REFUSED, statements=(said(who=MONA),))

    assert would_help("testing", DORA, spoken, of_the_rule, None)


def test_a_word_is_weighed_where_what_people_said_is_not_known_yet():
    assert would_help("testing", DORA, replace(REFUSED, statements=None), POLICY, None)


def test_a_word_that_helps_under_one_of_two_policies_helps_and_one_that_helps_under_none_does_not():
    changed = replace(REFUSED, policy_changed=True)

    assert would_help("testing", DORA, changed, POLICY, Policy(override=False))
    assert not would_help("testing", person(), changed, POLICY, POLICY)


@pytest.mark.parametrize("role", ["write", "maintain", "admin"])
def test_nobody_gets_a_role_by_being_called_like_one(role):
    assert not is_one_of(person("Admin", permission="write"), ["admin"])
    assert not is_one_of(person(role, permission="triage"), [role])
    assert is_one_of(person("admin", permission="admin"), ["admin"])


def test_a_role_counts_for_who_has_it_where_names_are_given_as_well():
    assert is_one_of(MONA, ["@zed", "@acme/dba", "admin"])
    assert not is_one_of(DORA, ["@zed", "@acme/dba", "admin"])


@pytest.mark.parametrize("missing", ["contributors", "author"])
def test_owners_are_waited_for_while_it_is_not_known_who_wrote_it(missing):
    known = facts(**{"owners": (frozenset({"@bob"}),), "reviews": (approval(),), missing: None})

    assert nodes(decide(known, ruled({"codeowners": True})))["code owners"].status == "pending"


def test_what_people_said_has_the_name_people_while_it_is_not_known():
    assert missing_targets(decide(facts(reviews=None), POLICY)) == ("people",)
    assert "people" in missing_targets(decide(Facts(), POLICY))


def test_an_override_of_what_is_approved_is_not_told_of():
    decision = decide(facts(statements=(said(),)), POLICY)

    assert decision.status == "approved"
    assert nodes(decision)["testing"].because.startswith("approved with confidence")


def test_the_author_is_known_by_login_whatever_the_case():
    word = said("dismissal", "abc123", person("ADA", permission="admin"))

    assert decide(replace(REFUSED, author=ADA, statements=(word,)), POLICY).status == "blocked"


def test_a_refusal_keeps_its_name_when_its_findings_are_dismissed_and_tells_of_a_veto_only_where_there_is_one():
    dismissed = replace(REFUSED, statements=(said("dismissal", "abc123", DORA),))

    assert nodes(decide(dismissed, POLICY))["testing"].because == "its findings were dismissed by dora"
    assert "veto" not in nodes(decide(REFUSED, POLICY))["testing"].because
    assert "veto" in nodes(decide(REFUSED, Policy(vetoes=("security", "testing"))))["testing"].because


def test_only_approvals_for_another_diff_are_told_of_as_such():
    asked = ruled({"people": {}})
    stale = (approval(current=False), approval(person("cyd"), state="changes_requested", current=False))

    assert "another diff" not in nodes(decide(facts(), asked))["people"].because
    assert nodes(decide(facts(reviews=stale), asked))["people"].because.endswith("; 1 for another diff")
