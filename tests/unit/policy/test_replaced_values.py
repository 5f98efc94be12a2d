"""Which values a change puts in the place of others."""

import pytest

from app.policy.changed_text import ChangedText, Hunk, Line
from app.policy.replaced import Replaced, is_telling, replaced_values


def of(*lines: str) -> list[tuple[str, str, str, int]]:
    told, old, new = [], 1, 1
    for text in lines:
        told.append(Line(old if text[0] == "-" else new, text[1:], text[0]))
        old, new = old + (text[0] != "+"), new + (text[0] != "-")
    found = replaced_values([ChangedText("a.py", None, "modified", (Hunk("", tuple(told)),))])
    assert all(isinstance(each, Replaced) and each.path == "a.py" for each in found)
    return [(each.old, each.new, each.name, each.line) for each in found]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("-TIMEOUT_S = 30", "+TIMEOUT_S = 60"), [("30", "60", "TIMEOUT_S", 1)]),
        (
            ("-const API_URL = 'https://a';", "+const API_URL = 'https://b';"),
            [("https://a", "https://b", "API_URL", 1)],
        ),
        ((" x", "-  port: 8080", '-  name: "web"', "+  port: 8081", '+  name: "web"'), [("8080", "8081", "", 2)]),
        (("-f(1, 'a')", "+f(2, 'b')"), [("1", "2", "", 1), ("a", "b", "", 1)]),
        (("-old = 30", "+new = 60"), []),
        (("-x = 1", " y", "+x = 2"), []),
        (("-x = 1", "+x = 1"), []),
        (("-v1beta2 = a3", "+v1beta2 = a4"), []),
        (("-x = 'it\\'s'", "+x = 'it was'"), [("it\\'s", "it was", "", 1)]),
    ],
)
def test_lines_that_differ_in_values_only(lines, expected):
    assert of(*lines) == expected


@pytest.mark.parametrize("value", ["8080", "X-Request-Id", "/v1/users", "legacy_mode", "3.11", "Europe/Berlin"])
def test_values_that_tell_something(value):
    assert is_telling(value)


@pytest.mark.parametrize("value", ["1", "30", "100", "1000", "utf", "name", "default", "   ", "a\tb\x00cd", "x" * 201])
def test_values_that_stand_everywhere(value):
    assert not is_telling(value)
