"""What people read stays what was written: prose, lists, tables, and code to the byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.forge.clean import clean_description, clean_markdown, clean_plain

READER = MarkdownIt("commonmark")
J = "\N{WORD JOINER}"
KEPT = [
    "A plain sentence, with *emphasis*, **weight** and a dash — and a <3.",
    "- one\n- two\n  - three\n\n1. first\n2. second",
    "> quoted\n\n## Heading\n\n---",
    "| a | b |\n|---|---|\n| `x` | y |",
    "a < b && c > d; `x[0](y)` is no link",
    "`@dataclass`, `` a`b ``, `<div>`, `![x](y)`, `fixes #1`, `https://a.b/c`",
    "See #12 and a1b2c3d; AT&T, 3 < 4; f(x)[1]; a\\*b",
    "- [ ] to do\n- [x] done",
    "Größe, 日本語, 🙂",
    "_Describe your change here._\n\n- _one two_\n\n___\n\nfoo_bar, \\_\\_x\\_\\_ and a\\_b",
]
CODE = "@app.get('/x')\ndef f(a: list[int]) -> str:\n\n    return f'<b>{a[0]}</b>'  # fixes #1, http://x.y\t`z`  "


@pytest.mark.parametrize("text", KEPT)
def test_ordinary_text_stays_as_it_is(text):
    assert clean_markdown(text) == text


@pytest.mark.parametrize("info", ["", "python", "suggestion", "c++", "diff"])
def test_a_code_block_stays_to_the_byte(info):
    text = f"Before.\n\n```{info}\n{CODE}\n```\n\nAfter."
    assert clean_markdown(text) == text


@given(st.text(st.sampled_from("ab @#1`~<>&|[]()!\\\t \n"), max_size=60))
def test_no_code_is_changed_in_its_block(code):
    bar = "`" * 70
    told = clean_markdown(f"x\n\n{bar}suggestion\n{code}\n{bar}\n\ny")
    assert f"suggestion\n{code}\n`" in told


def test_a_block_without_a_line_is_not_one_with_an_empty_line():
    """As suggestions, one takes lines away and the other leaves an empty one."""
    for text in ("x\n```suggestion\n```\ny", "x\n```suggestion\n\n```\ny"):
        assert clean_markdown(text) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Thanks @mona!", "Thanks @ mona!"),
        ("Fixes #12, closes o/r#3", f"Fixes #{J}12, closes o/r#{J}3"),
        ("See [the docs](https://a.b/c).", "See the docs (`https://a.b/c`)."),
        ("See https://a.b/c.", "See `https://a.b/c`."),
        ("(https://a.b/c)", "(`https://a.b/c`)"),
        ("![a picture](https://a.b/c.png) here", "a picture here"),
        ("seen <!-- not seen --> seen", "seen  seen"),
        ("<b>bold</b>", f"<{J}b>bold<{J}/b>"),
        ("one ` tick", "one \\` tick"),
        ("`a`https://a.b", "`a` `https://a.b`"),
        ("mail me@x.org", f"mail me@{J}x.org"),
        ("&copy; &amp;", f"&{J}copy; &{J}amp;"),
        ("| `a | @x` |", "| `a | @ x` |"),
        ("```\nnot closed", "\n```\nnot closed\n```\n"),
        ("- a\n  ```py\n  x\n    y\n  ```\n- b", "- a\n```py\nx\n  y\n```\n- b"),
        ("1. ```py\n   x\n   ```\ndone", "\n```py\nx\n```\ndone"),
        ("~~~~\n~~~\n~~~~", "\n```\n~~~\n```\n"),
        ("```x``` for @mona", "```x``` for @ mona"),
        ("```mermaid\ngraph\n```", "\n```\ngraph\n```\n"),
        ("```py title=x\n1\n```", "\n```py\n1\n```\n"),
        ("a\u202eb\u200bc", "abc"),
        ("Cache.__copy__() and class_ in _x.", "`Cache.__copy__()` and `class_` in `_x`."),
        ("[__x__](https://a.b)", "`__x__` (`https://a.b`)"),
        ("f(_) and g(_)", "f(\\_) and g(\\_)"),
        ("src/__init__.py:3, `__x__`__y__", "`src/__init__.py`:3, `__x__` `__y__`"),
    ],
)
def test_what_acts_is_parted_and_stays_readable(text, told):
    assert clean_markdown(text) == told


def test_a_block_at_either_end_is_left_whole_by_what_is_put_beside_it():
    cleaned = clean_markdown("```\n@admin\n```")
    assert f"- minor: {cleaned}; settled".split("\n") == ["- minor: ", "```", "@admin", "```", "; settled"]


def test_a_commit_message_is_protected_by_no_backticks():
    assert clean_plain("Mend `fixes #1` for `@mona`") == f"Mend `fixes #{J}1` for `@ mona`"


def test_a_commit_message_hides_nothing_in_the_name_of_a_decorator():
    assert clean_plain("Wrappers of `@cached` and @types/node") == "Wrappers of `@ cached` and @ types/node"


def test_a_description_keeps_code_but_for_what_a_squash_would_act_on():
    assert clean_description("`@dataclass` and `fixes #1`") == f"`@dataclass` and `fixes #{J}1`"


NAME = st.from_regex(r"(?:_{0,2}[a-z]{1,3}_{0,2}){1,2}(?:\.__[a-z]{1,3}__(?:\(\))?)?", fullmatch=True)
BETWEEN = st.sampled_from([" ", ", ", "\n", "\n\n", " (", ") ", " *is* ", " **is** ", "\n- ", ": ", "/", " | ", "(_)"])


@given(st.lists(st.tuples(NAME, BETWEEN), min_size=1, max_size=6))
def test_every_name_shows_its_underscores(words):
    text = "".join(f"{name}{between}" for name, between in words)
    tokens = [token for block in READER.parse(clean_markdown(text)) for token in block.children or ()]
    shown = "".join(token.content for token in tokens)
    assert shown.count("_") == text.count("_"), "none became emphasis"
    assert all(name in shown for name, _ in words)
    assert not any(token.type == "em_open" and token.markup == "_" for token in tokens)
    assert sum(token.type == "em_open" for token in tokens) == sum(between == " *is* " for _, between in words)
