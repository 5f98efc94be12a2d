from hypothesis import given
from hypothesis import strategies as st

from app.agents.belonging import arrange
from app.agents.hunks import FileDiff


def paths(*files: FileDiff) -> list[list[tuple[str, ...]]]:
    return [[tuple(file.path for file in unit) for unit in folder] for folder in arrange(files)]


def file(path: str, lines: int = 1, related: tuple[str, ...] = ()) -> FileDiff:
    return FileDiff(path, "", lines, (), related)


def test_a_file_is_read_with_its_test_wherever_that_lies():
    for test in (
        "tests/unit/test_ledger.py",
        "app/ledger_test.py",
        "app/__tests__/ledger.spec.ts",
        "app/LedgerTest.java",
    ):
        assert [("app/ledger.py", test)] in paths(file(test), file("app/split.py"), file("app/ledger.py")) or [
            ("app/ledger.py", test), ("app/split.py",),
        ] in paths(file(test), file("app/split.py"), file("app/ledger.py"))  # fmt: skip


def test_a_file_is_read_with_what_uses_it():
    found = paths(file("b/caller.py"), file("c/other.py"), file("a/callee.py", related=("b/caller.py",)))
    assert [("a/callee.py", "b/caller.py")] in found


def test_two_files_of_one_name_are_no_test_of_each_other():
    assert paths(file("a/index.ts"), file("b/index.ts")) == [[("a/index.ts",)], [("b/index.ts",)]]


def test_what_is_risky_comes_first_then_code_then_documents():
    files = (file("docs/a.md"), file("src/long.py", 9), file("src/short.py", 2), file(".github/workflows/ci.yml", 50))
    assert [folder[0][0] for folder in paths(*files)] == [".github/workflows/ci.yml", "src/short.py", "docs/a.md"]
    assert paths(*files)[1] == [("src/short.py",), ("src/long.py",)]


def test_a_file_that_everything_uses_does_not_take_everything_along():
    users = [file(f"x{number}/a{number}.py") for number in range(30)]
    found = paths(file("core/core.py", 0, tuple(each.path for each in users)), *users)
    assert max(len(unit) for folder in found for unit in folder) == 8


names = st.sampled_from(["a.py", "test_a.py", "x/a.py", "x/b.ts", "x/b.test.ts", "y/login.go", "docs/c.md", "y/d.sql"])


@given(st.dictionaries(names, st.lists(names, max_size=8), max_size=8))
def test_each_file_is_in_one_place(related: dict[str, list[str]]):
    files = [file(path, len(path), tuple(others)) for path, others in related.items()]
    assert sorted(path for folder in paths(*files) for unit in folder for path in unit) == sorted(related)
