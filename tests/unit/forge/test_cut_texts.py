"""Texts that are too long: cut between lines, with nothing left open that was closed."""

from hypothesis import given
from hypothesis import strategies as st

from app.forge.cut import cut

TEXT = st.text(st.sampled_from("a`\n @~"), max_size=200)


def test_a_text_that_fits_stays_as_it_is():
    assert cut("word\n" * 10, 50) == "word\n" * 10


def test_a_long_text_keeps_whole_lines_and_says_how_much_is_gone():
    assert cut("one\ntwo\nthree `@four`\n", 15) == "one\ntwo\n\n*(cut here: 15 characters more)*"


def test_a_code_block_that_is_cut_is_closed_before_the_note():
    told = cut("text\n````py\nx = 1\n```\nlots and lots of it\n````\n", 30)
    assert told.startswith("text\n````py\nx = 1\n```\n````\n\n*(cut")


def test_half_a_code_span_does_not_set_free_what_it_held():
    assert "`" not in cut("`@admin " + "x" * 100 + "`", 50)


@given(TEXT, st.integers(1, 100))
def test_no_cut_is_much_longer_than_its_limit(text, limit):
    told = cut(text, limit)
    assert told == text or len(told) <= 2 * limit + 60
    assert told == text or told.startswith(text[:limit].rpartition("\n")[0])
