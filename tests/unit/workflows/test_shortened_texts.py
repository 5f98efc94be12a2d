"""Texts that are cut: between words, and never within code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workflows.texts import brief, one_line, shortened


@pytest.mark.parametrize(
    ("text", "limit", "told"),
    [
        ("It is fine.", 11, "It is fine."),
        ("an answer that is no JSON object", 28, "an answer that is no JSON…"),
        ("Change it, so that `a b c` is right", 24, "Change it, so that…"),
        ("Change it, so that `a b c` is right", 28, "Change it, so that `a b c`…"),
        ("Write ``a ` b`` and more of it", 14, "Write…"),
        ("It costs 3, or four", 13, "It costs 3…"),
        ("a lone ` stays here and there", 20, "a lone ` stays here…"),
        ("x" * 40, 10, "xxxxxxxxx…"),
        ("a " + "x" * 40, 10, "a xxxxxxx…"),
        ("`" + "x" * 40 + "` is it", 10, "'xxxxxxxx…"),
        ("see `" + "x y " * 10 + "` for it", 32, "see…"),
    ],
)
def test_a_text_is_cut_between_words_and_not_within_code(text: str, limit: int, told: str):
    assert shortened(text, limit) == told


def test_only_the_first_line_is_taken():
    assert one_line("\n first of all\nsecond") == "first of all"
    assert brief("It is so that `a b` holds\nand more", 18) == "It is so that…"


@given(text=st.text("ab ,`", max_size=60), limit=st.integers(2, 30))
def test_it_fits_and_a_text_that_fits_stays(text: str, limit: int):
    told = shortened(text, limit)
    assert len(told) <= limit
    assert told == text or (len(text) > limit and told.endswith("…"))


def test_what_agents_wrote_is_cut_behind_a_sentence_where_that_leaves_enough():
    text = "The cents are kept. See `a. B` and e.g. that file, as said. " + "More of it follows here. " * 5
    assert brief(text, 70) == "The cents are kept. See `a. B` and e.g. that file, as said. …"
    assert brief(text, 45) == "The cents are kept. …"
    assert brief(text, 200) == text.strip()
    assert brief("A short one. " + "word " * 60, 120).endswith("word word…"), "too little is left of it"
    assert brief("word " * 60, 60).endswith("word…")
