"""Approvals by people and by code owners: whose count, whose do not, and what is not known."""

import pytest
from gate_builders import ADA, approval, facts, nodes, person, ruled

from app.policy.gate import decide, render_decision

OWNERS = (frozenset({"@bob"}), frozenset({"@acme/dba", "@cyd"}))
DBA = person("cyd", teams=frozenset({"@acme/dba"}))


def status(facts_, policy, proposed=None):
    return decide(facts_, policy, proposed).status


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
