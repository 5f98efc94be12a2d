import pytest

from app.llm.table import check_table, models_for, second

TABLE = {
    "default": ("anthropic:a",),
    "second": ("openai:again",),
    "planner": ("openai:p", "anthropic:a"),
    "second_planner": ("gemini:p",),
    "writer": ("anthropic:w",),
    "reviewer": ("gemini:r",),
    "security": ("anthropic:s",),
    "reviewer:tone": ("openai:tone",),
    "chat": ("openai:chat",),
    "light": ("openai:light",),
}


@pytest.mark.parametrize(
    ("role", "first"),
    [
        ("planner", "openai:p"),
        (second("planner"), "gemini:p"),
        ("writer", "anthropic:w"),
        (second("writer"), "openai:again"),
        ("repairer", "anthropic:a"),
        (second("repairer"), "openai:again"),
        ("reviewer:security", "anthropic:s"),
        ("reviewer:tone", "openai:tone"),
        ("reviewer:performance", "gemini:r"),
        ("reviewer:security+performance", "anthropic:s"),
        ("reviewer:performance+security", "gemini:r"),
        ("voter:security", "anthropic:s"),
        ("voter:performance", "anthropic:a"),
        ("talker", "openai:chat"),
        ("light", "openai:light"),
        ("challenger", "anthropic:a"),
        ("a role of tomorrow", "anthropic:a"),
        ("", "anthropic:a"),
    ],
)
def test_each_role_has_the_row_that_fits_it_best(role: str, first: str):
    assert models_for(TABLE, role)[0] == first


def test_who_tries_again_has_the_role_s_own_model_where_no_other_is_named():
    assert models_for({"default": ("d",), "writer": ("w",)}, second("writer")) == ("w",)
    assert models_for({"default": ("d",)}, second("planner")) == ("d",)


def test_the_models_of_a_row_are_kept_in_their_order():
    assert models_for(TABLE, "planner") == ("openai:p", "anthropic:a")


def test_a_row_that_no_role_has_is_told_with_those_that_there_are():
    check_table(TABLE, ["security", "performance"])
    for wrong in ("reviwer", "Security", "talker", "reviewer:", ""):
        with pytest.raises(ValueError, match=r"QUORUM_MODELS has a row .*write one of .*challenger, chat"):
            check_table({wrong: ("a:b",)}, ["security"])
    with pytest.raises(ValueError, match="names no model for 'writer'"):
        check_table({"writer": ()}, [])
