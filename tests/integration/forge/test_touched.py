"""What became of a few lines in a later commit."""

import pytest

from app.forge.touched import what_became_of

LINES = [b"line %d" % number for number in range(1, 21)]


def text(*changes: tuple[int, int, bytes | None]) -> bytes:
    """The lines with some taken out, by the first and how many, and others put there; later ones first."""
    lines = list(LINES)
    for start, count, put in changes:
        lines[start - 1 : start - 1 + count] = [] if put is None else [put]
    return b"\n".join(lines) + b"\n"


CASES = [
    ("another line", text((3, 1, b"new")), "no"),
    ("the last of them", text((12, 1, b"new")), "changed"),
    ("the first is gone", text((10, 1, None)), "changed"),
    ("a large piece around", text((8, 6, b"new")), "changed"),
    ("up to before the first", text((8, 2, b"new")), "no"),
    ("from behind the last", text((13, 2, b"new")), "no"),
    ("put before the first", text((10, 0, b"new")), "beside"),
    ("put in between", text((11, 0, b"new")), "beside"),
    ("put behind the last", text((13, 0, b"new")), "beside"),
    ("put one before that", text((9, 0, b"new")), "no"),
    ("put one behind that", text((14, 0, b"new")), "no"),
    ("in between and changed", text((12, 1, b"new"), (11, 0, b"new")), "changed"),
    ("all of it gone", b"", "changed"),
]


@pytest.mark.parametrize(("now", "touch"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
async def test_lines_are_changed_or_get_neighbours_or_stay(installed, now: bytes, touch: str):
    """Lines 10 to 12 of 20."""
    old, new = (installed.commit({"a.txt": content, "b.txt": b"b\n"}) for content in (text(), now))

    assert await what_became_of(installed.repository.path, old, new, "a.txt", (10, 12)) == touch


@pytest.mark.parametrize(
    ("files", "touch"),
    [
        ({"b.txt": text()}, "no"),
        ({"b.txt": text((11, 1, b"new"))}, "changed"),
        ({"b.txt": b"b\n"}, "changed"),
        ({"a.txt": text(), "b.txt": text((11, 1, b"new"))}, "no"),
    ],
    ids=["renamed", "renamed and changed", "gone", "another file"],
)
async def test_a_file_is_followed_under_its_new_name(installed, files: dict[str, bytes], touch: str):
    old, new = installed.commit({"a.txt": text()}), installed.commit(files)

    assert await what_became_of(installed.repository.path, old, new, "a.txt", (10, 12)) == touch


async def test_of_a_file_that_was_gone_and_is_back_all_lines_are_changed(installed):
    """What was said of lines that a change took away with their file is answered when the file is there again."""
    old, new = installed.commit({"b.txt": b"b\n"}), installed.commit({"a.txt": text(), "b.txt": b"b\n"})

    assert await what_became_of(installed.repository.path, old, new, "a.txt", (10, 12)) == "changed"
    assert await what_became_of(installed.repository.path, old, old, "a.txt", (10, 12)) == "no"


async def test_a_name_is_no_pattern(installed):
    old = installed.commit({"[a].txt": text(), "a.txt": text()})
    new = installed.commit({"[a].txt": text(), "a.txt": text((11, 1, b"new"))})

    assert await what_became_of(installed.repository.path, old, new, "[a].txt", (10, 12)) == "no"


async def test_of_a_commit_that_is_gone_nothing_is_told(installed):
    new = installed.commit({"a.txt": text()})

    assert await what_became_of(installed.repository.path, "0" * 40, new, "a.txt", (10, 12)) is None
