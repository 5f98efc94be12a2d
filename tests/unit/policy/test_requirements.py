"""Every key that a rule can require: satisfied, not satisfied, not known; and what to do then."""

import pytest
from gate_builders import (
    ADA,
    DIFF,
    HEAD,
    NOW,
    OLDER,
    OTHER_DIFF,
    POLICY,
    approval,
    changed,
    facts,
    facts_with,
    facts_without,
    nodes,
    person,
    ruled,
    said,
    verdict,
)  # fmt: skip

from app.policy.config import Policy
from app.policy.facts import CheckFact
from app.policy.finding import Outcome
from app.policy.gate import conclusion, decide, render_decision
from app.policy.rules import PERSPECTIVES

QUIET = {"perspectives": ("security", "testing")}
OWNERS = (frozenset({"@bob"}), frozenset({"@acme/dba", "@cyd"}))
DBA = person("cyd", teams=frozenset({"@acme/dba"}))


def status(facts_, policy, proposed=None):
    return decide(facts_, policy, proposed).status


def test_a_rule_with_a_perspective_waits_for_it_though_the_policy_does_not():
    policy = ruled({"perspectives": ["infrastructure"]})
    asked = facts(verdicts={**facts().verdicts, "infrastructure": verdict("infrastructure")})

    assert status(facts(), policy) == "pending"
    assert status(asked, policy) == "approved"


SOME = ruled({"some_of": {"count": 2, "of": ["performance", "architecture", "testing"]}}, **QUIET)
STANDS = {
    "yes": {},
    "no": {"outcome": Outcome.BLOCKED},
    "none": {"outcome": Outcome.ABSTAINED},
    "late": {"head_sha": OLDER},
}


@pytest.mark.parametrize(
    ("performance", "architecture", "testing", "expected"),
    [
        ("yes", "yes", "yes", "approved"),
        ("yes", "no", "yes", "approved"),
        ("yes", "late", "yes", "approved"),
        ("yes", "no", "none", "error"),
        ("yes", "late", "no", "pending"),
        ("late", "yes", "none", "pending"),
        ("none", "yes", "none", "error"),
        ("late", "yes", "late", "pending"),
        ("no", "no", "no", "blocked"),
        ("late", "no", "none", "error"),
    ],
)
def test_some_of_stands_as_the_best_that_are_missing(performance, architecture, testing, expected):
    given = {"performance": performance, "architecture": architecture, "testing": testing}
    verdicts = {"security": verdict(), **{name: verdict(name, **STANDS[how]) for name, how in given.items()}}
    policy = ruled({"some_of": {"count": 2, "of": list(given)}}, perspectives=["security"])

    assert nodes(decide(facts(verdicts=verdicts), policy))["2 of 3"].status == expected


def test_what_is_left_over_of_some_of_is_advice():
    decision = decide(facts_with("testing", outcome=Outcome.BLOCKED, blocking=("x",)), SOME)

    assert nodes(decision)["2 of 3"].status == "approved"
    assert all(child.advisory for child in nodes(decision)["2 of 3"].children)


PEOPLE = [
    ("nobody", {}, (), "error"),
    ("a writer", {}, (approval(),), "approved"),
    ("a reader", {}, (approval(person(permission="read")),), "error"),
    ("a triager", {}, (approval(person(permission="triage")),), "error"),
    ("a bot", {}, (approval(person(bot=True)),), "error"),
    ("of whom nothing is known", {}, (approval(person(permission=None)),), "error"),
    ("the author", {}, (approval(ADA),), "error"),
    ("the author in capitals", {}, (approval(person("ADA")),), "error"),
    ("who pushed a part", {}, (approval(person("eve")),), "error"),
    ("for another diff", {}, (approval(current=False),), "error"),
    ("changes are asked for", {}, (approval(state="changes_requested"),), "blocked"),
    ("two", {"count": 2}, (approval(), approval(person("cyd"))), "approved"),
    ("one of two", {"count": 2}, (approval(),), "error"),
    ("the same one twice", {"count": 2}, (approval(), approval()), "error"),
    ("a maintainer", {"who": ["maintain"]}, (approval(person(permission="admin")),), "approved"),
    ("no maintainer", {"who": ["maintain"]}, (approval(),), "error"),
    ("of the team", {"who": ["@acme/dba"]}, (approval(DBA),), "approved"),
    ("not of the team", {"who": ["@acme/dba"]}, (approval(person(permission="admin")),), "error"),
    ("teams not known", {"who": ["@acme/dba"]}, (approval(person(teams=None)),), "error"),
    ("the person", {"who": ["@Bob"]}, (approval(),), "approved"),
    ("the person in capitals", {"who": ["@bob"]}, (approval(person("BOB")),), "approved"),
    ("another person", {"who": ["@bob"]}, (approval(person("cyd", permission="admin")),), "error"),
    ("the person, without the right", {"who": ["@bob"]}, (approval(person(permission="read")),), "error"),
    ("a person named as a role", {"who": ["write"]}, (approval(person("write", permission="read")),), "error"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "wanted", "reviews", "expected"), PEOPLE, ids=[each[0] for each in PEOPLE])
