"""After three refused rounds a person is asked, and nothing of the decision changes."""

from dataclasses import replace

import pytest

from app.policy.finding import Finding, Outcome, Severity
from app.policy.values import Sha
from app.store.reviews import StoredFinding, StoredVerdict
from app.workflows.disputing import render_dispute
from app.workflows.rounds import Dispute, Disputed, dispute_of, is_disputed

HEADS = [Sha(letter * 40) for letter in "abcd"]
SAID = Finding(
    severity=Severity.MAJOR, category="c", path="a.py", start_line=3, end_line=3, quote="x", claim="Ask @mona."
)


def verdict(head: Sha, outcome: Outcome = Outcome.BLOCKED, name: str = "testing", **more: object) -> StoredVerdict:
    given = StoredVerdict("run", name, 7, 1, head, Sha("0" * 40), "print", outcome, 0.9, "m", "No.")
    return replace(given, **more)  # type: ignore[arg-type]


def found(head: Sha, **more: object) -> StoredFinding:
    return replace(StoredFinding("id", "run", 7, 1, "testing", head, SAID, "published"), **more)  # type: ignore[arg-type]


VETOES = frozenset({"security"})
THREE = [verdict(head) for head in HEADS[:3]]


@pytest.mark.parametrize(
    ("story", "given", "head", "asked"),
    [
        ("three refused heads", THREE, HEADS[2], True),
        ("two of them", THREE[:2], HEADS[1], False),
        ("one head that was read three times", [THREE[0]] * 3, HEADS[0], False),
        ("several perspectives of one head", [*THREE[:2], verdict(HEADS[1], name="api")], HEADS[1], False),
        ("the third was carried over", [*THREE[:2], verdict(HEADS[2], carried_from=HEADS[1])], HEADS[2], False),
        ("the fourth was carried over", [*THREE, verdict(HEADS[3], carried_from=HEADS[2])], HEADS[3], True),
        ("the fourth is approved", [*THREE, verdict(HEADS[3], Outcome.APPROVED)], HEADS[3], False),
        ("nobody could read the third", [*THREE[:2], verdict(HEADS[2], Outcome.ABSTAINED)], HEADS[2], False),
        ("the head was not read yet", THREE, HEADS[3], False),
        (
            "of the third only what was said of the second stands",
            [*THREE[:2], verdict(HEADS[2], stands=True)],
            HEADS[2],
            False,
        ),
        ("of the fourth only that stands", [*THREE, verdict(HEADS[3], stands=True)], HEADS[3], True),
        (
            "one stands, another refuses",
            [*THREE[:2], verdict(HEADS[2], stands=True), verdict(HEADS[2], name="api")],
            HEADS[2],
            True,
        ),
        (
            "the third was read again and approved",
            [*THREE, verdict(HEADS[2], Outcome.APPROVED, run_id="2")],
            HEADS[2],
            False,
        ),
        (
            "the third was read again without an answer",
            [*THREE, verdict(HEADS[2], Outcome.ABSTAINED, run_id="2")],
            HEADS[2],
            True,
        ),
    ],
)
def test_a_person_is_asked_after_three_heads_that_were_read_and_refused(story, given, head, asked):
    assert is_disputed(given, head) is asked, story
    assert (dispute_of(given, [], head) is not None) is asked


def test_what_is_disputed_is_what_blocks_the_head_and_how_often_it_was_said():
    advice = found(HEADS[2], finding=SAID.model_copy(update={"severity": Severity.MINOR, "quote": "y"}))
    mended = found(HEADS[0], finding=SAID.model_copy(update={"quote": "z"}))
    dispute = dispute_of(THREE, [found(HEADS[0]), mended, found(HEADS[2]), found(HEADS[2]), advice], HEADS[2])

    assert dispute == Dispute(3, (Disputed("testing", SAID, 2),))


def test_what_a_later_look_at_the_head_let_go_is_not_disputed():
    again = [
        *THREE,
        verdict(HEADS[2], run_id="2"),
        verdict(HEADS[2], name="api"),
        verdict(HEADS[2], Outcome.APPROVED, "api", run_id="2"),
    ]
    old = SAID.model_copy(update={"quote": "z"})
    said = [found(HEADS[2], finding=old), found(HEADS[2], run_id="2"), found(HEADS[2], perspective="api")]
    dispute = dispute_of(again, said, HEADS[2])

    assert dispute == Dispute(3, (Disputed("testing", SAID, 1),))


def test_a_head_of_which_a_finding_only_stands_is_no_round_of_it():
    given = [*THREE, verdict(HEADS[3], stands=True), verdict(HEADS[3], name="api")]
    dispute = dispute_of(given, [found(head) for head in HEADS], HEADS[3])

    assert dispute == Dispute(4, (Disputed("testing", SAID, 3),))


def test_who_is_asked_is_told_by_what_they_may_do_and_nobody_is_called():
    text = render_dispute(Dispute(3, (Disputed("testing", SAID, 2),)), "quorum", VETOES)

    assert "3 rounds ended with a refusal" in text
    assert "Somebody with write access" in text
    assert "`@quorum override testing because …`" in text
    assert "said in 2 rounds" in text
    assert "@mona" not in text.replace("`@mona`", "")
    assert "security" not in text


def test_what_security_refused_is_not_offered_to_be_overridden():
    only = render_dispute(Dispute(3, (Disputed("security", SAID, 3),)), "quorum", VETOES)
    both = render_dispute(Dispute(3, (Disputed("security", SAID, 3), Disputed("api", SAID, 1))), "quorum", VETOES)

    assert "override security" not in only + both
    assert "dismiss KEY" not in only
    assert "What security refused is changed, not overridden." in only
    assert "What security refused is changed, not overridden." in both
    assert "override api" in both


def test_nor_what_anybody_else_refused_who_has_a_veto():
    told = render_dispute(Dispute(3, (Disputed("testing", SAID, 3),)), "quorum", VETOES | {"testing"})

    assert "override testing" not in told
    assert "What testing refused is changed, not overridden." in told
