"""What a reviewer said of the parts of a change, as one opinion."""

import pytest

from app.agents.council import Opinion, settle
from app.agents.reading import join_opinions
from app.policy.finding import Finding, Outcome, Report, Severity


def finding(severity: Severity = Severity.MAJOR) -> Finding:
    return Finding(
        severity=severity, category="c", path="a.py", start_line=1, end_line=1, quote="q", claim="It breaks."
    )


def said(verdict: str = "approve", confidence: float = 0.9, *findings: Finding) -> Opinion:
    report = Report(verdict=verdict, confidence=confidence, summary=f"I {verdict}.", findings=list(findings))
    return Opinion(report, "m")


SILENT = Opinion(None, "m", "turns: no result")


def test_one_part_is_taken_as_it_is():
    only = said()
    assert join_opinions([only]) is only


def test_one_part_that_blocks_blocks_the_whole():
    joined = join_opinions([said("approve", 0.9), said("block", 0.6, finding()), said("approve", 0.8)])
    assert joined.whole is not None
    assert (joined.whole.verdict, joined.whole.confidence) == ("block", 0.6)
    assert joined.whole.findings == [finding()]
    assert "Part 2 of 3: I block." in joined.whole.summary


def test_more_is_kept_than_one_answer_may_hold():
    many = [said("approve", 0.9, *[finding(Severity.NIT)] * 30) for _ in range(3)]
    joined = join_opinions(many)
    assert joined.whole is not None
    assert len(joined.whole.findings) == 90


@pytest.mark.parametrize("place", [0, 1])
def test_a_part_without_an_answer_leaves_the_whole_without_approval(place: int):
    opinions = [said(), said()]
    opinions[place] = SILENT
    joined = join_opinions(opinions)
    assert joined.whole is None
    assert f"part {place + 1}: turns: no result" in joined.reason
    assert settle(joined.whole, []) is Outcome.ABSTAINED


def test_what_was_found_beside_a_gap_is_kept_and_blocks():
    joined = join_opinions([SILENT, said("block", 0.9, finding())])
    assert joined.report is not None
    assert joined.report.findings == [finding()]
    assert settle(joined.whole, joined.report.findings) is Outcome.BLOCKED
    assert settle(joined.whole, []) is Outcome.ABSTAINED, "refuted findings make no answer of a missing one"


def test_no_answer_at_all_is_none():
    joined = join_opinions([SILENT, SILENT])
    assert (joined.report, joined.whole) == (None, None)
