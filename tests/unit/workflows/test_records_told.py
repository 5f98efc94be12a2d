"""What people are told of a perspective: its record in a line, and what it said of the head."""

from dataclasses import replace

from app.policy.finding import Finding, Outcome, Severity
from app.policy.records import Record, Tally
from app.policy.values import Sha
from app.store.reviews import StoredFinding, StoredVerdict
from app.workflows.explaining import render_perspective, render_records

HEAD = Sha("a" * 40)
RECORD = Record("testing", Tally(acted=2, refuted=1), Tally(dismissed=8))
SAID = Finding(
    severity=Severity.MAJOR,
    category="c",
    path="a.py",
    start_line=3,
    end_line=3,
    quote="x",
    claim="Ask @mona.",
    why="It breaks.",
    evidence="It failed.\n\nChallenged and upheld: It was run.",
)
STORED = StoredFinding("id", "run", 7, 1, "testing", HEAD, SAID, "published")
VERDICT = StoredVerdict("run", "testing", 7, 1, HEAD, HEAD, "print", Outcome.BLOCKED, 0.8, "m", "Look at `a.py`.")


def test_a_record_is_one_line_a_perspective_and_nothing_where_there_is_none():
    assert list(render_records([])) == []
    (text,) = render_records([Record("api", advice=Tally(acted=1)), RECORD])

    api, testing = text.splitlines()[2:]
    assert api == "- api: 1 published, 1 acted on, 0 dismissed"
    assert testing.startswith("- testing: 10 published, 2 acted on, 8 dismissed; 2 of 3 that would block upheld; ")
    assert testing.endswith("advice below 45% confidence is not given")
    (text,) = render_records([RECORD], frozenset({"testing"}))
    assert "confidence" not in text


def test_a_perspective_is_explained_with_why_and_how_its_challenge_ended():
    refuted = replace(STORED, state="withdrawn", reason="It cannot happen.")
    text = render_perspective("testing", VERDICT, [STORED, refuted], RECORD)

    assert "**testing** blocked (80%). Look at `a.py`." in text
    assert "It breaks." in text
    assert "Challenged and upheld: It was run." in text
    assert "Withdrawn after a challenge: It cannot happen." in text
    assert "So far here: testing: 10 published" in text
    assert "@mona" not in text.replace("`@mona`", "")


def test_a_perspective_that_has_not_spoken_says_so():
    assert render_perspective("testing", None, [], None) == "testing has not spoken of this head yet."