def test_people_approve_who_may_write_and_did_not_write_it(case, wanted, reviews, expected):
    known = facts(reviews=reviews, contributors=frozenset({"Eve"}))

    assert status(known, ruled({"people": wanted})) == expected


@pytest.mark.parametrize("who", ["ada", "ADA", "Ada"])
def test_an_author_is_nobodys_approver_however_the_name_is_spelled(who):
    known = facts(author=person("Ada"), contributors=frozenset(), reviews=(approval(person(who)),))

    assert status(known, ruled({"people": {}})) == "error"


def test_a_draft_is_called_one_and_checks_are_counted_from_one():
    decision = decide(facts(draft=True, checks=(CheckFact("ci", "success"),)), ruled({"checks": ["ci", "lint"]}))

    assert nodes(decision)["pull request"].because == "it is a draft; GitHub does not merge it yet"
    assert nodes(decide(facts(), POLICY))["pull request"].because == "it is open"
    assert (nodes(decision)["check 1"].status, nodes(decision)["check 2"].status) == ("approved", "pending")


@pytest.mark.parametrize("missing", ["reviews", "contributors", "author"])
def test_people_are_waited_for_while_it_is_not_known_who_did_what(missing):
    known = facts(**{"reviews": (approval(),), missing: None})

    assert nodes(decide(known, ruled({"people": {}})))["people"].status == "pending"


def test_people_are_told_what_is_missing_and_what_was_given_for_another_diff():
    decision = decide(
        facts(reviews=(approval(current=False),)), ruled({"people": {"count": 2, "who": ["maintain", "@acme/dba"]}})
    )

    assert decision.title == "Ask for an approving review (somebody with maintain or acme/dba)"
    assert "0 of 2 approving reviews by a person (somebody with maintain or acme/dba); 1 for another diff" in (
        render_decision(decision)
    )


@pytest.mark.parametrize(
    ("owners", "reviews", "expected"),
    [
        ((), (), "approved"),
        (OWNERS, (), "error"),
        (OWNERS, (approval(),), "error"),
        (OWNERS, (approval(), approval(DBA)), "approved"),
        (OWNERS, (approval(), approval(person("cyd"))), "approved"),
        (OWNERS, (approval(), approval(person("dan", teams=frozenset({"@acme/dba"})))), "approved"),
        (OWNERS, (approval(), approval(person("cyd", permission="read"))), "error"),
        ((frozenset({"ops@example.com"}),), (approval(),), "error"),
        (None, (approval(),), "pending"),
        (OWNERS, None, "pending"),
    ],
)
def test_an_owner_approves_each_file_that_has_owners(owners, reviews, expected):
    decision = decide(facts(owners=owners, reviews=reviews), ruled({"codeowners": True}))

    assert nodes(decision)["code owners"].status == expected


