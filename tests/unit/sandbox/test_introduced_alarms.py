"""Which alarms are new. Lines move, files are renamed, and the same line may stand in a file twice."""

from hypothesis import given
from hypothesis import strategies as st

from app.sandbox.analyzers.alarm import Alarm
from app.sandbox.analyzers.introduced import Sighting, introduced, on_touched_lines, unheeded


def seen(line: int, text: str = "eval(x)", rule: str = "R1", path: str = "a.py", end: int = 0) -> Sighting:
    return Sighting(Alarm("t", rule, "error", path, line, end or line, "Wrong."), text)


def new(now: list[Sighting], before: list[Sighting], touched: set[int] | None = None, **renamed: str) -> list[int]:
    lines = {each.alarm.path: frozenset(touched or ()) for each in now}
    return [alarm.line for alarm in introduced(now, before, lines, renamed)]


def test_an_old_alarm_that_only_moved_is_not_new():
    assert new([seen(9)], [seen(2)]) == []


def test_nor_is_one_whose_line_was_only_indented():
    assert new([seen(9, "    eval( x)")], [seen(2, "\teval( x)\r")], {9}) == []


def test_another_line_another_rule_and_another_file_are_new():
    assert new([seen(3, "eval(y)")], [seen(3)]) == [3]
    assert new([seen(3, rule="R2")], [seen(3)]) == [3]
    assert new([seen(3, path="b.py")], [seen(3)]) == [3]


def test_an_alarm_that_an_untouched_line_gives_for_the_first_time_is_new():
    """Its import went, its only use went: the change did that."""
    assert new([seen(3)], [], {7}) == [3]


def test_of_equal_ones_as_many_are_old_as_there_were_and_those_on_added_lines_are_new():
    now = [seen(2), seen(5), seen(9)]
    assert new(now, [seen(4), seen(8)], {2}) == [2]
    assert new(now, [seen(4)], {2, 9}) == [2, 9]
    assert new(now, [seen(1), seen(2), seen(3)], {2, 5, 9}) == []


def test_a_rename_is_followed():
    renamed = {"old.py": "a.py"}
    assert introduced([seen(1)], [seen(1, path="old.py")], {}, renamed) == []
    assert introduced([seen(1)], [seen(1, path="old.py")], {}, {}) == [seen(1).alarm]


def test_alarms_about_a_whole_file_are_told_apart_by_their_rule():
    assert new([seen(0, ""), seen(0, "", "R2")], [seen(0, "")]) == [0]


def test_without_anything_to_compare_only_added_lines_count():
    now = [seen(1), seen(4, end=6), seen(9), seen(0)]
    assert [alarm.line for alarm in on_touched_lines(now, {"a.py": frozenset({5, 9})})] == [4, 9]
    assert on_touched_lines([seen(1, end=10**12)], {"a.py": frozenset({2**40})}) == []


sightings = st.lists(
    st.builds(seen, st.integers(0, 9), st.sampled_from("xy"), st.sampled_from(["R1", "R2"])), max_size=8
)


@given(sightings, sightings, st.sets(st.integers(0, 9)))
def test_nothing_is_new_that_was_there_as_often_and_all_else_is(now, before, touched):
    fresh = introduced(now, before, {"a.py": frozenset(touched)}, {})
    for rule in ("R1", "R2"):
        for text in "xy":
            was = sum(each.text == text and each.alarm.rule == rule for each in before)
            is_ = sum(each.text == text and each.alarm.rule == rule for each in now)
            lines = [each.alarm for each in now if each.text == text and each.alarm.rule == rule]
            others = [each.alarm for each in now if each.text != text and each.alarm.rule == rule]
            told = [alarm for alarm in fresh if alarm in lines and alarm not in others]
            if not set(lines) & set(others):
                assert len(told) == max(0, is_ - was)
    assert introduced(now, now, {}, {}) == []


def test_a_rule_that_a_file_breaks_three_times_before_nobody_goes_by_there():
    often = [seen(1), seen(5, "eval(y)"), seen(8)]
    assert unheeded([*often, seen(2, rule="R2"), seen(4, rule="R2")], {"a.py": "new.py"}) == {("R1", "new.py")}
    assert unheeded([seen(1), seen(2), seen(3, path="b.py")], {}) == frozenset(), "no file does so alone"


def test_what_is_broken_or_a_hole_is_told_however_often_it_stood_there_before():
    grave = ("E999", "F821", "F541", "PLE0101", "S608")
    assert unheeded([seen(n, rule=rule) for rule in grave for n in range(9)], {}) == frozenset()
    assert len(unheeded([seen(n, rule=rule) for rule in ("F401", "SC2086", "B006") for n in range(9)], {})) == 3
