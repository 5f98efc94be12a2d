"""Which issues are built without a plan."""

import pytest

from app.policy.smallness import files_named, is_small

LONG = "It is wanted that this works as everybody expects of it. " * 40
POINTS = "\n".join(f"- point {number}" for number in range(7))
LOG = "```\n" + "  File main.py, line 1\n" * 200 + "```\n"


@pytest.mark.parametrize(
    ("body", "labels", "expected"),
    [
        ("It does not work.", (), True),
        (LONG, (), False),
        (LONG, ("Typo",), True),
        ("It does not work.", ("EPIC",), False),
        (LONG, ("typo", "epic"), False),
        (f"It does not work.\n\n{LOG}", (), True),
        (f"It does not work.\n\n{LOG.replace('```', '~~~')}", (), True),
        (f"```\nnever closed\n{LONG}", (), True),
        (f"<!-- {LONG} -->It does not work.", (), True),
        (POINTS, (), False),
        (POINTS.replace("- ", "1. "), (), False),
        ("a.py, b.py and lib/c.py", (), True),
        ("a.py, b.py, lib/c.py and d.go", (), False),
    ],
)
def test_it_goes_by_labels_then_by_how_much_is_asked_for(body, labels, expected):
    assert is_small("Something", body, labels) is expected


def test_what_looks_like_a_file_is_one():
    text = "In `src/app/main.py` and setup.cfg, e.g. with 3.12 or v2.0, see example.com and docs.rs/x, a.py."
    assert files_named(text) >= {"src/app/main.py", "setup.cfg", "a.py"}
    assert not {"e.g", "3.12", "v2.0", "example.com"} & files_named(text)
