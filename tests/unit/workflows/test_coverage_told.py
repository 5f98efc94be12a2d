"""What the summary says of the lines that the tests ran."""

from dataclasses import replace

import pytest

from app.policy.coverage import Coverage, FileCoverage
from app.policy.risk import Risk
from app.store.usage import Totals
from app.workflows.summary import Summary, render_summary

BARE = Summary("abcdef0123456789", 1, 9, Risk("low", ()), (), (), (), (), 0, "passed", Totals(0, 0, 0, 0))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("coverage", "told"),
    [
        (None, "Tests: passed.\n"),
        (Coverage(), "Tests: passed. The coverage report speaks of no changed line.\n"),
        (Coverage(4, 4), "Tests: passed. They ran 4 of 4 changed lines.\n"),
        (
            Coverage(1, 4, (FileCoverage("a.py", ((10, 12),)),), ("b`@mona`.py",)),
            "They ran 1 of 4 changed lines; not: `a.py:10-12`, `b'@mona'.py (not in the report)`.\n",
        ),
        (Coverage(problem="there is none, @mona"), "Which lines they ran is not known: there is none, @ mona.\n"),
    ],
)
def test_it_is_one_line_beside_the_tests(coverage: Coverage | None, told: str):
    assert told in render_summary(replace(BARE, coverage=coverage))


def test_of_many_files_only_some_are_named():
    many = tuple(FileCoverage(f"{number}.py", ((1, 1),)) for number in range(90))
    assert "and 70 more" in render_summary(replace(BARE, coverage=Coverage(0, 90, many)))
