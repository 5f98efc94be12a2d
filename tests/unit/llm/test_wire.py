"""What the provider's bytes are taken for. What is taken can be journalled; what is not is told in one line."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.llm.wire import Answer, AskedTool, SaidText, parse_answer

TEXT = {"type": "text", "text": "Done."}
CALL = {"type": "tool_use", "id": "t1", "name": "bash", "input": {"command": "ls"}}
USED = {"input_tokens": 1, "output_tokens": 1}


def body(*blocks: Any, **more: Any) -> bytes:
    return json.dumps({"type": "message", "content": list(blocks), "usage": USED, **more}).encode()


def test_blocks_come_in_their_order_and_what_is_not_ours_is_let_pass():
    answer = parse_answer(body(TEXT, {"type": "thinking", "thinking": "hm"}, CALL, {"x": 1}, role="assistant", new=1))
    assert [type(block).__name__ for block in answer.content] == ["SaidText", "Other", "AskedTool", "Other"]


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "Invalid JSON"),
        (b"\xff\xfe", "Invalid JSON"),
        (b"[]", "the whole: Input should be an object"),
        (body(type="error"), "type: "),
        (body(usage=None), "usage: Input should be an object"),
        (body(usage={"input_tokens": 1}), "usage.output_tokens: Field required"),
        (body(usage={**USED, "input_tokens": -5}), "usage.input_tokens: Input should be greater"),
        (body(usage={**USED, "input_tokens": "9"}), "usage.input_tokens: Input should be a valid integer"),
        (body(usage={**USED, "cache_read_input_tokens": 10**12}), "usage.cache_read_input_tokens: Input"),
        (body("hi"), "content.0"),
        (body(None), "content.0"),
        (body({"type": "text"}), "content.0.text"),
        (body({"type": "text", "text": 7}), "content.0.text"),
        (body({**CALL, "input": "ls"}), "content.0.tool_use"),
        (body({**CALL, "input": [1]}), "content.0.tool_use"),
        (body({**CALL, "id": None}), "content.0.tool_use"),
        (body({**CALL, "name": ""}), "content.0.tool_use"),
        (body({**CALL, "input": {"a": float("nan")}}), "content.0.tool_use"),
        (body({**CALL, "input": {"a": "\ud800"}}), "Invalid JSON"),
        (body(TEXT, stop_reason={"why": 1}), "stop_reason"),
        (body(TEXT).replace(b'"Done."', b"[" * 5000 + b"]" * 5000), "recursion"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_odd_is_refused_with_its_place(raw: bytes, fault: str):
    with pytest.raises(ValueError, match=fault.replace("(", r"\(")):
        parse_answer(raw)


def test_a_fault_never_tells_what_the_model_said():
    with pytest.raises(ValueError, match="content") as caught:
        parse_answer(body({**CALL, "input": {"password hunter2": {"x": float("inf")}}}))
    assert "hunter2" not in str(caught.value)
    assert len(str(caught.value)) < 200


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
parts = st.fixed_dictionaries(
    {}, optional={"type": st.sampled_from(["text", "tool_use", "new", 1]), "text": anything, "id": anything,
                  "name": anything, "input": anything}
)  # fmt: skip


@given(st.lists(parts | anything, max_size=3), anything, st.sampled_from([USED, {}, None, {"input_tokens": -1}]))
def test_every_answer_is_read_or_refused_and_nothing_else_happens(blocks: list[Any], stop: Any, used: Any):
    with suppress(ValueError):
        answer = parse_answer(body(*blocks, stop_reason=stop, usage=used))
        assert isinstance(answer, Answer)
        assert [block["text"] for block in blocks if isinstance(block, dict) and block.get("type") == "text"] == [
            block.text for block in answer.content if isinstance(block, SaidText)
        ]
        assert all(isinstance(block.input, dict) for block in answer.content if isinstance(block, AskedTool))


@given(st.binary(max_size=60))
def test_no_bytes_but_those_of_a_message_are_taken(raw: bytes):
    with pytest.raises(ValueError, match=": "):
        parse_answer(raw)
