"""The tree that the gate gives: what each of its parts is called, which of them count, and what stands in for which."""

import pytest
from gate_builders import OLDER, POLICY, approval, changed, facts, facts_with, nodes, person, ruled, said, verdict

from app.policy.config import Policy
from app.policy.decision import Node
from app.policy.facts import CheckFact, Facts
from app.policy.finding import Outcome
from app.policy.gate import decide
from app.policy.overriding import missing_targets, would_help
from app.policy.persons import approvers
from app.policy.rules import PERSPECTIVES

EVERYTHING = {
    "perspectives": ["testing"],
    "some_of": {"count": 1, "of": ["performance", "documentation"]},
    "people": {},
    "codeowners": True,
    "checks": ["ci", "lint"],
    "tests": True,
}
ASKS_ALL = ruled(EVERYTHING, test="pytest", strict=True, autonomy=1)
UNMET = {
    "pull_state": "closed",
    "guarded": False,
    "files": (),
    "own": True,
    "tests": "failed",
    "checks": (CheckFact("ci", "failure"), CheckFact("lint", "success")),
    "owners": (frozenset({"@bob"}),),
    "up_to_date": False,
    "files_unread": ("big.sql",),
    "policy_source": "invalid",
    "policy_error": "line 3",
}
MET = {
    "own": True,
    "tests": "passed",
    "checks": (CheckFact("ci", "success"), CheckFact("lint", "success")),
    "owners": (frozenset({"@bob"}),),
    "reviews": (approval(),),
}
TOP = ["pull request", "base branch", "diff", "policy", *PERSPECTIVES, "tests", "up to date", "a person", "The rule"]
RULE = ["testing", "1 of 2", "people", "code owners", "check 1", "check 2", "tests"]


def walk(node):
    yield node
    for child in node.children:
        yield from walk(child)


@pytest.mark.parametrize(("changes", "unread"), [(MET, []), (UNMET, ["read whole"])], ids=["met", "not met"])
def test_every_part_has_its_name_whether_it_is_met_or_not(changes, unread):
    decision = decide(facts(**changes), ASKS_ALL)
    applied = next(node for node in decision.node.children if node.rule == "The rule")

    assert decision.node.rule == "gate"
    assert [node.rule for node in decision.node.children] == [*TOP, *unread]
    assert [node.rule for node in applied.children] == RULE


def test_every_part_has_its_name_while_nothing_is_known():
    unknown = Facts()
    decision = decide(unknown, ASKS_ALL)
    built_in = ["built in: workflows", "built in: policy and ownership", "built in: infrastructure"]
    built_in.append("built in: unreviewed code")
    built_in += [f"by default: {name}" for name in ("database", "api", "dependencies")]

    names = ["pull request", "base branch", "diff", "policy", *PERSPECTIVES, "tests", "up to date", "author"]
    assert [node.rule for node in decision.node.children] == [*names, *built_in, "The rule", "read whole", "people"]
    assert [node.rule for node in nodes(decision)["The rule"].children] == RULE


@pytest.mark.parametrize(
    "known",
    [Facts(), facts(), facts(**MET), facts(**UNMET), facts(verdicts={}), facts(policy_changed=True)],
    ids=["nothing known", "approved", "met", "not met", "not reviewed", "own policy"],
)
def test_every_part_is_whole(known):
    decision = decide(known, ASKS_ALL, ASKS_ALL)

    for node in (*walk(decision.node), *decision.skipped):
        assert all(isinstance(text, str) for text in (node.rule, node.because, node.todo, *node.quotes))
        assert node.status in {"approved", "pending", "error", "blocked"}
        assert node.status == "approved" or node.todo or node.children
        assert isinstance(node.advisory, bool)


def test_a_rule_that_does_not_apply_is_shown_and_counts_for_nothing():
    decision = decide(facts(), ruled({"people": {}}, {"labels": ["x"]}))

    because = "does not apply: it has none of the labels"
    assert decision.skipped[-1] == Node("The rule", "approved", because, (), (), advisory=True)


def test_a_rule_shows_three_of_others_words_at_most():
    labels = {f"l{each}": True for each in range(5)}
    wanted = {"labels": list(labels)}

    for policy in (ruled({"people": {}}, wanted), ruled({"people": {}}, {**wanted, "title": "x"})):
        assert len(nodes(decide(facts(labels=labels, title="x"), policy))["The rule"].quotes) == 3


def test_a_rule_of_which_something_is_missing_shows_no_more_of_others_words():
    labels = {f"l{each}": False for each in range(5)}
    known = facts(labels=labels, title=None)
    node = nodes(decide(known, ruled({"people": {}}, {"labels": list(labels), "title": "x"})))["The rule"]

    assert (node.status, len(node.quotes)) == ("pending", 3)


