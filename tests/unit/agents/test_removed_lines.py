"""Findings about lines that are gone: on which side and line their comment stands."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agents.anchor import anchor
from app.agents.patched import read_diff
from app.policy.checked import Checked, commented_on
from app.policy.finding import Finding
from app.workflows.check_text import render_annotation
from app.workflows.inline import render_comments

BEFORE = ["def pay(user, sum):", "    check(user)", "    check(sum)", "", "    send(user, sum)", "    log(user)"]


def diff_of(before: list[str], after: list[str], path: str = "a.py") -> bytes:
    """As git writes it, for lines that end with a line feed."""
    told = list(difflib.unified_diff(before, after, f"a/{path}", f"b/{path}", lineterm=""))
    head = f"diff --git a/{path} b/{path}\nindex {'1' * 40}..{'2' * 40} 100644\n"
    return (head + "".join(f"{line}\n" for line in told)).encode() if told else b""


def place(quote: str, after: list[str], *, before: list[str] = BEFORE, diff: bytes = b"", **more) -> Finding | str:
    told = {"severity": "major", "category": "check", "path": "a.py", "claim": "It is gone.", **more}
    said = Finding(**{"start_line": 1, "end_line": 1, "quote": quote, **told})
    _, lines = read_diff(diff or diff_of(before, after), ())
    held = anchor([said], {"a.py": "\n".join([*after, ""])}, lines)
    return held.kept[0] if held.kept else held.dropped[0].reason


@pytest.mark.parametrize(
    ("quote", "after", "expected"),
    [
        ("    check(user)", [BEFORE[0], *BEFORE[2:]], ("LEFT", 2, 2)),
        ("check(user)\n    check(sum)", [BEFORE[0], *BEFORE[3:]], ("LEFT", 2, 3)),
        ("check(sum)", [BEFORE[0], *BEFORE[3:]], ("LEFT", 3, 3)),
        ("def pay(user, sum):", BEFORE[1:], ("LEFT", 1, 1)),
        ("    log(user)", BEFORE[:-1], ("LEFT", 6, 6)),
        # What stands next to a removal is on the new side, as ever.
        ("def pay(user, sum):", [BEFORE[0], *BEFORE[2:]], ("RIGHT", 1, 1)),
        ("    check(sum)", [BEFORE[0], *BEFORE[2:]], ("RIGHT", 2, 2)),
    ],
)
def test_a_comment_on_removed_lines_stands_on_the_old_side(quote: str, after: list[str], expected: tuple):
    found = place(quote, after)
    assert isinstance(found, Finding)
    assert commented_on(found) == expected


def test_it_is_put_on_github_so_and_annotated_on_the_line_beside():
    found = place("check(user)\n    check(sum)", [BEFORE[0], *BEFORE[3:]])
    assert isinstance(found, Checked)
    ((comment,), _) = render_comments([("security", found)])
    assert comment.pop("body")
    assert comment == {"path": "a.py", "line": 3, "side": "LEFT", "start_line": 2, "start_side": "LEFT"}
    assert (render_annotation(found)["start_line"], render_annotation(found)["end_line"]) == (1, 1)


def test_no_suggestion_can_stand_there_and_that_is_said():
    found = place("check(user)", [BEFORE[0], *BEFORE[2:]], suggestion="    check(user)")
    assert isinstance(found, Checked)
    assert found.suggestion is None
    assert "not offered: the lines are gone" in render_comments([("security", found)])[0][0]["body"]


GONE = ["import time", *BEFORE, "", *BEFORE]


def deleted(lines: list[str], mode: str = "100644") -> bytes:
    told = list(difflib.unified_diff(lines, [], "a/a.py", "/dev/null", lineterm=""))
    head = f"diff --git a/a.py b/a.py\ndeleted file mode {mode}\nindex {'1' * 40}..{'0' * 40}\n"
    return (head + "".join(f"{line}\n" for line in told)).encode()


@pytest.mark.parametrize(
    ("quote", "about", "expected"),
    [
        ("    check(user)\n    check(sum)", 3, ("LEFT", 3, 4)),
        ("    check(user)", 11, ("LEFT", 10, 10)),
        ("import time", 9, ("LEFT", 1, 1)),
    ],
)
def test_of_a_file_that_is_gone_lines_are_those_that_it_had(quote: str, about: int, expected: tuple):
    found = place(quote, [], diff=deleted(GONE), start_line=about, end_line=about)
    assert isinstance(found, Checked)
    assert commented_on(found) == expected
    assert (found.start_line, found.end_line) == expected[1:]


@pytest.mark.parametrize("mode", ["120000", "160000"])
def test_a_link_or_a_submodule_that_is_gone_has_no_lines(mode: str):
    assert "leaves lines in" in str(place("import time", [], diff=deleted(GONE, mode)))


def test_what_was_replaced_is_not_gone():
    changed = [BEFORE[0], "    check(user, strictly=True)", *BEFORE[2:]]
    assert "changed line" in str(place("    check(user)", changed))


def test_a_renamed_file_has_no_old_side():
    """Where GitHub sees no rename, a comment on it would have the whole review refused."""
    after = [BEFORE[0], *BEFORE[2:]]
    renamed = diff_of(BEFORE, after).replace(b"a/a.py", b"a/old.py")
    renamed = renamed.replace(b"index ", b"similarity index 80%\nrename from old.py\nrename to a.py\nindex ")
    assert "changed line" in str(place("    check(user)", after, diff=renamed))


texts = st.lists(st.sampled_from([f"line {letter}" for letter in "abcdef"]), min_size=1, max_size=30)


@given(texts, st.data())
def test_what_is_on_the_old_side_stands_there_and_is_gone(before: list[str], data: st.DataObject):
    kept = data.draw(st.lists(st.booleans(), min_size=len(before), max_size=len(before)))
    after = [line for line, keep in zip(before, kept, strict=True) if keep]
    quote = "\n".join(data.draw(st.lists(st.sampled_from(before), min_size=1, max_size=3)))
    diff = diff_of(before, after)
    if not diff or not after:
        return
    found = place(quote, after, before=before)
    if isinstance(found, Finding) and commented_on(found)[0] == "LEFT":
        _, first, last = commented_on(found)
        assert before[first - 1 : last] == quote.split("\n")
        assert 1 <= found.start_line <= len(after)
