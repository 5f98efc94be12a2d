"""What a text names, and how those that were closed weigh."""

import pytest

from app.policy.specialists import Past, named_paths


@pytest.mark.parametrize(
    ("text", "path"),
    [("Look at app/a.py.", "app/a.py"), ("See X/a.py", "X/a.py"), ("In app/Makefile", "app/Makefile")],
)
def test_a_file_is_named_by_its_path_whatever_stands_around_it(text, path):
    assert named_paths(text, (path, "b.py")) == (path,)


def test_what_was_closed_weighs_as_much_as_what_was_merged():
    assert Past(merged=4, closed=4).weight == Past(merged=4, failed=4).weight == 1.0
