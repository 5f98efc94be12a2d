"""What became of tests between two states of the code."""

import pytest

from app.policy.testlogs.comparing import Comparison, compare
from app.policy.testlogs.unit import Unit


def units(*failing: str, ran: int | None = 9, broken: tuple[str, ...] = (), name: str = "pytest") -> tuple[Unit, ...]:
    return (Unit(name, failing, ran, broken),)


CASES = [
    ("the same fail", units("a", "b"), units("b", "a"), Comparison(still=("a", "b"))),
    ("one more fails", units("a"), units("a", "b"), Comparison(new=("b",), still=("a",))),
    ("one for another", units("a"), units("b"), Comparison(new=("b",), fixed=("a",))),
    ("one twice", units("doc"), units("doc", "doc"), Comparison(new=("doc",), still=("doc",))),
    ("all are fixed", units("a"), units(), Comparison(fixed=("a",))),
    ("fewer ran", units("a"), units("a", ran=3), Comparison(still=("a",), fewer=("pytest: 3 tests ran, 9 before",))),
    (
        "a file was broken before",
        units("a", broken=("t/x.py",)),
        units("a", "t/x.py::y"),
        Comparison(untold=("t/x.py::y",), still=("a",)),
    ),
    (
        "a file is broken now",
        units("t/x.py::y"),
        units(broken=("t/x.py",)),
        Comparison(new=("t/x.py",)),
    ),
    (
        "nothing could be collected before",
        units(ran=0, broken=("t/x.py", "")),
        units("t/z.py::y"),
        Comparison(untold=("t/z.py::y",)),
    ),
    (
        "what stood behind the first failure runs now",
        units("a", name="cargo src/lib.rs"),
        (*units(name="cargo src/lib.rs"), *units("b", name="cargo tests/it.rs")),
        Comparison(untold=("b",), fixed=("a",)),
    ),
    ("a runner is gone", units(), units(name="jest"), Comparison(fewer=("pytest: it was not run",))),
]


@pytest.mark.parametrize(("name", "before", "after", "told"), CASES, ids=[case[0].replace(" ", "-") for case in CASES])
def test_compared_by_name(name: str, before: tuple[Unit, ...], after: tuple[Unit, ...], told: Comparison):
    assert compare(before, after) == told


def test_without_names_on_either_side_nothing_is_compared():
    assert compare((), units("a")) is None
    assert compare(units("a"), ()) is None
