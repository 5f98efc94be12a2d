from hypothesis import given
from hypothesis import strategies as st

from app.agents.hunks import FileDiff, Span, cut_at_hunks

HEAD = "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n"


def diff_of(*lengths: int) -> str:
    """A file with a hunk for each number, which adds as many lines."""
    hunks = []
    for number, length in enumerate(lengths):
        start = 1 + 1000 * number
        hunks.append(f"@@ -{start},0 +{start},{length} @@\n" + "".join(f"+line {start + n}\n" for n in range(length)))
    return HEAD + "".join(hunks)


def file(text: str) -> FileDiff:
    return FileDiff("a.py", text, text.count("\n"))


def test_what_fits_stays_in_one_piece():
    text = diff_of(3, 4)
    (chunk,) = cut_at_hunks(file(text), len(text))
    assert chunk.text == text
    assert chunk.span == Span("a.py", 1, 1004)


def test_each_piece_begins_with_the_files_header():
    text = diff_of(20, 20, 20)
    chunks = cut_at_hunks(file(text), len(text) // 2)
    assert len(chunks) == 3
    assert all(chunk.text.startswith(HEAD + "@@ ") for chunk in chunks)
    assert [(chunk.span.first, chunk.span.last) for chunk in chunks] == [(1, 20), (1001, 1020), (2001, 2020)]


def test_a_hunk_that_is_too_large_is_not_cut():
    assert cut_at_hunks(file(diff_of(2, 90, 2)), 300) == ()


def test_what_has_no_hunks_cannot_be_cut():
    assert cut_at_hunks(file("diff --git a/a b/a\nBinary files a/a and b/a differ\n"), 20) == ()


def test_a_line_that_looks_like_a_hunks_header_is_content():
    text = HEAD + "@@ -1,2 +1,2 @@\n-@@ -9,9 +9,9 @@\n+@@ -9,9 +9,9 @@\n @@ -7,7 +7,7 @@\n"
    (chunk,) = cut_at_hunks(file(text), len(text))
    assert chunk.span == Span("a.py", 1, 2)
    assert cut_at_hunks(file(text), len(text) - 1) == ()


def test_invisible_characters_are_measured_as_they_are_shown():
    text = HEAD + "@@ -0,0 +1,1 @@\n+" + "\u200b" * 50 + "\n"
    assert cut_at_hunks(file(text), len(text)) == ()


@given(st.lists(st.integers(1, 30), min_size=1, max_size=12), st.integers(50, 600))
def test_every_line_is_in_one_piece_and_no_piece_is_too_large(lengths: list[int], limit: int):
    text = diff_of(*lengths)
    chunks = cut_at_hunks(file(text), limit)
    assert all(len(chunk.text) <= limit for chunk in chunks)
    if chunks:
        assert "".join(chunk.text.removeprefix(HEAD) for chunk in chunks) == text.removeprefix(HEAD)
    else:
        assert any(len(diff_of(length)) > limit - 20 for length in lengths), "each hunk had room"
