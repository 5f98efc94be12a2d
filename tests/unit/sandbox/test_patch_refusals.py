"""Which changes of an agent are refused. The diffs are written as git writes them."""

import pytest

from app.sandbox.patches import validate


def added(path: str, *, mode: str = "100644", line: str = "x", quoted: bool = False) -> bytes:
    old, new = (f'"a/{path}"', f'"b/{path}"') if quoted else (f"a/{path}", f"b/{path}")
    text = (
        f"diff --git {old} {new}\nnew file mode {mode}\nindex {'0' * 40}..{'1' * 40}\n"
        f"--- /dev/null\n+++ {new}\n@@ -0,0 +1 @@\n+{line}\n"
    )
    return text.encode()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../outside.py", "out of the repository"),
        ("src/../../outside.py", "out of the repository"),
        ("/etc/passwd", "out of the repository"),
        ("src//twice.py", "out of the repository"),
        (".git/config", "git folder"),
        (".GIT/hooks/pre-commit", "git folder"),
        ("vendor/.git/config", "git folder"),
        ("vendor/.git", "git folder"),
        (".git./config", "git folder"),
        (".git /config", "git folder"),
        ("git~1/config", "git folder"),
        (".git::$INDEX_ALLOCATION/config", "git folder"),
        (".g\u200cit/config", "git folder"),
        (".gitmodules", "submodules"),
        (".github/workflows/ci.yml", "repository's rights"),
        (".GitHub/Workflows/ci.yml", "repository's rights"),
        ("action.yml", "repository's rights"),
        ("tools/deploy/action.yaml", "repository's rights"),
    ],
)
def test_a_path_that_agents_must_not_touch_is_refused(path: str, reason: str) -> None:
    assert [reason in refusal.reason for refusal in validate(added(path))] == [True]


@pytest.mark.parametrize(
    "path",
    ["src/app.py", ".gitignore", ".gitattributes", ".github/CODEOWNERS", "git/config", "workflows/ci.yml", "a b"],
)
def test_an_ordinary_path_is_not_refused(path: str) -> None:
    assert validate(added(path)) == []


def test_a_name_with_a_line_break_is_refused_and_shown_in_one_line() -> None:
    (refusal,) = validate(added("a\\nb", quoted=True))
    assert "control characters" in refusal.reason
    assert "\n" not in refusal.path


def test_a_name_that_is_no_utf8_is_refused() -> None:
    (refusal,) = validate(added("\\377", quoted=True))
    assert "not UTF-8" in refusal.reason


@pytest.mark.parametrize(
    ("path", "target", "refused"),
    [
        ("link", "/etc/passwd", True),
        ("link", "../outside", True),
        ("a/b/link", "../../../outside", True),
        ("link", ".git/config", True),
        ("link", "a\\..\\..\\outside", True),
        ("a/link", "../README.md", False),
        ("link", "src", False),
    ],
)
def test_a_symbolic_link_must_stay_within_the_tree(path: str, target: str, refused: bool) -> None:
    assert bool(validate(added(path, mode="120000", line=target))) is refused


def test_a_link_that_is_changed_in_place_is_looked_at_too() -> None:
    diff = (
        b"diff --git a/link b/link\nindex 1111111..2222222 120000\n--- a/link\n+++ b/link\n"
        b"@@ -1 +1 @@\n-src\n\\ No newline at end of file\n+/etc\n\\ No newline at end of file\n"
    )
    assert [refusal.path for refusal in validate(diff)] == ["link"]


def test_a_submodule_is_refused() -> None:
    assert "submodules" in validate(added("lib", mode="160000", line="Subproject commit " + "1" * 40))[0].reason


def test_a_workflow_that_is_deleted_or_moved_away_is_refused() -> None:
    path = ".github/workflows/ci.yml"
    deleted = (
        f"diff --git a/{path} b/{path}\ndeleted file mode 100644\nindex 1111111..0000000\n"
        f"--- a/{path}\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
    ).encode()
    moved = (f"diff --git a/{path} b/old.yml\nsimilarity index 100%\nrename from {path}\nrename to old.yml\n").encode()
    assert [refusal.path for refusal in validate(deleted)] == [path]
    assert [refusal.path for refusal in validate(moved)] == [path]


def test_binary_content_is_refused_but_may_be_deleted() -> None:
    head = b"diff --git a/x.bin b/x.bin\n"
    changed = head + b"index 1111111..2222222 100644\nBinary files a/x.bin and b/x.bin differ\n"
    deleted = head + b"deleted file mode 100644\nindex 1111111..0000000\nBinary files a/x.bin and /dev/null differ\n"
    assert "binary" in validate(changed)[0].reason
    assert validate(deleted) == []


@pytest.mark.parametrize(
    "diff",
    [
        b"not a diff\n",
        b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n+cut off\n",
        b"diff --git a/x b/x\n@@ -1 +1 @@\n-x\n+y\n",
        b"diff --git a/x b/yy\n",
        b"diff --git a/x b/x\n--- x\n+++ x\n@@ -1 +1 @@\n-x\n+y\n",
    ],
)
def test_what_cannot_be_read_is_refused_rather_than_taken_for_empty(diff: bytes) -> None:
    assert "cannot be read" in validate(diff)[0].reason


def test_a_diff_that_is_too_large_is_refused() -> None:
    assert "more than" in validate(added("x", line="x" * (6 * 1024**2)))[0].reason


def test_content_that_looks_like_a_header_hides_no_file() -> None:
    diff = added("notes.md", line="diff --git a/z b/z") + added(".git/config")
    assert [refusal.path for refusal in validate(diff)] == [".git/config"]
