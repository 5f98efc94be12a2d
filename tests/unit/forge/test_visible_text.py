"""Which characters a person sees."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forge.visible import is_visible, only_visible


@pytest.mark.parametrize(
    "character",
    [
        "\u200b",
        "\u2060",
        "\u202e",
        "\u00ad",
        "\ufeff",
        "\U000e0041",
        "\x00",
        "\x1b",
        "\r",
        "\u034f",
        "\u3164",
        "\ufe0f",
        "\u2028",
        "\u2029",
    ],
)
def test_what_a_page_does_not_show_is_left_out(character):
    assert only_visible(f"a{character}b") == "ab"


@pytest.mark.parametrize("text", ["", "a\tb\n", "Größe", "日本語", "a\u0301", "🙂", "\u00a0", "x ≤ y"])
def test_what_people_write_stays(text):
    assert only_visible(text) == text


@given(st.text())
def test_each_character_is_judged_alone(text):
    told = only_visible(text)
    assert told == "".join(each for each in text if is_visible(each))
    assert all(unicodedata.category(each) not in {"Cf", "Co", "Cn", "Cs"} for each in told)
    assert only_visible(told) == told
