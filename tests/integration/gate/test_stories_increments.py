"""A push onto a large change that was read: what is read again, what stands, and who has everything read."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.support.house import House
from tests.support.places import Content, Place

NewPlace = Callable[..., Place]
NAMES = [f"part{number}/page{number}.txt" for number in range(12)]


def page(name: str, *lines: str) -> str:
    return "".join(f"{name} says {number}, at some length and to nobody\n" for number in range(40)) + "".join(
        f"{line}\n" for line in lines
    )


def large(**more: Content) -> dict[str, Content]:
    return {**{name: page(name) for name in NAMES}, **more}


def shown_to(house: House, role: str) -> list[str]:
    return [shown for asked, shown in zip(house.model.asked, house.model.shown, strict=True) if asked == role]


def push(place: Place, files: dict[str, Content], head: str) -> str:
    """Judged; of the requests only those that it leads to are kept."""
    place.house.model.asked.clear()
    place.house.model.shown.clear()
    newer = place.push("topic", place.commit(files, head))
    place.house.settle()
    return newer


def check(place: Place, head: str, name: str) -> dict[str, str]:
    runs = place.repository.check_runs.values()
    (found,) = [each for each in runs if (each["head_sha"], each["name"]) == (head, f"quorum/{name}")]
    return {**found["output"], "conclusion": found["conclusion"]}


def test_a_push_is_read_for_what_is_new_and_a_wish_has_everything_read(house: House, place: Place):
    head, number = place.pull(large())
    assert place.gate(head).conclusion == "success"

    newer = push(place, {NAMES[3]: page(NAMES[3], "one line more")}, head)

    (shown,) = shown_to(house, "reviewer:testing")
    assert "+one line more" in shown
    assert f"+{NAMES[4]} says 7" not in shown
    assert f"{NAMES[3]}: +41 -0, new at line 41" in shown
    assert f"{NAMES[4]}: +40 -0, as it was read" in shown
    assert place.gate(newer).conclusion == "success"
    assert f"read it in full at {head[:12]} and then what was new" in place.gate(newer).summary
    assert (
        f"read in full at `{head[:12]}`, and here what is new: 11 files are as they were"
        in (check(place, newer, "testing")["summary"])
    )
    assert any(f"in full at `{head[:12]}`" in each for each in place.answers(number))

    house.model.asked.clear()
    house.model.shown.clear()
    place.say("bob", number, "@quorum review")
    house.settle()
    assert all(f"+{name} says 7" in shown for shown in shown_to(house, "reviewer:testing") for name in NAMES)
    assert place.gate(newer).conclusion == "success"
    assert "read it in full at" not in place.gate(newer).summary


def test_what_blocked_in_a_file_that_is_as_it_was_blocks_until_that_file_is_another(house: House, place: Place):
    head, number = place.pull(large(**{NAMES[0]: page(NAMES[0], "EVIL testing")}))
    assert place.gate(head).conclusion == "failure"

    newer = push(place, {NAMES[3]: page(NAMES[3], "one line more")}, head)

    assert shown_to(house, "challenger") == [], "it was challenged once"
    (shown,) = shown_to(house, "reviewer:testing")
    assert "These of your findings stand" in shown
    assert "+EVIL testing" not in shown
    assert place.gate(newer).conclusion == "failure"
    assert "1 finding must be fixed" in check(place, newer, "testing")["title"]
    assert check(place, newer, "security")["conclusion"] == "success"
    assert len(place.call("ada", "GET", f"pulls/{number}/comments")) == 1, "it is not said again"

    mended = push(place, {NAMES[0]: page(NAMES[0], "all is well")}, newer)
    (shown,) = shown_to(house, "reviewer:testing")
    assert "Judge each anew" in shown
    assert "+all is well" in shown
    assert "+one line more" in shown, "what is new since all was read is read together"
    assert place.gate(mended).conclusion == "success"

    back = push(place, {NAMES[0]: page(NAMES[0], "EVIL testing"), NAMES[5]: page(NAMES[5], "and more")}, mended)
    assert all("+EVIL testing" not in shown for shown in shown_to(house, "reviewer:testing")), "it is as it was read"
    assert place.gate(back).conclusion == "failure"


def test_who_did_not_answer_reads_everything_and_so_does_a_policy_that_carries_less_over(
    house: House, new_place: NewPlace
):
    place = new_place()
    house.model.silent = {"testing"}
    head, _ = place.pull(large())
    house.model.silent = set()
    newer = push(place, {NAMES[3]: page(NAMES[3], "one line more")}, head)
    assert all(f"+{name} says 7" in shown for shown in shown_to(house, "reviewer:testing") for name in NAMES)
    assert not any(f"+{NAMES[4]} says 7" in shown for shown in shown_to(house, "reviewer:security"))
    assert place.gate(newer).conclusion == "success"

    strict = new_place("perspectives: [security, testing]\ncarry_over: exact\n")
    head, _ = strict.pull(large())
    newer = push(strict, {NAMES[3]: page(NAMES[3], "one line more")}, head)
    assert all(f"+{name} says 7" in shown for shown in shown_to(house, "reviewer:testing") for name in NAMES)
    assert strict.gate(newer).conclusion == "success"


def test_who_has_another_model_reads_everything_and_another_writer_is_nobodys_business(
    house: House, new_place: NewPlace
):
    place, usual = new_place("perspectives: [security, testing]\n"), house.services

    def ask_models(**rows: Any) -> None:
        models = {row: (name,) for row, name in rows.items()}
        house.services = replace(usual, settings=usual.settings.model_copy(update={"models": models}))

    try:
        ask_models(testing="test:a", writer="test:a")
        head, _ = place.pull(large())
        ask_models(testing="test:b", writer="test:b")
        newer = push(place, {NAMES[3]: page(NAMES[3], "one line more")}, head)
    finally:
        house.services = usual
    assert all(f"+{name} says 7" in shown for shown in shown_to(house, "reviewer:testing") for name in NAMES)
    (shown,) = shown_to(house, "reviewer:security")
    assert f"+{NAMES[4]} says 7" not in shown
    assert place.gate(newer).conclusion == "success"
