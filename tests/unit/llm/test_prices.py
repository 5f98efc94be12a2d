import time
from functools import partial

import genai_prices
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.llm.messages import Block, Message, Request, Text, Thought, Tool, ToolResult, ToolUse, Usage
from app.llm.prices import bytes_of, cost_of, is_own, most_of

THOUSAND = 1_000


@pytest.mark.parametrize(
    ("model", "dollars_in", "dollars_out"),
    [
        ("claude-opus-4-20250514", 15, 75),
        ("claude-opus-4-1-20250805", 15, 75),
        ("claude-opus-4-5-20251101", 5, 25),
        ("claude-sonnet-4-5", 3, 15),
        ("claude-haiku-4-5-20251001", 1, 5),
        ("gpt-5.1", 1.25, 10),
        ("gpt-5-mini-2025-08-07", 0.25, 2),
        # In no table, so that a budget is kept.
        ("claude-next", 15, 75),
        ("llama", 15, 75),
        ("", 15, 75),
    ],
)
def test_tokens_cost_what_the_price_pages_say(model: str, dollars_in: float, dollars_out: float):
    assert cost_of(model, Usage(input=THOUSAND)) == dollars_in * THOUSAND
    assert cost_of(model, Usage(output=THOUSAND)) == dollars_out * THOUSAND


@pytest.mark.parametrize(("model", "tenth"), [("claude-haiku-4-5", 100), ("gpt-5.1", 125), ("claude-next", 1500)])
def test_the_cache_costs_a_tenth_to_read(model: str, tenth: int):
    assert cost_of(model, Usage(cache_read=THOUSAND)) == tenth


@pytest.mark.parametrize(("model", "more"), [("claude-haiku-4-5", 1250), ("claude-next", 18_750)])
def test_the_cache_costs_a_quarter_more_to_write(model: str, more: int):
    assert cost_of(model, Usage(cache_write=THOUSAND)) == more


def test_who_sells_a_model_says_what_it_costs():
    assert cost_of("anthropic/claude-haiku-4.5", Usage(THOUSAND), "https://openrouter.ai/api/v1") == THOUSAND
    assert cost_of("gpt-5.1", Usage(THOUSAND), "https://acme.openai.azure.com/openai/v1") == 1250


def test_a_list_that_has_a_model_without_a_price_says_nothing_of_what_it_costs():
    assert cost_of("qwen-3-coder-480b", Usage(THOUSAND), "https://api.cerebras.ai/v1") == 15 * THOUSAND
    assert cost_of("google/gemma-3-27b-it:free", Usage(THOUSAND), "https://openrouter.ai/api/v1") == 0
    assert cost_of("gpt-5.1", Usage()) == 0


OWN = ["http://localhost:11434/v1", "http://127.0.0.1:8000", "http://10.1.2.3/v1", "http://[::1]/v1", "http://ollama:1"]
OTHERS = ["", "https://openrouter.ai/api/v1", "https://8.8.8.8/v1", "https://localhost.example.com", "nonsense"]


@pytest.mark.parametrize("url", OWN)
def test_a_server_of_one_s_own_asks_for_no_money(url: str):
    assert is_own(url)
    assert cost_of("claude-haiku-4-5", Usage(THOUSAND, THOUSAND, THOUSAND, THOUSAND), url) == 0


@pytest.mark.parametrize("url", OTHERS)
def test_any_other_does(url: str):
    assert not is_own(url)
    assert cost_of("nobody-knows-it", Usage(THOUSAND), url) == 15 * THOUSAND


counts = st.integers(0, 10**6)
models = st.sampled_from(
    ["claude-opus-4-1", "claude-opus-5", "claude-sonnet-5", "gpt-5.1", "claude-haiku-4-5", "other"]
)


@given(models, counts, counts, counts, counts)
def test_using_more_never_costs_less(model: str, first: int, second: int, third: int, fourth: int):
    usage = Usage(first, second, third, fourth)
    more = Usage(first + 10, second + 100, third + 10, fourth + 10)
    assert 0 <= cost_of(model, usage) < cost_of(model, more)


BLOCKS: list[tuple[Block, int]] = [
    (Text("größer"), 8),
    (Text("\ud800"), 1),
    (ToolResult("t1", "what it gave"), 12),
    (ToolUse("t1", "bash", {"command": "ls"}), len("bash {'command': 'ls'}")),
    (Thought("m", {"a": 1}), len("{'a': 1}")),
]


@pytest.mark.parametrize(("block", "size"), BLOCKS)
def test_all_that_is_sent_is_counted(block: Block, size: int):
    request = Request("writer", "sys", (Message("user", (block, block)),), shared="shared", part="part")
    assert bytes_of(request) == len("syssharedpart") + 2 * size
    tool = Tool("bash", "Run it.", {"type": "object"})
    assert bytes_of(Request("writer", "", (), tools=(tool, tool))) == 2 * len(repr(tool))


def test_a_message_is_counted_once_however_often_it_is_sent():
    looked: list[str] = []

    class Input(dict[str, str]):
        def __repr__(self) -> str:
            looked.append("again")
            return "{}"

    message = Message("assistant", (ToolUse("t1", "bash", Input()),))
    counted = [bytes_of(Request("writer", "", (message,) * times)) for times in (1, 2, 3)]
    assert counted == [7, 14, 21]
    assert looked == ["again"]


@given(st.integers(0, 20_000), st.integers(1, 64_000))
def test_an_answer_never_costs_more_than_it_may_at_most(sent: int, answered: int):
    request = Request("writer", "x" * sent, (), max_tokens=answered)
    most = most_of(request, partial(cost_of, "claude-haiku-4-5"))
    assert most >= cost_of("claude-haiku-4-5", Usage(cache_write=bytes_of(request), output=answered))
    assert most <= cost_of("claude-haiku-4-5", Usage(cache_write=bytes_of(request) + 4096, output=answered))


def test_a_conversation_that_grows_by_little_asks_no_list_anew(monkeypatch: pytest.MonkeyPatch):
    """That takes longer than most that a step of an agent takes."""
    asked: list[object] = []
    listed = genai_prices.calc_price
    monkeypatch.setattr(genai_prices, "calc_price", lambda *a, **k: asked.append(a) or listed(*a, **k))
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.0)
    for sent in range(9000, 9300):
        most_of(Request("writer", "x" * sent, (), max_tokens=777), partial(cost_of, "claude-haiku-4-5"))
    assert len(asked) <= 3
