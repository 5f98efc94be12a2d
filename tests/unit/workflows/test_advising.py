"""Advice with a suggestion reaches who repairs, once."""

from app.policy.finding import Finding, Severity
from app.workflows.advising import advice_told
from app.workflows.standing import Voiced


def said(quote: str, suggestion: str = "better()") -> Voiced:
    finding = Finding(
        severity=Severity.MINOR, category="names", path="a.py", start_line=3, end_line=3, quote=quote,
        claim="The name misleads.", suggestion=suggestion,
    )  # fmt: skip
    return Voiced("architecture", finding)


def test_each_is_told_with_what_it_suggests_and_that_it_can_be_left():
    frame, advice = advice_told([said("one()"), said("two()")])
    assert "None of it has to be done" in frame
    assert (
        "From architecture, a.py, lines 3 to 3: The name misleads.\nInstead of\none()\nit suggests\nbetter()" in advice
    )
    assert "two()" in advice


def test_what_was_told_before_is_not_told_again():
    assert advice_told([said("one()")], [said("one()")]) == []
    assert "two()" in advice_told([said("one()"), said("two()")], [said("one()")])[1]
    assert advice_told([]) == []
