import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.llm.codec import dump_reply, load_reply
from app.llm.messages import Reply, Text, ToolUse, Usage
from app.policy.values import MicroUsd

# PostgreSQL's JSON takes neither NUL nor lone surrogates, and no provider's JSON brings the latter.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
blocks = st.builds(Text, texts) | st.builds(ToolUse, texts, texts, st.dictionaries(texts, values, max_size=4))
counts = st.integers(0, 10**9)
replies = st.builds(
    Reply,
    st.lists(blocks, max_size=4).map(tuple),
    st.sampled_from(["end", "tool_use", "max_tokens", "refusal"]),
    texts,
    st.builds(Usage, counts, counts, counts, counts),
    counts.map(MicroUsd),
)


@given(replies)
def test_a_reply_comes_back_from_the_journal_as_it_was(reply: Reply):
    assert load_reply(json.loads(json.dumps(dump_reply(reply)))) == reply


@given(values)
def test_nothing_else_is_taken_for_a_reply(value: object):
    with pytest.raises(ValidationError):
        load_reply(value)
