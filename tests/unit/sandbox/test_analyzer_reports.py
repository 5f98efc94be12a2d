"""What tools print in a form of their own."""

import pytest

from app.sandbox.analyzers.alarm import Alarm
from app.sandbox.analyzers.reports import Shape, read_lines
from app.sandbox.errors import ReportError

SHAPE = Shape("all", "file", "line", "code", "text", level="level", end_line="end", prefix="X", said="Look: ")


def test_a_list_of_alarms_is_read():
    text = '{"all": [{"file": "./a.sh", "line": 2, "end": 4, "code": 9, "text": "bad", "level": "HIGH"}], "n": 1}'
    assert SHAPE("t", text) == [Alarm("t", "X9", "error", "a.sh", 2, 4, "Look: bad")]


def test_alarms_by_file_are_read_and_all_are_as_grave_as_told():
    shape = Shape("all", "file", "line", "kind", "kind", otherwise="error")
    text = '{"all": {"a": [{"file": "a", "line": 1, "kind": "Key"}], "b": []}}'
    assert shape("t", text) == [Alarm("t", "Key", "error", "a", 1, 1, "Key")]


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", '{"all": 3}', '{"all": [3]}', '{"all": [{}]}', '{"all": [null]}', "[" * 9000),
        '{"all": [{"file": "a", "line": "x", "code": 1, "text": "", "level": "high"}]}',
        '{"all": [{"file": "a", "line": NaN, "code": 1, "text": "", "level": "high"}]}',
        '{"all": [{"file": "a", "line": Infinity, "code": 1, "text": "", "level": "high"}]}',
        '{"all": [{"file": "a", "line": 1, "code": 1, "text": ""}]}',
    ],
)
def test_another_shape_is_refused(text: str):
    with pytest.raises(ReportError, match=r"it printed no JSON|its JSON has no `all`|not as expected"):
        SHAPE("t", text)


def test_lines_are_read():
    text = './x y.yml:2:1: [error] key "a" twice (key-duplicates)\n./b.yml:1:9: [warning] syntax (x): no\n\n'
    assert read_lines("t", text) == [
        Alarm("t", "key-duplicates", "error", "x y.yml", 2, 2, 'key "a" twice'),
        Alarm("t", "syntax", "warning", "b.yml", 1, 1, "syntax (x): no"),
    ]


def test_a_message_that_looks_like_an_alarm_takes_the_place_of_none():
    """The quoted key is the author's to choose."""
    text = './a.yml:2:1: [error] duplication of key "b.yml:1:1: [error] x (y)\nz" in mapping (key-duplicates)\n'
    assert [(each.path, each.line) for each in read_lines("t", text)] == [("a.yml", 2)]


def test_what_holds_no_alarm_at_all_is_refused():
    assert read_lines("t", "\n") == []
    with pytest.raises(ReportError, match="something else"):
        read_lines("t", "invalid config: no such rule")


def test_a_long_line_costs_no_more_than_it_is_worth():
    text = "a.yml" + ":1:1: [error] (x" * 200_000
    assert len(read_lines("t", text)[0].message) <= 400
