import pytest

from app.policy.paths import is_taken_back


@pytest.mark.parametrize(
    ("globs", "expected"),
    [
        ((), False),
        (("gen/",), False),
        (("!gen/",), True),
        (("gen/", "!gen/a.py"), True),
        (("!gen/a.py", "gen/"), False),
        (("!other/",), False),
    ],
)
def test_the_last_glob_that_matches_decides_whether_a_file_is_to_be_read(globs: tuple[str, ...], expected: bool):
    assert is_taken_back("gen/a.py", globs) is expected
