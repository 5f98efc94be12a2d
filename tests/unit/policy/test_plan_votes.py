"""Which of two plans is built, and what a plan may be."""

import pytest
from pydantic import ValidationError

from app.policy.plan import Part, Plan, Vote
from app.policy.plan_words import which_plan
from app.policy.votes import Choice, alike, choose, objections


def plan(risk: str = "low", lines: int = 10, **more: object) -> Plan:
    given = {"summary": "Put it where it belongs.", "steps": ["Do it."], "files": ["a.py"], "risk_reason": "Nobody."}
    return Plan.model_validate({**given, "risk": risk, "lines": lines, "tested": "By a test.", **more})


def votes(letters: str, objection: str = "") -> dict[str, Vote]:
    told = {"reason": "It is better.", "objection": objection}
    return {f"voter-{n}": Vote.model_validate({"plan": each, **told}) for n, each in enumerate(letters)}


@pytest.mark.parametrize(
    ("first", "second", "given", "expected"),
    [
        (plan("high", 900), plan(), "AAB", Choice("A", "votes", (2, 1))),
        (plan(), plan("high", 900), "ABB", Choice("B", "votes", (1, 2))),
        (plan("medium", 1), plan("low", 900), "AB", Choice("B", "risk", (1, 1))),
        (plan("low", 900), plan("high", 1), "", Choice("A", "risk", (0, 0))),
        (plan("low", 11), plan("low", 10), "AB", Choice("B", "size", (1, 1))),
        (plan("low", 10), plan("low", 10), "BA", Choice("A", "order", (1, 1))),
    ],
)
def test_more_votes_win_then_less_risk_then_the_smaller_then_the_first(first, second, given, expected):
    assert choose([first, second], votes(given)) == expected


def test_one_plan_needs_no_vote_and_none_cannot_be_chosen():
    assert choose([plan("high")], {}) == Choice("A", "only", (0,))
    with pytest.raises(ValueError, match="no plan"):
        choose([], {})


STEPS = ["In tally/split.py, `split`: give the rest to the first ones.", "tests/test_split.py: try 10 by 3."]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({}, True),
        ({"files": ["b.py", "a.py"], "risk": "high", "summary": "The same in quite other words."}, True),
        ({"steps": [STEPS[0].replace(", `split`", " split").upper(), STEPS[1].rstrip(".")]}, True),
        ({"files": ["a.py"]}, False),
        ({"steps": STEPS[:1]}, False),
        ({"steps": [STEPS[0].replace("first", "last"), STEPS[1]]}, False),
        ({"steps": STEPS[::-1]}, False),
        ({"parts": [{"title": "One piece", "body": "It must hold that it is there."}] * 2}, False),
    ],
)
def test_plans_with_the_same_files_and_steps_are_alike(other, same):
    given = {"files": ["a.py", "b.py"], "steps": STEPS}
    assert alike(plan(**given), plan(**{**given, **other})) is same


def vote(letter: str, objection: str = "", for_both: str = "") -> Vote:
    told = {"plan": letter, "reason": f"Only {letter} keeps the dates.", "objection": objection, "for_both": for_both}
    return Vote.model_validate(told)


def test_what_was_said_against_the_chosen_one_is_heeded():
    given = {"security": vote("A", "Mind the dates."), "testing": vote("A"), "api": vote("B", "Step 4 of B must go.")}
    assert objections(given, "A") == {
        "security": "Mind the dates.",
        "api": "wanted plan B rather than this one, plan A: Only B keeps the dates.",
    }


def test_what_the_other_plan_lacks_is_not_told_to_who_builds_this_one():
    given = {"security": vote("A", "Step 4 of A must go."), "testing": vote("B")}
    assert objections(given, "B") == {"security": "wanted plan A rather than this one, plan B: Only A keeps the dates."}


def test_what_holds_for_both_plans_is_told_whichever_is_built():
    given = {"security": vote("A", "Mind the dates.", "Take no name."), "api": vote("B", "Not step 4.", "Keep `f`.")}
    assert objections(given, "A") == {
        "security": "Mind the dates. Take no name.",
        "api": "wanted plan B rather than this one, plan A: Only B keeps the dates. Of both plans: Keep `f`.",
    }


def part(*depends_on: int) -> Part:
    return Part(title="One piece", body="It must hold that it is there.", depends_on=depends_on)


def test_parts_depend_on_earlier_ones_only():
    assert plan(parts=[part(), part(1), part(1, 2)]).parts[2].depends_on == (1, 2)
    for wrong in ([part(1), part()], [part(), part(2)], [part(), part(0)], [part(), part(3)]):
        with pytest.raises(ValidationError, match="name earlier parts only"):
            plan(parts=wrong)
    with pytest.raises(ValidationError):
        plan(parts=[part()] * 11)


def test_one_part_alone_is_the_whole():
    assert plan(parts=[part()]).parts == ()


@pytest.mark.parametrize("path", ["/etc/passwd", "a\0b", "a`b", "", "a\nb"])
def test_a_plan_names_files_of_the_project(path):
    with pytest.raises(ValidationError):
        plan(files=[path])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (None, "")),
        ("B", ("B", "")),
        ("b, but smaller", ("B", "but smaller")),
        ("plan B: mind the dates", ("B", "mind the dates")),
        ("with B", ("B", "")),
        ("with plan B, but smaller", ("B", "but smaller")),
        ("with a test", (None, "with a test")),
        ("a bit slower", (None, "a bit slower")),
        ("but smaller", (None, "but smaller")),
        ("C", (None, "C")),
    ],
)
def test_a_letter_alone_names_a_plan_and_words_do_not(text, expected):
    assert which_plan(text, 2) == expected


def test_a_plan_that_is_not_there_cannot_be_named():
    assert which_plan("B", 1) == (None, "B")
