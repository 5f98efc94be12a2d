from hypothesis import given
from hypothesis import strategies as st

from app.policy.changed import ChangedFile
from app.policy.grouping import LARGE_FILES, LARGE_LINES, MOST_GROUPS, Group, groups_of, is_large


def changed(path: str, added: int = 1, removed: int = 0) -> ChangedFile:
    return ChangedFile(path, None, "modified", added, removed, binary=False)


def test_what_is_large_has_many_files_or_many_lines():
    assert not is_large([changed(f"{number}.py") for number in range(LARGE_FILES - 1)])
    assert is_large([changed(f"{number}.py") for number in range(LARGE_FILES)])
    assert not is_large([changed("a.py", LARGE_LINES - 1)])
    assert is_large([changed("a.py", 1, LARGE_LINES - 1)])
    assert not is_large([changed("uv.lock", LARGE_LINES * 9)]), "nobody reads it"


def test_files_stand_in_their_folders_the_largest_first():
    files = [
        changed("README.md", 3),
        changed("app/forge/a.py", 2),
        changed("app/forge/b.py", 9, 4),
        changed("app/c.py"),
    ]
    assert groups_of(files) == (Group("app/forge", 2, 11, 4), Group("(root)", 1, 3, 0), Group("app", 1, 1, 0))


def test_many_folders_are_told_by_those_above_them():
    files = [changed(f"{top}/{number}/x.py") for top in ("app", "tests") for number in range(9)]
    assert groups_of(files) == (Group("app", 9, 9, 0), Group("tests", 9, 9, 0))


def test_too_many_folders_end_in_one():
    groups = groups_of([changed(f"{number}/x.py", 50 - number) for number in range(20)])
    assert len(groups) == MOST_GROUPS
    assert groups[-1] == Group("(other folders)", 9, sum(50 - number for number in range(11, 20)), 0)


@given(st.lists(st.tuples(st.text("ab/", max_size=9), st.integers(0, 9), st.integers(0, 9)), max_size=40))
def test_every_line_is_in_one_group(told):
    files = [changed(*each) for each in told]
    groups = groups_of(files)
    assert len(groups) <= MOST_GROUPS
    assert sum(each.files for each in groups) == len(files)
    assert sum(each.added for each in groups) == sum(file.added for file in files)
    assert sum(each.removed for each in groups) == sum(file.removed for file in files)
