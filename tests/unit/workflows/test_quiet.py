"""What the council does not say."""

from dataclasses import replace

import pytest

from app.agents.council import Opinion
from app.agents.panel import Heard
from app.policy.finding import Finding, Outcome, Report, Severity, key_of
from app.policy.records import Theme
from app.workflows.hearing import Hearing
from app.workflows.quiet import Said, hush, is_news

FIRST = Said(1, frozenset(), frozenset())


def finding(severity: Severity = Severity.MINOR, quote: str = "a = 1", category: str = "style") -> Finding:
    return Finding(
        severity=severity, category=category, path="a.py", start_line=1, end_line=1, quote=quote, claim="It is so."
    )


def heard(*kept: Finding) -> Hearing:
    return Hearing({"testing": Heard(Opinion(None, "m"), Outcome.APPROVED, kept, (), ())}, ())


def left(hearing: Hearing) -> tuple[list[Severity], list[str]]:
    one = hearing.heard["testing"]
    return [each.severity for each in one.kept], [each.reason for each in one.dropped]


ALL = [finding(severity, f"line {severity}") for severity in Severity]


@pytest.mark.parametrize(
    ("round_", "said"),
    [
        (1, ["critical", "major", "minor", "nit"]),
        (2, ["critical", "major", "minor"]),
        (3, ["critical", "major"]),
        (9, ["critical", "major"]),
    ],
)
def test_from_round_to_round_less_is_said(round_: int, said: list[str]):
    kept, dropped = left(hush(heard(*ALL), replace(FIRST, round_=round_)))

    assert kept == said
    assert len(dropped) == len(ALL) - len(said)


def test_what_was_said_before_is_not_said_again_whatever_it_is_called_and_however_it_is_indented():
    before = replace(FIRST, places=frozenset({("a.py", "a = 1")}))

    assert left(hush(heard(finding(quote="    a  =  1", category="naming")), before)) == (
        [],
        ["it was said before on this pull request"],
    )
    assert left(hush(heard(finding(quote="a = 2")), before))[0] == [Severity.MINOR]


def test_advice_that_a_person_dismissed_is_not_given_again():
    before = replace(FIRST, dismissed=frozenset({key_of(finding())}))

    assert left(hush(heard(finding()), before)) == ([], ["a person dismissed it on this pull request"])


def test_what_blocks_stands_but_has_no_second_comment():
    grave = finding(Severity.MAJOR)
    before = Said(7, frozenset({("a.py", "a = 1")}), frozenset({key_of(grave)}))

    assert left(hush(heard(grave), before))[0] == [Severity.MAJOR]
    assert not is_news(grave, before)
    assert is_news(grave, FIRST)


def reasons(name: str, said: Said, *kept: Finding, sure: float = 0.9) -> list[str]:
    """Why advice of one perspective, whose report is that sure, is left out."""
    report = Report(verdict="approve", confidence=sure, summary="Read.", findings=list(kept))
    hearing = Hearing({name: Heard(Opinion(report, "m"), Outcome.APPROVED, kept, (), ())}, ())
    return [each.reason for each in hush(hearing, said).heard[name].dropped]


TIRED = [
    replace(FIRST, unwanted=frozenset({"testing", "security"})),
    replace(FIRST, silenced=frozenset({Theme(name, "style", "/*.py") for name in ("testing", "security")})),
    replace(FIRST, bars={"testing": 0.95, "security": 0.95}),
]


@pytest.mark.parametrize("said", TIRED)
def test_what_people_have_had_enough_of_is_left_out_but_never_what_blocks_and_never_security(said: Said):
    assert len(reasons("testing", said, finding())) == 1
    assert reasons("testing", said, finding(Severity.MAJOR)) == []
    assert reasons("security", said, finding()) == []
    assert reasons("api", said, finding()) == []


@pytest.mark.parametrize("said", [replace(each, vetoes=frozenset({"security", "testing"})) for each in TIRED])
def test_nor_whoever_else_has_a_veto(said: Said):
    assert reasons("testing", said, finding()) == []


def test_other_advice_of_a_perspective_that_is_silenced_for_some_is_given():
    assert reasons("testing", TIRED[1], finding(category="naming")) == []


def test_what_is_of_no_kind_is_no_advice_that_could_be_silenced():
    said = replace(FIRST, silenced=frozenset({Theme("testing", "other", "/*.py")}))
    assert reasons("testing", said, finding(category="Other")) == []


@pytest.mark.parametrize(
    ("own", "report", "given"), [(None, 0.6, True), (None, 0.4, False), (0.6, 0.1, True), (0.4, 0.9, False)]
)
def test_advice_must_be_as_sure_as_the_record_asks(own: float | None, report: float, given: bool):
    said = replace(FIRST, bars={"testing": 0.5})
    advice = finding().model_copy(update={"confidence": own})

    assert (reasons("testing", said, advice, sure=report) == []) is given
