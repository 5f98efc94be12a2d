"""What an agent is shown of a file, by the program that reads it."""

import asyncio
from pathlib import Path

import pytest

from app.agents.tools.files import reading_tools
from tests.support.builders import OpenBox


def read(place: Path, **asked: object) -> str:
    tool = reading_tools(OpenBox(), place)[0]
    return asyncio.run(tool.run({"path": "a=b.py", **asked})).text


@pytest.mark.parametrize(
    ("text", "asked", "told"),
    [
        ("x\n\ny", {}, "a=b.py, lines 1 to 3 of 3\n     1  x\n     2  \n     3  y"),
        ("1 1\n7 7\n", {}, "a=b.py, lines 1 to 2 of 2\n     1  1 1\n     2  7 7"),
        ("x\n" * 5, {"start": 2, "end": 2}, "a=b.py, lines 2 to 2 of 5\n     2  x\n(it goes on to line 5: `start` 3)"),
        ("x\n", {"start": 9}, "a=b.py ends before line 9: its last one is 1."),
        ("", {}, "a=b.py ends before line 1: its last one is 0."),
    ],
)
def test_a_file_is_shown_by_its_path_with_how_much_of_it_there_is(
    tmp_path: Path, text: str, asked: dict[str, int], told: str
):
    (tmp_path / "a=b.py").write_text(text)
    assert read(tmp_path, **asked) == told


def test_of_very_wide_lines_fewer_are_shown_and_the_next_is_named(tmp_path: Path):
    (tmp_path / "a=b.py").write_text(f"{'ä' * 1000}\n" * 300)
    told = read(tmp_path)
    assert told.startswith("a=b.py, lines 1 to 10 of 300\n")
    assert told.endswith("(more than 22,000 bytes; it goes on to line 300: `start` 11)")


def test_a_line_that_is_too_wide_alone_is_shown_all_the_same(tmp_path: Path):
    (tmp_path / "a=b.py").write_text(f"{'x' * 30_000}\ny\n")
    assert read(tmp_path).startswith("a=b.py, lines 1 to 1 of 2\n     1  xxx")


def test_a_file_that_is_not_there_is_said_not_to_be(tmp_path: Path):
    assert "exit code 2" in read(tmp_path)
