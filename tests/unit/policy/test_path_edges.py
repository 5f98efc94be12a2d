"""What a path says, where one letter more or less would say something else: kinds, risk, owners, globs."""

import pytest
from gate_builders import changed

from app.policy.codeowners import owners_of, parse_codeowners
from app.policy.globs import Paths
from app.policy.kinds import kinds_of
from app.policy.paths import glob_problem, why_set_aside
from app.policy.risk import LARGE_LINES, MANY_FILES, risk_of


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("docs/LICENSE", {"docs"}),
        ("src/cmake/CMakeLists.txt", {"code"}),
        ("a.md/run", {"code"}),
        ("x.yml/notes.md", {"docs"}),
        ("bin/md", {"code"}),
        ("json", {"code"}),
    ],
)
def test_a_kind_is_told_by_the_name_and_not_by_its_folder(path, kinds):
    assert kinds_of(path) == kinds


@pytest.mark.parametrize("file", [changed("tests/auth.md"), changed("tests/a.png", binary=True)])
def test_documents_among_the_tests_are_as_harmless_as_either(file):
    assert risk_of([file]).level == "low"


def test_a_change_that_is_large_is_not_told_to_be_more_than_small_as_well():
    long = [changed("docs/a.md", added=LARGE_LINES, removed=0)]
    many = [changed(f"docs/{each}.md", added=0, removed=0) for each in range(MANY_FILES)]

    assert risk_of(long).reasons == ("has 1000 lines to read, 1000 or more",)
    assert risk_of(many).reasons == ("has 50 files, 50 or more",)
    assert risk_of(many[1:]).level == "low"


@pytest.mark.parametrize("pattern", ["/LINUX", "XML/", "X", "/X/*.c", "lib/X"])
def test_an_owner_is_found_whatever_letters_a_name_begins_and_ends_with(pattern):
    path = f"{pattern.strip('/').replace('*', 'main')}{'/main.c' if '.c' not in pattern else ''}"

    assert owners_of(parse_codeowners(f"{pattern} @ada"), path) == {"@ada"}


def test_between_two_paths_there_is_nothing_that_a_glob_could_match():
    paths = Paths(("a", "b"))

    assert [paths.first(glob) for glob in ("X*", "XX", "?*?")] == [None, None, None]


@pytest.mark.parametrize(
    ("glob", "problem"),
    [
        ("", "is empty or longer than 200 characters"),
        ("/", "is empty or longer than 200 characters"),
        ("!", "is empty or longer than 200 characters"),
        ("! /", "is empty or longer than 200 characters"),
        ("a" * 201, "is empty or longer than 200 characters"),
        ("./a", "has a `.` or `..` step"),
        ("a/../b", "has a `.` or `..` step"),
        ("!./a", "has a `.` or `..` step"),
        (" a", "starts or ends with a space"),
        ("a ", "starts or ends with a space"),
        ("#a", "starts or ends with a space or starts with `#`"),
        ("!#a", "starts or ends with a space or starts with `#`"),
        ("**", "matches every file"),
    ],
)
def test_what_is_wrong_with_a_glob_is_told(glob, problem):
    assert glob_problem(glob).startswith(problem)


@pytest.mark.parametrize("glob", ["a" * 200, "!*", "!**", "a!", "a#", ".a", "..a", "a b"])
def test_what_only_looks_odd_in_a_glob_is_fine(glob):
    assert glob_problem(glob) is None


def test_what_lies_in_a_folder_that_is_named_like_generated_files_goes_with_them():
    assert why_set_aside("web/x.min.js/part.js") == "generated"
