"""What of a function is shown beside the hunk that changes it."""

from app.knowledge.around import enclosing, excerpts
from app.knowledge.symbols import Symbol

CLASS = Symbol("A", "class", 1, 200, None)
SHORT = Symbol("f", "method", 5, 12, "A")
INNER = Symbol("g", "function", 7, 8, "A.f")
LONG = Symbol("h", "method", 20, 180, "A")
SYMBOLS = (CLASS, SHORT, INNER, LONG)
SOURCE = b"\n".join(b"text %d" % number for number in range(1, 201))


def test_each_line_belongs_to_the_innermost_symbol_that_holds_it():
    assert enclosing(SYMBOLS, [6]) == (SHORT,)
    assert enclosing(SYMBOLS, [7]) == (INNER,)
    assert enclosing(SYMBOLS, [12, 9]) == (SHORT,)
    assert enclosing(SYMBOLS, [13]) == (CLASS,)
    assert enclosing(SYMBOLS, [8, 2, 180]) == (CLASS, INNER, LONG)
    assert enclosing(SYMBOLS, [201]) == ()
    assert enclosing((), [1]) == ()


def test_a_short_function_is_shown_whole_with_its_line_numbers():
    (found,) = excerpts(SYMBOLS, SOURCE, frozenset({6}), frozenset({6}))
    assert found.symbol == SHORT
    assert found.text.split("\n") == [f"{number:6d}  text {number}" for number in range(5, 13)]


def test_what_the_diff_shows_whole_is_not_shown_again():
    assert excerpts(SYMBOLS, SOURCE, frozenset({6}), frozenset(range(5, 13))) == ()


def test_of_what_the_diff_shows_the_numbers_are_told():
    (found,) = excerpts(SYMBOLS, SOURCE, frozenset({6, 100}), frozenset({6, 7, *range(95, 105)}))[:1]
    assert "in the diff" not in found.text, "a few lines tell how the others belong together"
    (found,) = excerpts(SYMBOLS, SOURCE, frozenset({100}), frozenset({20, 21, *range(95, 105)}))
    lines = found.text.split("\n")
    assert lines[3:7] == ["     …", "    92  text 92", "    93  text 93", "    94  text 94"]
    assert lines[7:9] == ["    95  … 104, in the diff", "   105  text 105"]


def test_of_a_long_function_the_head_and_the_neighbourhood_are_shown():
    (found,) = excerpts(SYMBOLS, SOURCE, frozenset({100, 110}), frozenset({100, 110}))
    lines = found.text.split("\n")
    assert [int(line.split()[0]) for line in lines if "…" not in line] == [20, 21, 22, *range(92, 119)]
    assert [position for position, line in enumerate(lines) if "…" in line] == [3]


def test_lines_that_the_file_does_not_have_are_not_made_up():
    symbols = (Symbol("f", "function", 1, 30, None),)
    (found,) = excerpts(symbols, b"a\nb", frozenset({1}), frozenset())
    assert found.text == "     1  a\n     2  b"


def test_long_lines_are_cut_and_carriage_returns_are_left_out():
    symbols = (Symbol("f", "function", 1, 2, None),)
    (found,) = excerpts(symbols, b"a\r\n" + b"b" * 5000, frozenset({1}), frozenset())
    assert found.text == "     1  a\n     2  " + "b" * 200
