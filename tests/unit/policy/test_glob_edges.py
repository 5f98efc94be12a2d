"""What a bracket of a glob holds, sign by sign, and where the parts of a glob begin and end."""

import string

import pytest

from app.policy.globs import Paths, matches

SIGNS = set(string.printable) - {"/"}


def held(glob):
    """All signs that a glob of one bracket matches by themselves."""
    return {sign for sign in SIGNS if matches(glob, f"{sign}!")}


@pytest.mark.parametrize(
    ("bracket", "signs"),
    [
        ("[abc]", "abc"),
        ("[a-c]", "abc"),
        ("[a-a]", "a"),
        ("[a-b]", "ab"),
        ("[a-cx-z]", "abcxyz"),
        ("[xa-c]", "abcx"),
        ("[a-cx]", "abcx"),
        ("[ab-d]", "abcd"),
        ("[a-]", "a-"),
        ("[-a]", "-a"),
        ("[a-c-e]", "abc-e"),
        ("[ab-]", "ab-"),
        ("[c-a]", ""),
        ("[c-ax]", "x"),
        ("[]a]", "]a"),
        ("[a!]", "a!"),
        ("[a^]", "a^"),
        ("[.-0]", ".0"),
        ("[*?]", "*?"),
        ("[a-c]*", "abc"),
        ("[\\]", "\\"),
    ],
)
def test_a_bracket_holds_what_is_written_in_it(bracket, signs):
    assert held(f"{bracket}!") == set(signs)


@pytest.mark.parametrize(
    ("bracket", "signs"),
    [
        ("[!a]", "a"),
        ("[!0]", "0"),
        ("[!0-9]", "0123456789"),
        ("[^a]", "a"),
        ("[!a-c]", "abc"),
        ("[^a-cx]", "abcx"),
        ("[!]a]", "]a"),
        ("[^]a]", "]a"),
    ],
)
def test_a_bracket_that_is_turned_round_holds_all_else(bracket, signs):
    assert held(f"{bracket}!") == SIGNS - set(signs)
    assert matches(bracket, "\x01")
    assert matches(bracket, "\udcff")
    assert not matches(f"x{bracket}y", "x/y")


@pytest.mark.parametrize(
    ("glob", "path", "whether"),
    [
        ("[a]b]", "ab]", True),
        ("[a]b]", "b", False),
        ("x[ab]", "xa", True),
        ("x[ab]", "a", False),
        ("[ab][cd]", "ad", True),
        ("[ab][cd]", "d", False),
        ("[a", "[a", True),
        ("[!]", "[!]", True),
        ("[^]", "[^]", True),
        ("[!]", "x", False),
        ("[]", "[]", True),
        ("[]", "]", False),
        ("a[/]b", "a/b", False),
        ("a**b", "ab", True),
        ("a**b", "axyb", True),
        ("a***b", "a/b", False),
        ("X", "X", True),
        ("aX", "a", False),
        ("X/", "X/a", True),
        ("a/X", "a/X", True),
        ("a/X", "b/a/X", False),
        ("a/X/", "b/a/X/c", False),
        ("a/", "a", False),
        ("a/", "b/a/c", True),
        ("/a/", "b/a/c", False),
        ("a/**", "a", False),
        ("a/**", "a/b/c", True),
        ("**/a", "a", True),
        ("**/a", "b/c/a", True),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/**/b", "axb", False),
        ("?", "a", True),
        ("?", "ab", False),
        ("a.b", "axb", False),
    ],
)
def test_a_glob_begins_and_ends_where_it_says(glob, path, whether):
    assert matches(glob, path) is whether
    assert (Paths(("other", path)).first(glob) == path) is whether
    assert Paths((path,)).all((glob,)) is whether
    assert Paths((path, path)).all(("other", glob)) is whether


@pytest.mark.parametrize(
    ("glob", "path", "whether"),
    [
        ("a", "a", True),
        ("a", "a/b", False),
        ("/*", "a/b", False),
        ("*", "a/b", True),
        ("a/*", "a/b/c", False),
        ("a/", "a/b", True),
    ],
)
def test_a_glob_that_is_not_to_look_inside_means_files_or_what_lies_in_a_folder(glob, path, whether):
    assert matches(glob, path, inside=False) is whether


def test_folded_paths_are_all_looked_at():
    paths = Paths(("A.py", "b.PY"))

    assert paths.all_folded(["*.py"])
    assert paths.all_folded(["A.py", "B.py"])
    assert not paths.all_folded(["a.py"])
    assert paths.first_folded("B.*") == "b.py"
