"""Chunks of a streamed completion, as servers send them that count their calls, and that do not."""

import json
from typing import Any

import pytest

from app.llm.openai_stream import Gathered


def piece(index: int, call_id: str | None, arguments: str, name: str | None = None) -> dict[str, Any]:
    function = {"name": name, "arguments": arguments}
    return {"choices": [{"delta": {"tool_calls": [{"index": index, "id": call_id, "function": function}]}}]}


def calls(*pieces: dict[str, Any]) -> list[tuple[str, str, str]]:
    gathered = Gathered()
    for each in (*pieces, {"choices": [{"delta": {}, "finish_reason": "tool_calls"}]}):
        gathered.add(each)
    told = json.loads(gathered.whole())["choices"][0]["message"]["tool_calls"]
    return [(each["id"], each["function"]["name"], each["function"]["arguments"]) for each in told]


TWO = [("a", "bash", '{"x": 1}'), ("b", "edit", "{}")]


@pytest.mark.parametrize("second", [1, 0], ids=["counted", "not counted"])
@pytest.mark.parametrize("later", [None, "a"], ids=["id once", "id in each"])
def test_two_calls_are_two(second: int, later: str | None):
    assert calls(piece(0, "a", '{"x"', "bash"), piece(0, later, ": 1}"), piece(second, "b", "{}", "edit")) == TWO


def test_pieces_of_calls_that_come_by_turns_are_told_apart():
    assert (
        calls(piece(0, "a", '{"x"', "bash"), piece(1, "b", "{", "edit"), piece(0, None, ": 1}"), piece(1, None, "}"))
        == TWO
    )
