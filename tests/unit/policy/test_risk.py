"""Risk: what makes a change grave, each by itself, and that more never makes it less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.changed import ChangedFile
from app.policy.risk import LARGE_LINES, MANY_FILES, SMALL_LINES, lines_to_read, risk_of
from app.policy.sensitive import sensitive_word, usual_words

LEVELS = ("low", "medium", "high")


def changed(path="src/a.py", added=1, removed=0, status="modified", was=None, **more):
    return ChangedFile(path, was, status, added, removed, more.pop("binary", False), **more)


@pytest.mark.parametrize(
    ("file", "level", "reason"),
    [
        (changed("README.md"), "low", "documents and tests only"),
        (changed("docs/a.png", binary=True), "low", "documents and tests only"),
        (changed("tests/test_auth.py"), "low", "documents and tests only"),
        (changed("docs/auth.md"), "low", "documents and tests only"),
        (changed("docs/a.md", SMALL_LINES), "low", "documents and tests only"),
        (changed("docs/a.md", SMALL_LINES, 1), "medium", f"has {SMALL_LINES + 1} lines to read"),
        (changed("docs/a.md", mode_changed=True), "medium", "makes 1 file executable"),
        (changed("test_a.py", 1, 2), "medium", "leaves the tests shorter"),
        (changed("src/a.py"), "medium", "changes 1 file of code"),
        (changed("uv.lock", 9000, 9000), "medium", "changes 1 file of dependencies"),
        (changed("app.toml"), "medium", "changes 1 file of configuration"),
        (changed("docs/a.md", LARGE_LINES), "high", f"has {LARGE_LINES} lines to read"),
        (changed("src/a.py", binary=True), "high", "has 1 file that cannot be read"),
        (changed("lib/a.so", binary=True), "high", "has 1 file that cannot be read"),
        (changed("docs/a.md", symlink=True), "high", "changes 1 file that leads to another place"),
        (changed("docs/a.md", submodule=True), "high", "changes 1 file that is code of another"),
        (changed("test_a.py", 0, 1, "removed"), "high", "takes 1 file of tests away"),
        (changed("a.txt", 0, 0, "renamed", "test_a.py"), "high", "takes 1 file of tests away"),
        (changed("tests/test_b.py", 0, 0, "renamed", "test_a.py"), "low", "documents and tests only"),
        (
            changed("docs/ci.md", 0, 0, "renamed", ".github/workflows/ci.yml"),
            "high",
            "changes 1 file of workflows or hooks",
        ),
        (changed("docs/ci.md", 9, 0, "copied", ".github/workflows/ci.yml"), "low", "documents and tests only"),
        (changed("src/userpermissions.go"), "high", "names that speak of permission"),
        (changed("src/util.py", 0, 0, "renamed", "src/login.py"), "high", "names that speak of login"),
        (changed(".github/quorum.yml"), "high", "changes 1 file of policy"),
        (changed(".github/CODEOWNERS"), "high", "changes 1 file of ownership"),
        (changed(".GitHub/workflows/ci.yml"), "high", "changes 1 file of workflows or hooks"),
        (changed("main.tf"), "high", "changes 1 file of infrastructure"),
        (changed("db/migrate/1_a.rb"), "high", "changes 1 file of migrations"),
    ],
)
def test_one_file(file, level, reason):
    risk = risk_of([file])

    assert risk.level == level
    assert reason in risk.reasons[0]


def test_many_files_are_grave_however_small():
    files = [changed(f"docs/{number}.md", 0) for number in range(MANY_FILES)]

    assert risk_of(files[1:]).level == "low"
    assert risk_of(files).level == "high"


def test_lines_of_lock_files_are_not_counted_unless_the_file_was_something_else():
    assert lines_to_read([changed("uv.lock", 5), changed("a.py", 2, 1)]) == 3
    assert lines_to_read([changed("uv.lock", 5, 0, "renamed", "a.py")]) == 5


def test_reasons_begin_with_the_gravest_and_name_words_of_ours_only():
    files = [changed("src/evilauthn.py"), changed("web/JWTHelper.ts"), changed("Dockerfile"), changed("app.toml")]

    assert risk_of(files).reasons == (
        "changes 1 file of infrastructure",
        "has names that speak of auth, jwt",
        "changes 2 files of code",
        "changes 1 file of configuration",
    )


def test_a_change_without_files_is_low():
    assert risk_of([]).level == "low"


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("src/auth/x.py", "auth"),
        ("authority.go", "auth"),
        ("OAuth2Client.java", "auth"),
        ("userauth.py", "auth"),
        ("src/Author.py", None),
        ("coauthors.rb", None),
        ("tokenizer.py", None),
        ("parse/token.py", "token"),
        ("refreshToken.ts", "token"),
        ("JWTHelper.ts", "jwt"),
        ("TLSConfig.go", "tls"),
        ("subtitles.go", None),
        ("ENCRYPTION.c", "crypt"),
        ("pass\u200bword.py", "password"),
        ("src/\uff53ecret.py", "secret"),
        ("accept_payment.py", "payment"),
        ("src/main.py", None),
    ],
)
def test_sensitive_words(path, word):
    assert sensitive_word(path) == word


JWT = [*(f"jwt/{name}.py" for name in "abcdef"), "setup.py", "docs/auth.md", "tests/test_auth.py", "README.md"]


@pytest.mark.parametrize(
    ("paths", "usual"),
    [
        (JWT, {"jwt"}),
        ([*JWT, "a.py"], {"jwt"}),
        ([*JWT, "a.py", "b.py"], set()),
        (["auth/a.py", "auth/b.py", "auth/c.py", "auth/d.py"], set()),
        (["auth/jwt.py"] * 5, {"auth", "jwt"}),
        (["auth/jwt.py"] * 5001, set()),
        ([], set()),
    ],
)
def test_what_three_of_four_files_of_code_are_called_is_usual(paths, usual):
    assert usual_words(paths) == usual


def test_a_usual_word_tells_nothing_and_another_beside_it_does():
    files = [changed("jwt/utils.py", usual=frozenset({"jwt"})), changed("jwt/crypto.py", usual=frozenset({"jwt"}))]

    assert risk_of(files[:1]).level == "medium"
    assert risk_of(files).reasons[0] == "has names that speak of crypt"
    assert risk_of([changed("jwt/utils.py")]).level == "high"


def test_the_files_that_make_it_high_are_named_apart():
    files = [changed("src/a.py"), changed(".pre-commit-hooks.yaml"), changed("Dockerfile")]

    assert risk_of(files).grave == (".pre-commit-hooks.yaml", "Dockerfile")
    assert "changes 1 file of workflows or hooks" in risk_of(files).reasons
    assert risk_of(files[:1]).grave == ()


files = st.builds(
    changed,
    path=st.sampled_from(["a.md", "a.py", "test_a.py", "auth.py", "main.tf", "uv.lock", "app.toml", "a.bin"]),
    added=st.integers(0, 1200),
    removed=st.just(0),
    status=st.sampled_from(["added", "modified", "removed"]),
    binary=st.booleans(),
    mode_changed=st.booleans(),
)


@given(some=st.lists(files, max_size=6), more=files)
def test_a_file_more_is_never_less_risk_and_order_does_not_matter(some, more):
    assert LEVELS.index(risk_of([*some, more]).level) >= LEVELS.index(risk_of(some).level)
    assert risk_of([more, *some]) == risk_of([*some, more])
