"""What counts as found, missed and a false alarm."""

import pytest

from app.cli.evaluation.planted import Place
from app.cli.evaluation.results import Said
from app.cli.evaluation.scoring import Score, match, score_by_perspective


def said(start: int, end: int | None = None, *, path: str = "a.py", who: str = "testing") -> Said:
    return Said(
        perspective=who,
        severity="major",
        category="off by one",
        path=path,
        start_line=start,
        end_line=end or start,
        claim="It is wrong.",
    )


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (10, 12, True),
        (11, 11, True),
        (1, 40, True),
        (15, 15, True),
        (16, 16, False),
        (7, 7, True),
        (6, 6, False),
        (1, 7, True),
        (1, 6, False),
    ],
)
def test_a_finding_within_three_lines_of_the_planted_ones_found_them(start: int, end: int, found: bool):
    matched = match([[Place("a.py", 10, 12)]], [said(start, end)])
    assert bool(matched.hits) is found
    assert bool(matched.false_alarms) is not found
    assert matched.missed == (() if found else (0,))


def test_the_same_lines_of_another_file_are_a_false_alarm():
    matched = match([[Place("a.py", 10, 12)]], [said(10, path="b.py")])
    assert (len(matched.false_alarms), matched.missed) == (1, (0,))


def test_of_two_defects_close_by_a_second_finding_means_the_other():
    matched = match([[Place("a.py", 10, 10)], [Place("a.py", 12, 12)]], [said(11), said(11)])
    assert sorted(number for _, number in matched.hits) == [0, 1]
    assert not matched.repeats


def test_a_finding_means_the_nearest_defect():
    matched = match([[Place("a.py", 10, 10)], [Place("a.py", 13, 13)]], [said(12)])
    assert matched.hits[0][1] == 1


def test_what_was_found_before_is_repeated_and_counts_neither_way():
    matched = match([[Place("a.py", 10, 10)]], [said(10), said(11, who="security")])
    scores = score_by_perspective(matched, ["testing"])
    assert scores["security"] == Score(repeated=1)
    assert scores["security"].precision is None
    assert sum(scores.values(), Score()) == Score(found=1, right=1, repeated=1)


def test_a_defect_that_another_perspective_saw_is_found_and_the_finding_is_right():
    matched = match([[Place("a.py", 10, 10)]], [said(10, who="architecture")])
    assert score_by_perspective(matched, ["security"]) == {
        "security": Score(found=1),
        "architecture": Score(right=1),
    }


def test_a_defect_is_found_where_it_may_also_be_said():
    places = [[Place("a.py", 10, 10), Place("README.md", 5, 6)]]
    assert match(places, [said(5, path="README.md")]).missed == ()
    assert match(places, [said(5, path="a.py"), said(12, path="README.md")]).missed == (0,)


def test_precision_and_recall():
    places = [[Place("a.py", line, line)] for line in (10, 20, 30)]
    matched = match(places, [said(10), said(20), said(50), said(60)])
    score = score_by_perspective(matched, ["testing"] * 3)["testing"]
    assert score == Score(found=2, missed=1, right=2, false_alarms=2)
    assert (score.precision, score.recall) == (2 / 4, 2 / 3)


def test_nothing_said_of_a_clean_case_has_neither():
    scores = score_by_perspective(match([], []), [])
    assert scores == {}
    assert (Score().precision, Score().recall) == (None, None)
