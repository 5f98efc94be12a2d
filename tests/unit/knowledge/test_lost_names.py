"""Whether a definition lost its name with the lines that are gone."""

from app.knowledge.removed import Cut, _lost_its_name
from app.knowledge.symbols import Symbol

LINES = ((2, "def f():"), (3, "    return g()"), (9, "def g():"))


def test_a_definition_is_gone_with_a_line_of_its_own_that_names_it():
    cut = Cut("a.py", "a.py", LINES)

    assert _lost_its_name(Symbol("f", "function", 2, 3, None), cut)
    assert _lost_its_name(Symbol("g", "function", 9, 12, None), cut)
    assert not _lost_its_name(Symbol("g", "function", 4, 8, None), cut), "it is named elsewhere"
    assert not _lost_its_name(Symbol("f", "function", 3, 3, None), cut)


def test_other_lines_are_not_looked_at():
    looked: list[int] = []

    class Watched(tuple[tuple[int, str], ...]):
        __slots__ = ()

        def __getitem__(self, index):  # type: ignore[no-untyped-def]
            found = super().__getitem__(index)
            looked.append(len(found) if isinstance(index, slice) else 1)
            return found

    lines = Watched((number, "x = 1") for number in range(1, 10_001))
    assert not _lost_its_name(Symbol("f", "function", 5000, 5004, None), Cut("a.py", None, lines))
    assert sum(looked) < 100