def test_owners_that_are_missing_are_named():
    text = render_decision(decide(facts(owners=OWNERS, reviews=(approval(),)), ruled({"codeowners": True})))

    assert "1 of 2 groups of owners approved" in text
    assert "`@acme/dba or @cyd`" in text
    assert "`@bob`" not in text


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ((CheckFact("ci", "success"),), "approved"),
        ((CheckFact("ci", "success"), CheckFact("lint", "failure")), "approved"),
        ((CheckFact("ci", None),), "pending"),
        ((), "pending"),
        ((CheckFact("CI", "success"),), "pending"),
        (None, "pending"),
        ((CheckFact("ci", "neutral"),), "blocked"),
        ((CheckFact("ci", "skipped"),), "blocked"),
        ((CheckFact("ci", "failure"),), "blocked"),
        ((CheckFact("ci", "success"), CheckFact("ci", "failure")), "blocked"),
        ((CheckFact("ci", "failure"), CheckFact("ci", None)), "pending"),
    ],
)
def test_another_check_must_have_succeeded(checks, expected):
    assert status(facts(checks=checks), ruled({"checks": ["ci"]})) == expected


@pytest.mark.parametrize(
    ("result", "expected"), [("passed", "approved"), ("failed", "blocked"), ("unknown", "pending")]
)
def test_a_rule_can_ask_for_the_tests(result, expected):
    decision = decide(facts(tests=result), ruled({"tests": True}, test="pytest"))

    assert nodes(decision)["The rule"].status == expected


AGES = [
    ("young", NOW - 3600, NOW, "approved"),
    ("just young enough", NOW - 24 * 3600, NOW, "approved"),
    ("a second too old", NOW - 24 * 3600 - 1, NOW, "error"),
    ("of the future, as clocks differ", NOW + 300, NOW, "approved"),
    ("not known", None, NOW, "pending"),
    ("now is not known", NOW, None, "pending"),
]


@pytest.mark.parametrize(("case", "at", "now", "expected"), AGES, ids=[each[0] for each in AGES])
@pytest.mark.parametrize("where", ["policy", "rule"])
def test_case_48_an_approval_grows_old(case, at, now, expected, where):
    policy = Policy(max_age_hours=24) if where == "policy" else ruled({"max_age_hours": 24})
    known = facts(verdicts={name: verdict(name, at=at) for name in PERSPECTIVES}, now=now)

    assert status(known, policy) == expected


@pytest.mark.parametrize(
    ("own", "author", "model", "expected"),
    [
        (False, None, "claude-x", "approved"),
        (True, "claude", "anthropic:claude-opus-4-5", "error"),
        (True, "claude", "openai/gpt-5.2", "approved"),
        (True, "claude", "", "pending"),
        (True, None, "gpt-5", "pending"),
        (None, "claude", "gpt-5", "pending"),
    ],
)
def test_an_approval_of_another_family_than_the_authors(own, author, model, expected):
    policy = ruled(
        {"perspectives": ["testing"], "other_family": True}, autonomy=4, perspectives=["security", "testing"]
    )
    verdicts = {"security": verdict(), "testing": verdict("testing", model=model)}
    decision = decide(facts(own=own, author_family=author, verdicts=verdicts), policy)

    assert nodes(decision)["The rule"].status == expected


@pytest.mark.parametrize("key", [{"min_confidence": 0.95}, {"max_age_hours": 1}, {"other_family": True}])
def test_a_term_alone_is_for_all_required_perspectives_and_else_for_those_that_the_rule_names(key):
    required = [node.rule for node in nodes(decide(facts(), ruled(key)))["The rule"].children]
    named = [
        node.rule for node in nodes(decide(facts(), ruled({"perspectives": ["testing"], **key})))["The rule"].children
    ]
    some = ruled({"some_of": {"count": 1, "of": ["testing", "security"]}, **key})

    assert required == list(PERSPECTIVES)
    assert named == ["testing"]
    assert [node.rule for node in nodes(decide(facts(), some))["The rule"].children] == ["1 of 2"]


@pytest.mark.parametrize(("confidence", "expected"), [(0.79, "error"), (0.8, "approved"), (1.0, "approved")])
def test_a_rule_can_ask_to_be_surer(confidence, expected):
    assert status(facts_with("testing", confidence=confidence), ruled({"min_confidence": 0.8})) == expected


CARRY = ["exact", "same_tree", "same_diff", "same_diff_and_message"]


