"""What holds of every change: it is read, whatever it says, and tests that are only added or moved weaken nothing."""

# ruff: noqa: E501 - a text stays in one piece

from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.changed_text import ChangedText, Hunk, Line, Sign
from app.policy.weakening import MOST_OF_A_SORT, weakenings

PIECES = [
    "def test_a():", "class TestB:", "it('c', () => {", "it.skip('c', () => {", "func TestD(t *testing.T) {", "#[test]",
    "fn e() {", "@Test", "void f() {", "@Disabled", "@pytest.mark.skip", "pytest.skip('x')", "t.Skip()", "assert g(1) == 2",
    "assert g(1)", "assert True", "expect(g(1)).toBe(2);", "expect(g(1)).toThrow(", "with pytest.raises(", "class", ".class",
    "raises(class)", "fail_under = 90", "timeout: 10", "max-lines: 1e999", "if: false", "- run: pytest || true", "ignore = [",
    '"S608",', "# noqa", "x = 1  # type: ignore", "strict = true", "rule: 'off'", "try:", "except E:", "pass", "}", "end", "",
    "parametrize('a', [", "(1, 2),", "approx(3, abs=0.1)", "pull_request:", "-k 'not x'", "testpaths = ['tests']", "٣ < timeout=٣",
]  # fmt: skip
PATHS = [
    "tests/test_a.py", "src/a.test.ts", "a_test.go", "src/test/java/ATest.java", "src/a.rs", "spec/a_spec.rb", "app.py",
    ".github/workflows/ci.yml", "pyproject.toml", ".eslintrc.js", "Makefile", "__snapshots__/a.snap", "README.md", "", "/",
]  # fmt: skip
texts = st.one_of(
    st.text(max_size=30),
    st.builds(
        "{}{}{}".format, st.sampled_from(["", "  ", "\t"]), st.sampled_from(PIECES), st.sampled_from(["", " 7", "\r"])
    ),
)
signs: st.SearchStrategy[Sign] = st.sampled_from(["+", "-", " "])
lines = st.builds(Line, st.integers(0, 99), texts, signs)
hunks = st.builds(Hunk, st.one_of(st.just("mod tests {"), texts), st.lists(lines, max_size=25).map(tuple))
paths = st.one_of(st.sampled_from(PATHS), st.text(max_size=12))
changes = st.builds(
    ChangedText,
    paths,
    st.one_of(st.none(), paths),
    st.sampled_from(["added", "removed", "modified", "renamed", "copied", "changed"]),
    st.lists(hunks, max_size=3).map(tuple),
)

names = st.from_regex(r"[a-z]{3,8}", fullmatch=True)
marks = st.sampled_from(["", "@pytest.mark.skip\n", "@pytest.mark.xfail(strict=True)\n", "@pytest.mark.flaky\n"])
bodies = st.lists(
    st.sampled_from([
        "assert f(1) == 2", "assert f(1)", "assert True", "pytest.skip('x')", "x = f(1)  # type: ignore", "with raises(Exception): f()",
        "f(timeout=99)  # noqa", "for x in y: assert x", "__test__ = False",
    ]),
    min_size=1, max_size=4,
)  # fmt: skip


def function(name: str, mark: str, body: list[str]) -> list[str]:
    return [*mark.split("\n")[:-1], f"def test_{name}():", *(f"    {each}" for each in body), "", ""]


functions = st.builds(function, names, marks, bodies)


@settings(max_examples=300)
@given(st.lists(changes, max_size=4))
def test_every_change_is_read(files: list[ChangedText]) -> None:
    found = weakenings(files)

    assert {each.path for each in found} <= {path for file in files for path in (file.path, file.was)}
    assert len(found) <= 9 * MOST_OF_A_SORT


@settings(max_examples=200)
@given(st.lists(st.tuples(functions, st.booleans()), max_size=6))
def test_a_change_that_only_adds_tests_weakens_nothing(parts: list[tuple[list[str], bool]]) -> None:
    told: list[Line] = [Line(1, "import pytest", " "), Line(2, "", " ")]
    for part, is_new in parts:
        told += [Line(len(told) + 1 + at, text, "+" if is_new else " ") for at, text in enumerate(part)]

    assert weakenings([ChangedText("tests/test_a.py", None, "modified", (Hunk("", tuple(told)),))]) == ()


@settings(max_examples=200)
@given(st.lists(functions, min_size=1, max_size=5), st.sampled_from(["removed", "modified"]))
def test_tests_that_are_moved_are_not_weakened(parts: list[list[str]], status: str) -> None:
    numbered = list(enumerate((text for part in parts for text in part), start=1))
    was = Hunk("", tuple(Line(number, text, "-") for number, text in numbered))
    now = Hunk("", tuple(Line(number, text, "+") for number, text in numbered))
    files = [
        ChangedText("tests/test_a.py", None, "removed" if status == "removed" else "modified", (was,)),
        ChangedText("tests/test_b.py", None, "added", (now,)),
    ]

    assert weakenings(files) == ()


@given(functions, functions)
def test_a_test_that_is_taken_away_is_told_of(kept: list[str], lost: list[str]) -> None:
    body = [line for line in lost if line.startswith("    ")]
    texts = ["def test_Lost():", *body, ""]
    told = [Line(number, text, " ") for number, text in enumerate(kept, start=1)]
    told += [Line(len(told) + 1 + at, text, "-") for at, text in enumerate(texts)]
    (found,) = weakenings([ChangedText("tests/test_a.py", None, "modified", (Hunk("", tuple(told)),))])

    assert (found.quote, found.gone, found.kind.is_proven) == ("def test_Lost():", True, True)
