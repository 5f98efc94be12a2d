"""Which files are set aside, and at what cost."""

import subprocess
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.globs import matches
from app.policy.paths import BUILT_IN, can_run, glob_problem, hides_nothing, why_set_aside


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("uv.lock", "lock file"),
        ("web/package-lock.json", "lock file"),
        ("vendor/lib/x.go", "vendored"),
        ("web/node_modules/x/index.js", "vendored"),
        ("static/app.min.js", "generated"),
        ("api/v1_pb2.py", "generated"),
        ("src/vendor/x.go", None),
        ("src/main.py", None),
        ("uv.lock.py", None),
        ("UV.LOCK", None),
        (".github/quorum.yml", None),
    ],
)
def test_what_is_set_aside_without_being_asked(path, why):
    assert why_set_aside(path) == why


def test_the_policy_adds_and_takes_back_and_the_last_word_counts():
    globs = ["docs/api/**", "!vendor/ours/", "*.gen.py", "!keep.gen.py"]

    assert why_set_aside("docs/api/a/b.md", globs) == "policy"
    assert why_set_aside("vendor/ours/x.go", globs) is None
    assert why_set_aside("vendor/theirs/x.go", globs) == "vendored"
    assert why_set_aside("a/x.gen.py", globs) == "policy"
    assert why_set_aside("a/keep.gen.py", globs) is None


@pytest.mark.parametrize(
    ("path", "reason", "fine"),
    [
        ("vendor/lib/old.go", "vendored", True),
        ("vendor/lib/new.go", "vendored", True),
        ("vendor/new/x.go", "vendored", False),
        ("api_pb2.py", "generated", True),
        ("new_pb2.py", "generated", False),
        ("new.lock", "lock file", True),
        ("docs/new.md", "policy", True),
    ],
)
def test_new_code_does_not_hide_behind_a_name(path, reason, fine):
    assert hides_nothing(path, reason, {"vendor/lib/old.go", "api_pb2.py"}, {".", "vendor", "vendor/lib"}) is fine


def test_case_31_a_rename_into_a_folder_that_is_set_aside_hides_nothing():
    assert why_set_aside("vendor/x.go", was="src/x.go") is None
    assert why_set_aside("vendor/x.go", was="vendor/y.go") == "vendored"


@pytest.mark.parametrize("path", ["tests/uv.lock/conftest.py", "Cargo.lock/build.rs", "go.sum/x/y.go"])
def test_what_lies_in_a_folder_that_is_named_like_a_lock_file_is_none(path):
    assert why_set_aside(path) is None
    assert why_set_aside(path.partition("/")[0] if not path.startswith("tests") else "tests/uv.lock") == "lock file"


@pytest.mark.parametrize("path", ["/uv.lock", "../uv.lock", "a/../uv.lock", "./uv.lock", "a//uv.lock", "uv.lock/", ""])
def test_case_31_odd_paths_match_nothing(path):
    assert why_set_aside(path, ["*.lock", "**/*.lock"]) is None


@pytest.mark.parametrize("path", ["Docs/x.md", "DOCS/x.md", "doc\u017f/x.md", "docs\u200b/x.md"])
def test_case_31_case_and_unicode_forms_do_not_slip_through(path):
    assert why_set_aside(path, ["docs/"]) is None


@pytest.mark.parametrize(
    "glob",
    [
        "*",
        "**",
        "/**",
        "**/*",
        "/*",
        "**/",
        "?*",
        "*/",
        "",
        "/",
        "a\\b",
        "../a",
        "./a",
        " a",
        "a ",
        "#a",
        "a" * 201,
        "!",
    ],
)
def test_a_glob_that_matches_everything_or_nothing_is_refused(glob):
    assert glob_problem(glob) is not None or not any(matches(glob, path) for path in ("a", "a.py", "x.y"))


@pytest.mark.parametrize("glob", ["*", "**", "/**", "**/*", "/*", "?*", "***", "[!_]*"])
def test_case_30_a_glob_that_matches_everything_is_refused(glob):
    assert "matches every file" in (glob_problem(glob) or "")


@pytest.mark.parametrize(
    "glob", ["docs/", "docs/api/**", "*.min.js", "!vendor/ours/", "/gen/*.py", "a/**/b", "[ab].txt"]
)
def test_ordinary_globs_are_good(glob):
    assert glob_problem(glob) is None


def test_the_built_in_globs_are_good():
    assert [glob for globs in BUILT_IN.values() for glob in globs if glob_problem(glob)] == []


def test_case_30_a_glob_full_of_stars_costs_no_more_than_its_length_times_the_paths():
    glob, path = "*a" * 90 + "b", "/".join(["a" * 2000, "a" * 2000])
    deep = "**/" * 40 + "x"
    began = time.thread_time()

    assert not matches(glob, path)
    assert not matches(deep, "/".join(["a"] * 2000))
    assert time.thread_time() - began < 2


names = st.text(alphabet="ab.", min_size=1, max_size=3).filter(lambda name: name not in {".", ".."})
paths = st.lists(names, min_size=1, max_size=4).map("/".join)
steps = st.one_of(names, st.sampled_from(["*", "**", "a*", "*b", "?", "*.*", "[ab]"]))
globs = st.builds(
    lambda start, parts, end: start + "/".join(parts) + end,
    st.sampled_from(["", "/"]),
    st.lists(steps, min_size=1, max_size=4),
    st.sampled_from(["", "/"]),
)


@pytest.fixture(scope="module")
def empty_repository(tmp_path_factory):
    where = tmp_path_factory.mktemp("gitignore")
    subprocess.run(["git", "init", "--quiet", where], check=True)
    return where


def ignored_by_git(where, glob, paths):
    """The paths that git itself leaves out. Its answer decides: libraries differ from it in `a/**/`."""
    (where / ".git/info/exclude").write_text(glob + "\n")
    asked = subprocess.run(
        ["git", "-C", where, "check-ignore", "--no-index", "-z", "--stdin"],
        input="\0".join(paths).encode(),
        capture_output=True,
        check=False,
    )
    assert asked.returncode in {0, 1}, asked.stderr
    return {path for path in asked.stdout.decode().split("\0") if path}


@settings(max_examples=120, deadline=None)
@given(glob=globs, some=st.sets(paths, min_size=1, max_size=12))
def test_globs_mean_what_they_mean_to_git(empty_repository, glob, some):
    assert {path for path in some if matches(glob, path)} == ignored_by_git(empty_repository, glob, some)


@pytest.mark.parametrize(
    "path",
    [
        *("dist/a.min.js", "api_pb2.py", "vendor/x/y.go", "vendor/x/config.yml", "node_modules/a"),
        *("tests/test_made.py", "conftest.py", "made_test.go", "src/__snapshots__/a.test.tsx.snap"),
    ],
)
def test_what_may_run_can_run(path):
    assert can_run(path)


@pytest.mark.parametrize(
    "path",
    ["dist/a.js.map", "tests/__snapshots__/a.snap", "snapshots/x__y.snap", "tests/made.json", "made.txt", "a.min.css"],
)
def test_documents_data_and_style_run_nowhere(path):
    assert not can_run(path)
