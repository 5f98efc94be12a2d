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


def test_a_refusal_that_goes_along_says_for_what_and_where_that_stands_now(place: Place):
    evil = "b\n" * 20 + "EVIL testing\n"
    _, number = place.pull({"b.txt": evil})
    place.main = place.push("main", place.commit({"b.txt": "first\n" + "b\n" * 20}, place.main), "mona")

    rebased = place.push("topic", place.commit({"b.txt": f"first\n{evil}"}, place.main))
    place.house.settle()

    (summary,) = summaries(place, number)
    assert f"### The council on `{rebased[:12]}`: testing must be satisfied first" in summary
    assert "- **major** · testing · `b.txt:22` · " in summary
    runs = place.repository.check_runs.values()
    (check,) = [each for each in runs if (each["head_sha"], each["name"]) == (rebased, "quorum/testing")]
    assert check["output"]["title"] == "Still blocked: the diff is unchanged"
    assert "It says so itself." in check["output"]["summary"]
    assert [(each["path"], each["start_line"]) for each in check["annotations"]] == [("b.txt", 22)]
    assert len(inline(place, number)) == 1, "its thread goes along by itself"


def test_what_stands_at_the_same_head_is_told_in_its_new_check_and_annotated_once(place: Place):
    head, number = place.pull({"n.txt": "EVIL testing\n"})
    place.say("bob", number, "@quorum review security")
    place.house.settle()

    runs = place.repository.check_runs.values()
    found = [each for each in runs if (each["head_sha"], each["name"]) == (head, "quorum/testing")]
    assert [len(each["annotations"]) for each in found] == [1, 0]
    assert all("It says so itself." in each["output"]["summary"] for each in found)


def test_what_a_change_asks_less_of_is_shown_to_people_once(place: Place):
    test = "def test_a():\n    assert f() == 1\n\n\ndef test_b():\n    assert f() == 2\n"
    place.main = place.push("main", place.commit({"tests/test_a.py": test}, place.main), "mona")
    skipped = "import pytest\n\n\n@pytest.mark.skip\n" + test
    head, number = place.pull({"tests/test_a.py": skipped})

    told = "- test skipped · `tests/test_a.py:4` — "
    assert summaries(place, number)[0].count(told) == 1
    place.main = place.push("main", place.commit({"c.txt": "c\n"}, place.main), "mona")
    place.push("topic", place.commit({"tests/test_a.py": skipped}, place.main))
    place.house.settle()
    assert summaries(place, number)[0].count(told) == 1, "nobody read it again, and it is so all the same"

    place.push("topic", place.commit({"tests/test_a.py": skipped.replace("skip\n", "skip  # EVIL testing\n")}, head))
    place.house.settle()
    assert told not in summaries(place, number)[0], "a finding says it"
    assert "- **major** · testing · `tests/test_a.py:4`" in summaries(place, number)[0]


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
