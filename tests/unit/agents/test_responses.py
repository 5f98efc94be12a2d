"""How work on a person's remarks ends: with an answer to each, and a tested change if one is said to be done."""

import asyncio

import pytest

from app.agents.tools.responses import respond_tool

SHOWN = "2 passed\nWhat you hand in: a"


def response(remark, kind="answer", answer="It is so."):
    return {"remark": remark, "kind": kind, "answer": answer}


def respond(*responses, title="Say it well", previous=None, fine=True, remarks=2):
    looked: list[None] = []

    async def look(_known):
        looked.append(None)
        return fine, SHOWN

    told = {"title": title, "summary": "The word that was asked for.", "responses": list(responses)}
    return asyncio.run(respond_tool(remarks, look).run(told, previous)), len(looked)


def test_answers_alone_end_it_and_nothing_is_tested():
    output, looked = respond(response(1), response(2, "nothing", ""))
    assert (output.ends, looked) == (True, 0)


def test_a_change_is_shown_first_and_handed_in_by_the_second_call():
    done = (response(1, "done"), response(2))
    output, _ = respond(*done)
    assert (output.ends, output.is_error, output.text) == (False, False, SHOWN)
    assert respond(*done, previous=SHOWN)[0].ends
    assert not respond(*done, previous=SHOWN, fine=False)[0].ends


@pytest.mark.parametrize(
    ("responses", "title", "wrong"),
    [
        ([response(1)], "Say it well", "no response to remark 2"),
        ([response(1), response(2), response(2)], "Say it well", "There are 2 remarks"),
        ([response(1), response(2), response(3)], "Say it well", "There are 2 remarks"),
        ([response(1), response(2, "left", " ")], "Say it well", "without an answer"),
        ([response(1), response(2, "done")], "", "respond"),
    ],
)
def test_what_is_missing_is_told(responses, title, wrong):
    output, looked = respond(*responses, title=title)
    assert output.is_error
    assert wrong in output.text
    assert looked == 0
