import pytest

from app.policy.testfiles import is_test


@pytest.mark.parametrize(
    "path",
    [
        "test_a.py", "tests/helpers.py", "src/pkg/tests/data/x.json", "a_test.go", "pkg/a_test.py", "conftest.py",
        "web/a.test.tsx", "web/a.spec.mjs", "spec/a_spec.rb", "src/test/java/FooTest.java", "FooTests.cs",
        "ui/__tests__/a.js", "Tests/a.py", "tests.py", "shop/tests.py", "test.js",
    ],
)  # fmt: skip
def test_tests_are_known_by_name_or_folder(path: str):
    assert is_test(path)


@pytest.mark.parametrize(
    "path", ["a.py", "contest.py", "src/latest.go", "attest/a.py", "protest.java", "testy.py", "a/test.txt"]
)
def test_other_files_are_not(path: str):
    assert not is_test(path)
