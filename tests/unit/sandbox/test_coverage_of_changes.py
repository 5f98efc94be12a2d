"""From a report on a whole project to what is said of the changed lines."""

from app.policy.coverage import Coverage, FileCoverage, ranges_of, render_missed, spots_missed
from app.sandbox.coverage.changed import of_changed_lines

HEAD = frozenset({"src/a.py", "src/b.py", "lib/b.py", "tests/test_a.py", "README.md", "a.py"})


def changed(**lines: set[int]) -> dict[str, frozenset[int]]:
    return {path.replace("__", "/") + ".py": frozenset(found) for path, found in lines.items()}


def test_only_changed_lines_count_and_only_those_that_can_be_run():
    report = {"src/a.py": {1: True, 2: True, 3: False, 4: False, 9: False}, "lib/b.py": {1: False}}

    found = of_changed_lines(report, changed(src__a={2, 3, 4, 5}), HEAD)

    assert found == Coverage(ran=1, lines=3, files=(FileCoverage("src/a.py", ((3, 4),)),))


def test_a_path_below_the_sandbox_root_is_the_same():
    assert of_changed_lines({"/work/./src/a.py": {1: True}}, changed(src__a={1}), HEAD).ran == 1


def test_a_short_path_stands_for_the_only_file_that_it_can_mean():
    assert of_changed_lines({"b.py": {1: True}}, changed(src__b={1}), HEAD).ran == 1
    assert of_changed_lines({"/builds/x/src/b.py": {1: True}}, changed(src__b={1}), HEAD).ran == 1
    assert of_changed_lines({"b.py": {1: True}}, changed(src__b={1}, lib__b={1}), HEAD).ran == 0
    assert of_changed_lines({"a.py": {1: True}}, changed(src__a={1}), HEAD).ran == 0, "that is another file"


def test_paths_without_number_are_not_held_against_each_changed_file():
    asked = 0

    class Paths(dict[str, frozenset[int]]):
        def __iter__(self):
            nonlocal asked
            asked += 1
            return super().__iter__()

    lines = Paths({f"f{number}/a.py": frozenset({1}) for number in range(50)})
    of_changed_lines({f"other{number}/a.py": {1: True} for number in range(50)}, lines, HEAD)
    assert asked <= 2


def test_several_records_of_one_file_are_one():
    report = {"src/a.py": {1: True, 2: False}, "/work/src/a.py": {1: False, 2: True, 3: False}}
    assert of_changed_lines(report, changed(src__a={1, 2, 3}), HEAD) == Coverage(
        2, 3, (FileCoverage("src/a.py", ((3, 3),)),)
    )


def test_a_changed_file_that_the_report_leaves_out_is_named_if_it_speaks_of_its_kind():
    lines = {**changed(src__a={1}, src__b={1}, tests__test_a={1}), "README.md": frozenset({1})}
    found = of_changed_lines({"src/a.py": {1: True}}, lines, HEAD)
    assert found.absent == ("src/b.py",), "neither a test nor what nobody measures"


def test_of_very_much_not_all_is_kept_and_all_is_counted():
    names = [f"src/f{number}.py" for number in range(300)]
    every_second = frozenset(range(1, 2000, 2))
    report = {name: dict.fromkeys(every_second, False) for name in names}

    found = of_changed_lines(report, dict.fromkeys(names, every_second), frozenset(names))

    assert (found.ran, found.lines) == (0, 300_000)
    assert sum(len(each.missed) for each in found.files) <= 5000


def test_lines_that_follow_each_other_are_one_range():
    assert list(ranges_of([5, 1, 2, 3, 9, 10])) == [(1, 3), (5, 5), (9, 10)]
    assert list(ranges_of([])) == []


def test_it_is_told_shortly():
    found = Coverage(1, 9, (FileCoverage("a.py", ((1, 3), (5, 5), (7, 7), (9, 9))),), ("b.py",))

    assert render_missed(found).splitlines() == [
        "The tests ran 1 of 9 changed lines; not:",
        "- a.py: 1-3, 5, 7, 9",
        "- b.py: not in the report at all",
    ]
    assert spots_missed(found) == ("a.py:1-3, 5, 7, …", "b.py (not in the report)")
    assert render_missed(Coverage(9, 9)) == ""
    assert render_missed(Coverage(problem="it is empty")) == "Not known: it is empty."


def test_of_many_files_only_some_are_told():
    found = Coverage(0, 90, tuple(FileCoverage(f"{number}.py", ((1, 1),)) for number in range(90)))
    assert render_missed(found).splitlines()[-1] == "- and 70 more files"
