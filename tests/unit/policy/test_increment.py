"""What is new of a change that was read before, and when reading that is not enough."""

from dataclasses import replace

import pytest

from app.policy.changed import ChangedFile
from app.policy.increment import SMALL_CHARACTERS, Entry, Extent, compare, why_all


def entry(path: str, new: str = "b" * 40, was: str | None = None, **more) -> Entry:
    told = {"status": "R090" if was else "M", "modes": ("100644", "100644"), "objects": ("a" * 40, new), **more}
    return Entry(path, was, **told)


A, B = entry("a.py"), entry("b.py")


def test_what_is_the_same_in_every_respect_is_what_it_was():
    assert compare([A, B], [B, A]).same == {"a.py", "b.py"}
    assert not compare([A, B], [A, B]).gone


@pytest.mark.parametrize(
    "other",
    [
        entry("a.py", "c" * 40),
        entry("a.py", objects=("c" * 40, "b" * 40)),
        entry("a.py", modes=("100644", "100755")),
        entry("a.py", modes=("100644", "120000"), status="T"),
        entry("a.py", modes=("100644", "160000"), status="T"),
        entry("a.py", was="a.py.old"),
        entry("a.py", status="A", modes=("000000", "100644"), objects=("0" * 40, "b" * 40)),
    ],
)
def test_whatever_differs_makes_a_file_another(other: Entry):
    assert compare([A, B], [other, B]).same == {"b.py"}


def test_a_file_that_is_no_longer_changed_is_gone_and_one_that_was_renamed_is_not():
    assert compare([A, B], [A]).gone
    assert not compare([A], [A, B]).gone
    assert not compare([A], [entry("c.py", was="a.py")]).gone
    assert compare([entry("c.py", was="a.py")], [entry("c.py")]).gone


def changed(path: str, lines: int = 3) -> ChangedFile:
    return ChangedFile(path, None, "modified", lines, 0, binary=False)


ENOUGH = Extent(whole=10 * SMALL_CHARACTERS, shown=SMALL_CHARACTERS, new=[changed("shop/basket.py")], gone=False)


def test_a_small_part_of_a_large_change_is_enough():
    assert why_all(ENOUGH) is None
    assert why_all(replace(ENOUGH, shown=5 * SMALL_CHARACTERS)) is None
    assert why_all(replace(ENOUGH, whole=SMALL_CHARACTERS, shown=9)) is None


@pytest.mark.parametrize(
    ("extent", "reason"),
    [
        (replace(ENOUGH, whole=SMALL_CHARACTERS - 1, shown=9), "the change is small"),
        (replace(ENOUGH, shown=5 * SMALL_CHARACTERS + 1), "more than half of it is new, or belongs with what is new"),
        (replace(ENOUGH, new=[]), "no file tells what is new"),
        (replace(ENOUGH, shown=0), "no file tells what is new"),
        (replace(ENOUGH, gone=True), "a file was taken out of the change"),
        (replace(ENOUGH, new=[changed("shop/login.py")]), "what is new has names that speak of login"),
        (
            replace(ENOUGH, new=[changed(".github/workflows/ci.yml")]),
            "what is new changes 1 file of workflows or hooks",
        ),
        (replace(ENOUGH, new=[changed("shop/basket.py", 1000)]), "what is new has 1000 lines to read, 1000 or more"),
    ],
)
def test_what_has_everything_read(extent: Extent, reason: str):
    assert why_all(extent) == reason
