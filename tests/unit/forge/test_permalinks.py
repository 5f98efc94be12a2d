"""Which places a text names, and the links to them."""

import pytest

from app.forge.permalinks import Spot, find_spots, permalink
from app.policy.values import Sha

HEAD = Sha("a" * 40)


@pytest.mark.parametrize(
    ("text", "spots"),
    [
        ("It is in app/x.py:12.", [Spot("app/x.py", 12, 12)]),
        ("`app/x.py:12-14`, and (Makefile:3)", [Spot("app/x.py", 12, 14), Spot("Makefile", 3, 3)]),
        ("./a.py:1 and a.py:1", [Spot("a.py", 1, 1)]),
        ("https://evil.example:80/x.py:1", []),
        ("http://a.py:80", []),
        ("at 10:30 or 10:30:15", [Spot("10", 30, 30)]),
        ("x.py:0, x.py:9-3, x.py:12345678, x.py:1a", []),
        ("x y.py:4", [Spot("y.py", 4, 4)]),
        (" ".join(f"f{each}.py:1" for each in range(20)), [Spot(f"f{each}.py", 1, 1) for each in range(10)]),
        ("a" * 400 + ":1", []),
        ("[x](javascript:1)", [Spot("javascript", 1, 1)]),
    ],
)
def test_places_are_read_off_a_text(text, spots):
    assert find_spots(text) == spots


def test_a_link_names_the_commit_and_shows_pages_as_text():
    assert permalink("https://github.com", "o/n", HEAD, Spot("a b+c@.py", 1, 2)) == (
        f"[`a b+c@.py:1-2`](https://github.com/o/n/blob/{HEAD}/a%20b%2Bc%40.py#L1-L2)"
    )
    assert permalink("https://github.com", "o/n", HEAD, Spot("docs/x.md", 3, 3)).endswith("/docs/x.md?plain=1#L3)")


def test_a_long_text_is_read_at_a_bounded_cost():
    for piece in ("a", "a/", "a:1", ".", "a:", "1-"):
        find_spots(piece * 30_000)
