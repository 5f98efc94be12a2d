"""Whatever an agent writes: once it is cleaned, GitHub has nothing to act on.

Markdown is read by markdown-it, and code is looked for where it says, so that the cleaner is not its own judge.
"""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.forge.clean import clean_description, clean_markdown, clean_plain

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
MARKS = [
    "`",
    "``",
    "```",
    "````",
    "~~~",
    "~",
    "*",
    "_",
    "|",
    "\\",
    "[",
    "]",
    "(",
    ")",
    "](",
    "]:",
    "!",
    "<",
    ">",
    "&",
    "$",
]
BLOCKS = [
    "\n",
    "\n\n",
    "    ",
    "  ",
    " ",
    "\t",
    "- ",
    "1. ",
    "> ",
    "# ",
    "a|b\n-|-\n",
    "===\n",
    "---\n",
    "\r",
    "\u200b",
]
ACTS = [
    *("@admin", "@", "admin", "fixes #1", "Closes: o/r#2", "resolve", "#3", "GH-4", "www.e.vil", "a@b.co"),
    *("http://e.vil", "HTTPS://e.vil/`x", "http:", "//x", "ftp://e.vil", "&#64;admin", "&commat;", "&lt;", "\\@admin"),
    *(
        "![x](http://e.vil/x.png)",
        "![](x)",
        "[a](http://e.vil)",
        "[a]",
        "![a]",
        "[a]: http://e.vil\n",
        "[^a]: @admin\n",
    ),
    *(
        "<img src=x>",
        "<a href='",
        "<!--",
        "-->",
        "<!-->",
        "<http://e.vil>",
        "</details>",
        "<?x",
        "<![CDATA[",
        "suggestion",
    ),
    *("__x__", "_a b_", "_.", "/_"),
]
HOSTILE = st.lists(st.sampled_from(MARKS + BLOCKS + ACTS), max_size=30).map("".join)
PLACES = [
    ("", ""),
    ("**security · Major** — ", ""),
    ("  - minor, `a.py:1`: ", "; settled by a later commit"),
    ("", "\n\n<!---->\n\n```suggestion\n@admin ![x](http://e.vil) fixes #1\n```"),
]
"""What the publishing texts put before and behind."""
FOUND = [  # each was let through by an earlier cleaner
    "[![x](a)](http://e.vil/x.png)",
    "![x][a]\n\n[a]: http://e.vil/x.png",
    "[x](a(b)c) @admin",
    "&#64;admin",
    "fixes \\#1",
    "**fixes** #1",
    "_@admin",
    "<?php x ?>",
    "```\n@admin",
    "~~~\n@admin",
    "`@admin\n\n`",
    "` a\n`@admin`",
    "\\`@admin`",
    "|b\n-|-\n`|`http://e.vil",
    "[a`]: http://e.vil `\n![a`] `",
    "> ```\n@admin",
    "<!-->~~~\n@admin",
    "http://e.vil`@admin`",
    "http:\\//e.vil",
    "\\https://e.vil",
    "<!-->~~~\n\n```\n~~~\n@admin\n```",
    "```a` ```\n@admin",
]


def told(markdown):
    """What is not code, and what is not text at all. Pieces that a tag parts are parted."""
    pieces, acting = [], []
    for block in READER.parse(markdown):
        acting += [block.type] if block.type == "html_block" else []
        for token in block.children or ():
            pieces.append(token.content if token.type in {"text", "text_special"} else "\0")
            acting += [token.type] if token.type in {"image", "link_open", "html_inline"} else []
        pieces.append("\0\n")
    return re.sub("\0+", "\0", "".join(pieces)), acting


def assert_harmless(markdown):
    text, acting = told(markdown)
    assert not acting
    assert not re.search(r"@[A-Za-z0-9]", text), "a mention"
    assert not re.search(r"://|www\.", text), "an address"
    closing = r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s*(?:[\w.-]+/[\w.-]+)?(?:#|GH-)\d"
    assert not re.search(closing, text.replace("\0", ""), re.IGNORECASE), "a closing word"


@pytest.mark.parametrize("text", FOUND)
def test_what_was_let_through_before_is_harmless(text):
    for before, behind in PLACES:
        assert_harmless(before + clean_markdown(text) + behind.replace("<!---->", ""))


def test_no_definition_hides_in_what_looks_like_code():
    """What defines a link is not shown; Markdown looks for it before it looks for code."""
    assert "e.vil" in READER.render(clean_markdown("[a`]: http://e.vil/`"))


@given(HOSTILE, st.sampled_from(PLACES))
@example("`a|b`c`@admin`", PLACES[0])
def test_cleaned_markdown_holds_nothing_that_acts(text, place):
    before, behind = place
    assert_harmless(before + clean_markdown(text) + behind.replace("<!---->", ""))


@given(HOSTILE)
def test_cleaning_again_keeps_it_harmless(text):
    assert_harmless(clean_markdown(clean_markdown(text)))


@given(HOSTILE.filter(lambda text: "](" not in text))
def test_cleaning_again_changes_nothing(text):
    once = clean_markdown(text)
    assert clean_markdown(once) == once


@given(HOSTILE)
def test_a_plain_text_holds_nothing_that_acts_even_in_backticks(text):
    once = clean_plain(text)
    assert not re.search(r"@[A-Za-z0-9]|://|www\.|!\[|\]\(|<[A-Za-z/!?]", once)
    assert not re.search(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)[:\s]*(?:\S+/\S+)?#\d", once, re.IGNORECASE)
    assert clean_plain(once) == once
    assert re.sub("(?<=@) ", "", once.replace("\u2060", "")) == re.sub("[\r\u200b]|(?<=@) ", "", text)


@pytest.mark.parametrize("clean", [clean_plain, clean_description])
@pytest.mark.parametrize(
    "words",
    [
        "[skip ci]",
        "[ci skip]",
        "[no ci]",
        "[Skip Actions]",
        "[actions skip]",
        "[ skip-ci ]",
        "`[skip ci]`",
        "***NO_CI***",
        "Done.\n\nskip-checks: true",
        "Done.\n\nskip-checks:true",
    ],
)
def test_no_words_of_an_agent_keep_the_workflows_from_running(clean, words):
    told = clean(words)
    assert not re.search(r"\[ ?(?:skip|no|ci|actions)[ -](?:ci|actions|skip)|skip-checks:|NO_CI", told, re.IGNORECASE)
    assert clean(told) == told


@given(HOSTILE)
def test_a_description_closes_nothing_when_a_squash_makes_it_a_commit(text):
    assert not re.search(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:\w+/\w+)?#\d", clean_description(text))
    assert_harmless(clean_description(text))


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "![",
        "[a](",
        "a`",
        "`` ` ",
        "<!--",
        "<",
        "&a",
        "@",
        "fix ",
        "fix #",
        "closes_",
        "\\",
        "a",
        "_",
        "_ a",
        "_a ",
        "a/",
        "a.",
        "http://",
        "> ```\n",
    ],
)
def test_a_very_long_text_of_one_piece_comes_to_an_end(piece):
    """With any step that looks at the rest again for each piece this would take minutes."""
    text = piece * (50_000 // len(piece))
    assert len(clean_markdown(text)) >= len(text) // 2
    assert len(clean_plain(text)) >= len(text)
