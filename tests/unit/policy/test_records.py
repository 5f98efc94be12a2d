"""What a perspective's record says, and how sure its advice must be for it."""

from itertools import product

import pytest

from app.policy.finding import Finding, Severity
from app.policy.records import Record, Tally, Theme, area_of, bar_of, theme_of

SOME = (0, 1, 2, 5, 20, 200)


def test_without_a_record_all_advice_is_given():
    assert bar_of(Tally()) == 0.0
    assert Record("testing").bar == 0.0


def test_a_few_data_change_little_and_many_change_much():
    assert bar_of(Tally(dismissed=1)) == pytest.approx(0.1)
    assert bar_of(Tally(dismissed=8)) == pytest.approx(0.45)
    assert 0.8 < bar_of(Tally(dismissed=200)) < 0.9
    assert bar_of(Tally(acted=5, dismissed=5)) == 0.0


@pytest.mark.parametrize(("acted", "dismissed", "left"), list(product(SOME, repeat=3)))
def test_more_that_was_acted_on_never_raises_the_bar_and_more_that_was_not_never_lowers_it(acted, dismissed, left):
    bar = bar_of(Tally(acted, dismissed, left))

    assert 0.0 <= bar < 0.9
    assert bar_of(Tally(acted + 1, dismissed, left)) <= bar
    assert bar_of(Tally(acted, dismissed + 1, left)) >= bar
    assert bar_of(Tally(acted, dismissed, left + 1)) >= bar
    assert bar_of(Tally(acted, dismissed + 1, left)) >= bar_of(Tally(acted, dismissed, left + 1))


def test_only_advice_sets_the_bar_and_security_has_none():
    bad = Tally(dismissed=50)

    assert Record("testing", blocking=bad).bar == 0.0
    assert Record("testing", blocking=bad, advice=bad).bar > 0.5
    assert Record("security", advice=bad).bar == 0.0


def test_what_was_refuted_was_not_published():
    record = Record("testing", Tally(acted=2, dismissed=1, refuted=4), Tally(acted=3, left=5, refuted=9))

    assert (record.published, record.acted, record.dismissed) == (11, 5, 1)


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("app/web/intake.py", "app/**/*.py"),
        ("app/intake.py", "app/**/*.py"),
        ("README.md", "/*.md"),
        ("Makefile", "/Makefile"),
        ("deploy/prod/Dockerfile", "deploy/**/Dockerfile"),
        (f"{'d' * 400}/a.py", "d" * 200),
    ],
)
def test_advice_is_the_same_in_files_of_one_ending_under_one_folder(path, area):
    assert area_of(path) == area


def test_how_a_category_is_written_makes_no_other_theme():
    said = Finding(
        severity=Severity.NIT, category=" Off  By ONE", path="a/b.py", start_line=1, end_line=1, quote="x", claim="c"
    )
    theme = theme_of("testing", said)

    assert theme == Theme("testing", "off by one", "a/**/*.py")
    assert theme.handle != Theme("testing", "off by one", "a/**/*.pyi").handle
    assert len(theme.handle) == 8
