"""What a click on a suggestion makes of a file, and which are no good."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agents.anchor import Lines, anchor
from app.agents.suggested import Edit, Unfit, apart, apply, fit
from app.forge.markdown import Fenced, split_blocks
from app.policy.finding import Finding
from app.workflows.texts import render_inline

TEXT = b"def f():\n    a = 1\n    return a\n"


def finding(quote: str, suggestion: str, start: int = 2, **more) -> Finding:
    end = start + quote.strip("\n").count("\n")
    told = {"severity": "minor", "category": "c", "path": "a.py", "claim": "It is so.", **more}
    return Finding(start_line=start, end_line=end, quote=quote, suggestion=suggestion, **told)


def click(content: bytes, found: Finding) -> bytes | str:
    edit = fit(found, content)
    return edit.reason if isinstance(edit, Unfit) else apply(content, [edit])


@pytest.mark.parametrize(
    ("content", "found", "expected"),
    [
        (TEXT, finding("    a = 1", "    a = 2"), b"def f():\n    a = 2\n    return a\n"),
        (TEXT, finding("    a = 1", "    a = 2\n    b = 3\n"), b"def f():\n    a = 2\n    b = 3\n    return a\n"),
        (TEXT, finding("    a = 1\n    return a", "    return 1"), b"def f():\n    return 1\n"),
        (TEXT, finding("    a = 1", ""), b"def f():\n    return a\n"),
        (TEXT.replace(b"\n", b"\r\n"), finding("    a = 1", "    a = 2\r\n    b = 3"),
         b"def f():\r\n    a = 2\r\n    b = 3\r\n    return a\r\n"),
        (TEXT[:-1], finding("    return a", "    return 1", 3), b"def f():\n    a = 1\n    return 1"),
        (b"a\r\nb", finding("b", "c\nd"), b"a\r\nc\r\nd"),
        (b"a\nb", finding("b", ""), b"a"),
        ("é = 'ü'\nx\n".encode(), finding("é = 'ü'", "é = 'ö'", 1), "é = 'ö'\nx\n".encode()),
    ],
)  # fmt: skip
def test_exactly_the_lines_of_the_comment_are_replaced(content: bytes, found: Finding, expected: bytes):
    assert click(content, found) == expected


def test_who_left_the_indentation_out_left_it_out_twice():
    assert click(TEXT, finding("a = 1", "a = 2")) == b"def f():\n    a = 2\n    return a\n"
    assert (
        click(TEXT, finding("a = 1\nreturn a", "if a:\n\n    return 1")) == b"def f():\n    if a:\n\n        return 1\n"
    )
    assert click(TEXT, finding("a = 1", "    a = 2")) == b"def f():\n    a = 2\n    return a\n", "or only once"


@pytest.mark.parametrize(
    ("content", "found", "reason"),
    [
        (TEXT, finding("    a = 1", "    a = 1"), "changes nothing"),
        (TEXT, finding("a = 1", "a = 1\n"), "changes nothing"),
        (TEXT, finding("    a = 9", "    a = 2"), "not for the lines"),
        (TEXT, finding("    return a", "    return 1", 4), "not for the lines"),
        (b"\xff\n    a = 1\n", finding("    a = 1", "    a = 2"), "not UTF-8"),
        (b"x\r\n    a = 1\ny\n", finding("    a = 1", "    a = 2"), "different ways"),
        (TEXT, finding("    a = 1", "    a = 2  # \u202e"), "nobody would see"),
        (TEXT, finding("    a = 1", "    a = 2\rb"), "nobody would see"),
        (TEXT, finding("    a = 1", "    a = 2  // fine\u2028b"), "nobody would see"),
        (TEXT, finding("    a = 1", "    a = '[U+200B]'"), "nobody would see"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_reason(content: bytes, found: Finding, reason: str):
    assert reason in str(click(content, found))


def test_of_those_that_overlap_one_is_applied_with_the_others():
    one, over, other = Edit("a", 1, 3, ("x",)), Edit("a", 3, 4, ("y",)), Edit("a", 4, 4, ("z",))
    elsewhere = Edit("b", 1, 3, ("x",))
    assert apart([one, over, other, elsewhere]) == [one, other, elsewhere]
    assert apply(b"1\n2\n3\n4\n5\n", [one, other]) == b"x\nz\n5\n"


rows = st.lists(st.sampled_from(["a", "  b", "\tc", "```", "", "ü", "suggestion"]), min_size=1, max_size=8)


@given(rows, st.sampled_from(["\n", "\r\n"]), st.booleans(), rows, st.booleans(), st.data())
def test_what_stands_in_the_comment_put_onto_its_lines_is_what_was_tried(
    text: list[str], ending: str, ends: bool, new: list[str], bare: bool, data: st.DataObject
):
    """As GitHub does it: the block's lines replace the comment's lines, and nothing else changes."""
    first = data.draw(st.integers(1, len(text)))
    last = data.draw(st.integers(first, len(text)))
    content = (ending.join(text) + (ending if ends else "")).encode()
    quoted = [line.strip() if bare else line for line in text[first - 1 : last]]
    said = finding("\n".join(quoted) or " ", "\n".join(new), first)
    lines = frozenset(range(1, len(text) + 1))
    for found in anchor([said], {"a.py": content.decode()}, {"a.py": Lines(lines, lines)}).kept:
        edit = fit(found, content) if found.suggestion is not None else Unfit("")
        if isinstance(edit, Unfit):
            continue
        body = render_inline(found.model_copy(update={"suggestion": edit.text}), "testing")
        (block,) = [each for each in split_blocks(body) if isinstance(each, Fenced) and each.info == "suggestion"]
        before = content.decode().split("\n")
        carriage = "\r" if before[0].endswith("\r") else ""  # a lone line without an end has none to show
        after = [line + carriage for line in block.lines]
        if after and not before[found.end_line - 1].endswith("\r"):
            after[-1] = after[-1].removesuffix("\r")
        clicked = [*before[: found.start_line - 1], *after, *before[found.end_line :]]
        assert apply(content, [edit]).decode() == "\n".join(clicked)
        assert apply(content, [edit]) != content
