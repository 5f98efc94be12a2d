"""The list of stages: done, under way, next."""

from app.workflows.checklist import Checklist


def lines(of: Checklist) -> list[str]:
    return of.render().splitlines()


def test_at_first_one_stage_is_under_way_and_one_comes_next():
    assert lines(Checklist()) == [
        "- [ ] **Understand what is wanted**: under way",
        "- [ ] Plan it (next)",
        "- [ ] Write it",
        "- [ ] Show that it works",
        "- [ ] Hear the council",
        "- [ ] Hand it over",
    ]


def test_what_is_reached_is_ticked_with_all_before_it():
    reached = Checklist().reached("written", "Commit abc")
    assert lines(reached)[:5] == [
        "- [x] Understand what is wanted",
        "- [x] Plan it",
        "- [x] Write it",
        "  - Commit abc",
        "- [ ] **Show that it works**: under way",
    ]
    assert reached.headline == "Show that it works (4 of 6)"


def test_a_word_belongs_to_the_stage_that_is_under_way():
    told = Checklist().reached("tests").noted("Round 1: blocked").noted("Repaired").reached("council")
    assert lines(told)[4:] == [
        "- [x] Hear the council",
        "  - Round 1: blocked",
        "  - Repaired",
        "- [ ] **Hand it over**: under way",
    ]


def test_what_was_reached_stays_reached_when_something_earlier_is_told_again():
    told = Checklist().reached("planned", "Two plans").reached("understood", "late")
    assert told.now == "written"
    assert lines(told)[:4] == ["- [x] Understand what is wanted", "  - late", "- [x] Plan it", "  - Two plans"]


def test_at_the_end_nothing_is_under_way():
    done = Checklist().reached("ready", "Look at it").noted("and more")
    assert (done.now, done.headline) == (None, "Done")
    assert lines(done)[-3:] == ["- [x] Hand it over", "  - Look at it", "  - and more"]
    assert "[ ]" not in done.render()


def test_of_many_words_on_one_stage_the_last_are_shown():
    many = Checklist()
    for number in range(40):
        many = many.noted(f"word {number}.")
    assert "word 39." in many.render()
    assert "word 1." not in many.render()
