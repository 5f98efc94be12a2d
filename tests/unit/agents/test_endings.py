import asyncio

import pytest

from app.agents.tools.handing_in import submit_tool

WORK = {"title": "Keep the cents", "summary": "The rest of the division was thrown away."}


def submit(shown: tuple[bool, str], previous: str | None):
    async def look(_known: str) -> tuple[bool, str]:
        return shown

    return asyncio.run(submit_tool(look).run(WORK, previous))


def test_the_first_call_only_shows_the_work():
    output = submit((True, "2 passed in 0.1 s\nThe work: a"), None)
    assert (output.ends, output.is_error) == (False, False)
    assert "2 passed" in output.text


def test_the_second_call_ends_it_though_tests_print_another_time():
    assert submit((True, "2 passed in 0.2 s\nThe work: a"), "2 passed in 0.1 s\nThe work: a").ends


@pytest.mark.parametrize(
    ("shown", "previous"),
    [((True, "The work: b"), "The work: a"), ((False, "The work: a"), "The work: a"), ((True, "x\nb"), "b\nx")],
)
def test_work_that_was_not_shown_as_it_is_is_not_handed_in(shown, previous):
    assert not submit(shown, previous).ends


def test_of_a_plan_is_asked_only_where_there_was_one():
    async def look(_known: str) -> tuple[bool, str]:
        return True, "w"

    assert "left_plan" in str(submit_tool(look, planned=True).spec)
    assert "left_plan" not in str(submit_tool(look).spec)


@pytest.mark.parametrize(
    ("command", "told", "looked"),
    [
        ("", "there is no `measure`", 0),
        (" ", "there is no `measure`", 0),
        ("no", "measured nothing", 0),
        ("run", "w", 1),
    ],
)
def test_work_on_speed_is_not_looked_at_before_something_measures_it(command, told, looked):
    looks = []

    async def look(_known: str) -> tuple[bool, str]:
        looks.append(None)
        return True, "w"

    async def measure(wanted: str) -> tuple[bool, str]:
        return wanted == "run", "twice as fast" if wanted == "run" else "measured nothing"

    output = asyncio.run(submit_tool(look, measure).run({**WORK, "measure": command}, None))
    assert told in output.text
    assert (output.is_error, len(looks)) == (not looked, looked)
    assert not looked or output.text == "twice as fast\n\nw"
