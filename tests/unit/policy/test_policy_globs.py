"""Globs over many paths: the same as one by one, whatever bytes they hold, and never costly."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.globs import Paths, fold, matches

NAMES = ("a.py", "src/a.py", "src/b/a.py", "docs/x.md", "Docs/x.md", "\u00e9/x", "e\u0301/x")
segments = st.text(st.sampled_from("ab.*?[]!-^\\/\u00e9\udcff"), min_size=1, max_size=8)
paths = st.lists(st.text(st.sampled_from("ab./\u00e9E\udcff"), min_size=1, max_size=6), max_size=6)


@pytest.mark.parametrize(
    ("glob", "first"),
    [
        ("*.py", "a.py"),
        ("/*.py", "a.py"),
        ("src/*.py", "src/a.py"),
        ("src/**/a.py", "src/a.py"),
        ("src/*/a.py", "src/b/a.py"),
        ("**/b/", "src/b/a.py"),
        ("b", "src/b/a.py"),
        ("src", "src/a.py"),
        ("?.py", "a.py"),
        ("[a-c].py", "a.py"),
        ("[!b].py", "a.py"),
        ("[!a].py", None),
        ("docs/", "docs/x.md"),
        ("DOCS/", None),
        ("a.p", None),
        ("a", None),
        ("rc/a.py", None),
        ("\u00e9/x", "\u00e9/x"),
        ("?/x", None),
    ],
)
def test_the_first_path_that_a_glob_matches(glob, first):
    assert Paths(NAMES).first(glob) == first


def test_blind_to_case_and_unicode_forms():
    assert Paths(NAMES).first_folded("DOCS/") == "docs/x.md"
    assert Paths(NAMES[4:5]).first_folded("docs/") == "docs/x.md"
    assert Paths(NAMES[6:]).first_folded("\u00c9/") == fold("\u00e9/x")
    assert Paths(("\uff41.py",)).first_folded("a.py") == "a.py"


@pytest.mark.parametrize(
    ("globs", "expected"),
    [(["*.py"], False), (["*.py", "*.md", "x"], True), (["**"], True), ([], False), (["*.py", "*.md"], False)],
)
def test_all_paths_are_matched_by_one_of_the_globs(globs, expected):
    assert Paths(NAMES).all(globs) is expected


def test_of_no_paths_not_all_are_matched():
    assert not Paths(()).all(["*"])
    assert not Paths(()).all_folded(["*"])


@pytest.mark.parametrize("odd", ["/a.py", "a//b.py", "./a.py", "a/../b.py", "a/", "..", ""])
def test_case_31_odd_paths_match_nothing_and_are_not_left_out_of_all(odd):
    assert Paths((odd,)).first("*") is None
    assert Paths((odd,)).first_folded("*") is None
    assert not Paths(("a.py", odd)).all(["**"])
    assert not Paths(("a.py", odd)).all_folded(["**"])
    assert not matches("*", odd)


@pytest.mark.parametrize("path", ["a\udcff.py", "a\nb.py", "a\tb.py", "a\\b.py", "a b.py", "\U0001f600.py"])
def test_odd_bytes_in_a_name_are_characters_like_others(path):
    assert matches("*.py", path)
    assert Paths((path,)).first("*.py") == path
    assert Paths((path,)).first(path if "\\" not in path else "*.py") == path


def test_a_question_mark_is_one_byte_as_it_is_for_git():
    assert not matches("?", "\u00e9")
    assert matches("??", "\u00e9")
    assert not matches("?", "/")


@pytest.mark.parametrize("glob", ["*a" * 90, "**/" * 60 + "x", "?*" * 90, "[!x]*" * 39, "*" * 199])
def test_case_30_a_glob_that_backtracks_elsewhere_ends_here(glob):
    assert Paths(("a" * 20_000 + "/" + "b" * 20_000,) * 20).first(f"{glob}z") is None


def test_a_bracket_that_is_upside_down_holds_nothing_and_an_open_one_is_a_character():
    assert not matches("[z-a]", "b")
    assert matches("[ab", "[ab")
    assert matches("[]a]", "]")
    assert matches("[!]a]", "b")
    assert not matches("a[/]b", "a/b")


@settings(max_examples=300)
@given(segments, paths)
def test_many_paths_are_matched_as_each_alone(glob, names):
    alone = [name for name in names if matches(glob, name)]

    assert Paths(names).first(glob) == (alone[0] if alone else None)
    assert Paths(names).all([glob]) is (bool(names) and len(alone) == len(names))


@settings(max_examples=200)
@given(segments, segments, paths)
def test_two_globs_match_what_each_of_them_does(one, two, names):
    expected = bool(names) and all(matches(one, name) or matches(two, name) for name in names)

    assert Paths(names).all([one, two]) is expected


@given(st.text(st.sampled_from("ab/"), min_size=1, max_size=8), st.text(st.sampled_from("ab/"), min_size=1, max_size=8))
def test_a_glob_without_signs_names_a_file_or_a_folder(glob, path):
    plain = glob.strip("/")
    anchored = "/" in glob.rstrip("/")
    even = {"", ".", ".."}.isdisjoint(path.split("/"))
    wanted = re.compile(
        ("" if anchored else "(?:.*/)?") + re.escape(plain) + ("/.+" if glob.endswith("/") else "(?:/.+)?")
    )
    if plain and "//" not in glob and not glob.startswith("//"):
        assert matches(glob, path) is (even and bool(wanted.fullmatch(path)))
