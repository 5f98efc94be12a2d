"""The council says a thing once, and how it stands in one comment."""

from typing import Any

import pytest

from tests.support.places import Place


def summaries(place: Place, number: int) -> list[str]:
    return [each for each in place.answers(number) if "### The council on" in each]


def inline(place: Place, number: int) -> list[dict[str, Any]]:
    return list(place.call("ada", "GET", f"pulls/{number}/comments"))


def test_one_comment_says_how_it_stands_and_is_edited(place: Place):
    head, number = place.pull({"n.txt": "EVIL testing\n"})
    (first,) = summaries(place, number)
    assert f"### The council on `{head[:12]}`: testing must be satisfied first" in first

    newer = place.push("topic", place.commit({"n.txt": "fine\n"}, head))
    place.house.settle()

    (second,) = summaries(place, number)
    assert f"### The council on `{newer[:12]}`: nothing blocks" in second


@pytest.mark.parametrize("word", ["EVIL", "PICKY"])
def test_a_thing_is_said_on_its_line_once_whatever_is_pushed_besides(place: Place, word: str):
    head, number = place.pull({"n.txt": f"{word} testing\n"})
    assert len(inline(place, number)) == 1

    place.push("topic", place.commit({"o.txt": "more\n"}, head))
    place.house.settle()
    place.say("bob", number, "@quorum review")
    place.house.settle()

    assert len(inline(place, number)) == 1


def test_advice_that_is_said_approves_and_the_second_round_still_gives_it_for_other_lines(place: Place):
    head, number = place.pull({"n.txt": "PICKY testing\n"})
    assert place.gate(head).conclusion == "success"

    place.push("topic", place.commit({"o.txt": "PICKY testing, elsewhere\n"}, head))
    place.house.settle()
    assert len(inline(place, number)) == 2

    place.push("topic", place.commit({"p.txt": "PICKY testing, a third time\n"}, place.git("rev-parse", "topic")))
    place.house.settle()
    assert len(inline(place, number)) == 2, "the third round says only what must be fixed"