@pytest.mark.parametrize("wanted", CARRY)
@pytest.mark.parametrize("same", CARRY)
@pytest.mark.parametrize("where", ["policy", "rule"])
def test_what_must_be_the_same_for_an_approval_to_be_carried(wanted, same, where):
    policy = (
        Policy(carry_over=wanted) if where == "policy" else ruled({"perspectives": ["testing"]}, rule_carry_over=wanted)
    )
    carried = facts_with("testing", carried_from=OLDER, same=frozenset({same, "same_diff"}))
    expected = "approved" if wanted in {same, "same_diff"} else "pending"

    assert status(carried, policy) == expected
    assert status(facts_with("testing", same=frozenset()), policy) == "approved", "it was given for this very head"


def test_a_rule_that_carries_over_less_names_what_is_lacking():
    policy = ruled({"perspectives": ["testing"]}, rule_carry_over="exact")
    decision = decide(facts_with("testing", carried_from=OLDER, same=frozenset({"same_diff"})), policy)

    assert decision.title == "Wait for the testing review"
    assert "the policy carries over exact only" in render_decision(decision)


@pytest.mark.parametrize("up_to_date", [True, False, None])
def test_case_08_a_base_that_moved_counts_only_where_the_policy_is_strict(up_to_date):
    expected = {True: "approved", False: "blocked", None: "pending"}[up_to_date]

    assert status(facts(up_to_date=up_to_date), Policy(strict=True)) == expected
    assert status(facts(up_to_date=up_to_date), POLICY) == "approved"


def test_a_rule_that_surely_does_not_apply_asks_for_nothing_and_is_shown_as_skipped():
    decision = decide(facts(), ruled({"people": {}}, {"paths": ["lib/"]}))

    assert decision.status == "approved"
    assert [node.rule for node in decision.skipped][-1] == "The rule"
    assert decision.skipped[-1].because == "does not apply: no changed file matches `paths`"


def test_a_rule_that_may_apply_does_and_says_that_it_is_not_certain():
    policy = ruled({"people": {}}, {"not": {"labels": ["safe"]}})

    assert status(facts(labels={"safe": True}), policy) == "approved"
    assert status(facts(labels={"safe": False}), policy) == "error"
    text = render_decision(decide(facts(labels={"safe": False}), policy))
    assert "it is not certain that it does not apply: it is so that a label was set by somebody who may not" in text


def test_a_fact_that_may_come_is_waited_for_unless_the_rule_is_satisfied_anyway():
    policy = ruled({"people": {}}, {"title": "x"})
    unknown = facts(title=None)

    assert status(unknown, policy) == "pending"
    assert decide(unknown, policy).title == "Wait: not everything is known yet"
    assert status(facts(title=None, reviews=(approval(),)), policy) == "approved"
    assert conclusion(decide(unknown, policy)) == ("in_progress", None)


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        (".github/workflows/ci.yml", "built in: workflows"),
        (".github/quorum.yml", "built in: policy and ownership"),
        ("CODEOWNERS", "built in: policy and ownership"),
    ],
)
def test_some_kinds_of_file_ask_for_a_person_whatever_the_policy_says(path, rule):
    known = facts(files=(changed(path),))
    assert status(known, POLICY) == "error"
    assert nodes(decide(known, POLICY))[rule].status == "error"
    assert status(facts(files=(changed(path),), reviews=(approval(),)), POLICY) == "approved"
    admin = person("ada", permission="admin")
    signed = said(target="people", who=admin)
    assert status(facts(files=(changed(path),), author=admin, statements=(signed,)), POLICY) == "approved"
    assert status(facts(files=(changed(path),), statements=(said(target="people"),)), POLICY) == "error"


def test_infrastructure_asks_for_an_analysis_of_its_own():
    known = facts(files=(changed("main.tf"),))
    with_it = facts(
        files=(changed("main.tf"),), verdicts={**facts().verdicts, "infrastructure": verdict("infrastructure")}
    )

    assert (status(known, POLICY), decide(known, POLICY).title) == ("pending", "Wait for the infrastructure review")
    assert status(with_it, POLICY) == "approved"


def test_the_base_facts_are_for_this_diff():
    assert (facts().head_sha, DIFF, OTHER_DIFF != DIFF) == (HEAD, facts().fingerprint, True)
    assert status(facts_without("testing"), POLICY) == "pending"