def test_a_rule_says_whether_it_surely_applies():
    decision = decide(facts(), ruled({"people": {}}))

    assert nodes(decision)["The rule"].because.startswith("applies: always; ")


def test_a_check_is_told_by_the_name_that_the_policy_gives_it():
    for checks in (None, (), (CheckFact("ci", "success"),), (CheckFact("ci", "failure"),)):
        node = nodes(decide(facts(checks=checks), ruled({"checks": ["ci"]})))["check 1"]
        assert node.quotes == ("ci",)
        assert (node.because == "succeeded") is (node.status == "approved")


def test_a_word_for_people_stands_in_for_code_owners_on_the_rules_own_terms():
    known = facts(owners=(frozenset({"@bob"}),), statements=(said(target="people"),))

    assert decide(known, ruled({"codeowners": True})).status == "approved"
    assert decide(known, ruled({"codeowners": True}, rule_override=False)).status == "error"
    assert decide(known, ruled({"codeowners": True}, rule_override={"by": ["admin"]})).status == "error"


def test_of_some_of_only_the_best_that_are_missing_can_be_helped():
    of = ["performance", "architecture", "testing"]
    policy = ruled({"some_of": {"count": 2, "of": of}}, perspectives=["security"])
    how = {"performance": {"head_sha": OLDER}, "architecture": {"outcome": Outcome.BLOCKED}}
    known = facts(verdicts={**facts().verdicts, **{name: verdict(name, **change) for name, change in how.items()}})
    told = {node.rule: node.advisory for node in nodes(decide(known, policy))["2 of 3"].children}

    assert told == {"performance": False, "architecture": True, "testing": True}
    assert missing_targets(decide(known, policy)) == ("performance",)
    assert would_help("performance", person("dora", permission="maintain"), known, policy, None)


@pytest.mark.parametrize("confidence", [1.01, 1.5, 2.0])
def test_nobody_is_surer_than_sure(confidence):
    assert decide(facts_with(confidence=confidence), POLICY).status == "error"


def test_a_change_of_low_risk_of_quorums_own_needs_nobody_from_the_third_level_on():
    low, high = (changed("docs/a.md"),), (changed("src/auth.py"),)
    status = {
        (level, files): decide(facts(own=True, files=files), Policy(autonomy=level)).status
        for level in range(1, 6)
        for files in (low, high)
    }

    assert [status[level, low] for level in range(1, 6)] == ["error", "error", "approved", "approved", "approved"]
    assert [status[level, high] for level in range(1, 6)] == ["error", "error", "error", "approved", "approved"]


POLICIES = [
    ("changed and unusable", {"policy_changed": True, "proposed_policy_error": "line 3: no key `x`"}, "blocked"),
    ("changed and not read", {"policy_changed": True}, "pending"),
    ("unusable", {"policy_source": "invalid", "policy_error": "line 3: no key `x`"}, "error"),
    (
        "repaired",
        {"policy_source": "invalid", "policy_error": "line 3: no key `x`", "policy_changed": True},
        "approved",
    ),
    ("unusable once, and no word why", {"policy_source": "invalid"}, "error"),
    ("the organization's is unusable", {"policy_source": "org_invalid", "policy_error": "line 3: no key `x`"}, "error"),
    (
        "the organization's is unusable, whatever is changed here",
        {"policy_source": "org_invalid", "policy_error": "line 3: no key `x`", "policy_changed": True},
        "error",
    ),
    ("not loaded", {"policy_source": "unknown", "policy_error": "502"}, "pending"),
    ("an error that is not of this change", {"proposed_policy_error": "line 3: no key `x`"}, "approved"),
]


@pytest.mark.parametrize(("case", "changes", "status"), POLICIES, ids=[each[0] for each in POLICIES])
def test_how_the_policy_stands_is_told_in_its_own_part(case, changes, status):
    proposed = POLICY if case == "repaired" or "organization" in case else None
    node = nodes(decide(facts(**changes), POLICY, proposed))["policy"]

    assert node.status == status
    told = "line 3" in "".join(node.quotes)
    assert told is ("line 3" in str(changes) and case != "an error that is not of this change")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"files_unread": None, "stopped": "out of budget", "verdicts": {}}, None),
        ({"files_unread": None, "stopped": "out of budget"}, "pending"),
        ({"files_unread": None, "verdicts": {}}, "pending"),
        ({"files_unread": ("big.sql",), "stopped": "out of budget", "verdicts": {}}, "blocked"),
        ({"files_unread": (), "stopped": "out of budget", "verdicts": {}}, None),
    ],
)
def test_whether_all_of_it_was_read_is_asked_only_where_somebody_read(changes, status):
    node = nodes(decide(facts(**changes), POLICY)).get("read whole")

    assert (node and node.status) == status


def test_who_approved_is_known_though_the_author_is_not():
    assert [each.login for each in approvers(facts(author=None, reviews=(approval(),)))] == ["bob"]
