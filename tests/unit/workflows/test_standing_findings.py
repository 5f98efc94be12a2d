"""The verdict of who read what is new: what was said of the rest, and how sure it is."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.agents.anchor import Anchored, Dropped
from app.agents.council import Opinion
from app.agents.panel import Heard
from app.policy.finding import Finding, Outcome, Report, Severity
from app.policy.values import Sha
from app.store.reviews import StoredFinding, StoredVerdict
from app.workflows.hearing import Hearing
from app.workflows.reading_told import how_read, read_as
from app.workflows.readings import Increment
from app.workflows.standing_findings import let_stand

REPORT = Report(verdict="approve", confidence=0.9, summary="Read.")
SILENT = Heard(Opinion(REPORT, "claude-1"), Outcome.APPROVED, (), (), ())
WHOLE = StoredVerdict(
    *("r0", "testing", 1, 1, Sha("h0" * 20), Sha("b0"), "print", Outcome.BLOCKED, 0.7, "claude-2", "Read."), read_at=5.0
)
LAST = replace(WHOLE, run_id="r1", confidence=0.6)


def finding(quote: str, path: str = "a.py", start: int = 3) -> Finding:
    told = {"severity": Severity.MAJOR, "category": "bug", "claim": "It is so."}
    return Finding.model_validate({**told, "path": path, "start_line": start, "end_line": start, "quote": quote})


def stored(found: Finding, state: str = "published", reason: str = "") -> StoredFinding:
    return StoredFinding("id", "r1", 1, 1, "testing", Sha("h1"), found, state, reason)  # type: ignore[arg-type]


async def place(findings: Sequence[Finding]) -> Anchored:
    """Everything stands a line further down than it did; `lost` stands nowhere."""
    kept = [each.model_copy(update={"start_line": 4, "end_line": 4}) for each in findings if each.quote != "lost"]
    return Anchored(tuple(kept), tuple(Dropped(each, "gone") for each in findings if each.quote == "lost"))


async def stand(heard: Heard, *said: StoredFinding, last: StoredVerdict = LAST) -> Heard:
    told = await let_stand(
        {"testing": heard, "security": SILENT}, {"testing": Increment(WHOLE, last, (), (), said)}, place
    )
    assert told["security"] == SILENT
    return told["testing"]


async def test_what_stands_blocks_at_its_new_lines_and_what_has_none_blocks_as_well():
    told = await stand(SILENT, stored(finding("a = 1")), stored(finding("lost")))
    assert told.outcome is Outcome.BLOCKED
    assert [each.start_line for each in told.kept] == [4]
    assert [each.quote for each in told.unplaced] == ["lost"]


async def test_what_another_published_stands_with_its_name():
    told = await stand(SILENT, stored(finding("a = 1"), "shared", "published by security"))
    assert told.outcome is Outcome.BLOCKED
    assert [who for who, _ in told.shared] == ["security"]
    assert told.kept == ()


async def test_what_is_said_again_is_there_once():
    again = finding("a = 1", start=4)
    told = await stand(replace(SILENT, outcome=Outcome.BLOCKED, kept=(again,)), stored(finding("a = 1")))
    assert told.kept == (again,)


@pytest.mark.parametrize(
    ("outcome", "said", "only"),
    [
        (Outcome.APPROVED, (), True),
        (Outcome.BLOCKED, (finding("a = 1", start=4),), True),
        (Outcome.BLOCKED, (finding("b = 1"),), False),
    ],
)
async def test_it_only_stands_where_nothing_else_was_said(outcome: Outcome, said: tuple[Finding, ...], *, only: bool):
    told = await stand(replace(SILENT, outcome=outcome, kept=said), stored(finding("a = 1")))
    assert told.outcome is Outcome.BLOCKED
    assert told.only_stands is only
    hearing = Hearing({}, (), increments={"testing": Increment(WHOLE, LAST, ())})
    assert read_as("testing", told, hearing)["stands"] is only
    assert not (await stand(replace(SILENT, outcome=outcome, kept=said))).only_stands


async def test_what_is_said_again_as_advice_still_blocks_as_it_did():
    advice = finding("a = 1", start=4).model_copy(update={"severity": Severity.MINOR})
    told = await stand(replace(SILENT, kept=(advice,)), stored(finding("a = 1")))
    assert told.outcome is Outcome.BLOCKED
    assert [each.severity for each in told.kept] == [Severity.MINOR, Severity.MAJOR]


async def test_what_stands_makes_no_answer_of_a_missing_one():
    told = await stand(replace(SILENT, outcome=Outcome.ABSTAINED), stored(finding("a = 1")))
    assert told.outcome is Outcome.BLOCKED
    assert told.opinion.whole is None, "else it were enough to dismiss what stands"


async def test_without_anything_that_stands_it_is_as_sure_as_the_least_sure():
    told = await stand(SILENT)
    assert told.outcome is Outcome.APPROVED
    assert told.opinion.report is not None
    assert told.opinion.report.confidence == 0.6
    surer = await stand(SILENT, last=replace(LAST, confidence=0.95))
    assert surer.opinion.report == REPORT


@pytest.mark.parametrize(
    "opinion", [Opinion(None, "claude-1", "refused"), Opinion(REPORT, "claude-1", "part 2: refused")]
)
async def test_who_gave_no_whole_answer_has_no_verdict_whatever_stands(opinion: Opinion):
    told = await stand(Heard(opinion, Outcome.ABSTAINED, (), (), ()), stored(finding("a = 1")))
    assert told.outcome is Outcome.ABSTAINED
    assert read_as("testing", told, Hearing({}, (), {"testing": "terms"}))["terms"] is None


async def test_two_families_of_models_have_no_opinion_in_common():
    told = await stand(replace(SILENT, opinion=Opinion(REPORT, "gpt-5")))
    assert told.outcome is Outcome.ABSTAINED
    assert "another model answered (gpt-5)" in told.opinion.reason
    refusal = replace(SILENT, outcome=Outcome.BLOCKED, kept=(finding("a = 1"),), opinion=Opinion(REPORT, "gpt-5"))
    assert (await stand(refusal)).outcome is Outcome.BLOCKED


def test_nobody_builds_on_a_short_reading_for_several():
    hearing = Hearing({}, (), {"testing": "terms"})
    assert read_as("testing", SILENT, hearing)["terms"] == "terms"
    light = replace(SILENT, opinion=replace(SILENT.opinion, light=True))
    assert read_as("testing", light, hearing)["terms"] is None


def test_a_verdict_is_as_old_as_the_reading_that_it_is_built_on():
    increment = Increment(WHOLE, LAST, ("a.py", "b.py"), (), (stored(finding("a = 1")),))
    hearing = Hearing({"testing": SILENT}, (), {"testing": "terms"}, {"testing": increment})
    assert read_as("testing", SILENT, hearing) == {
        "terms": "terms",
        "whole_at": "h0" * 20,
        "read_at": 5.0,
        "stands": False,
    }
    (note,) = how_read("testing", hearing)
    told = "read in full at `h0h0h0h0h0h0`, and here what is new: 2 files are as they were; still blocking: "
    assert note == f"{told}1 finding of then"
    assert list(how_read("security", hearing)) == []
