import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.llm.messages import Usage
from app.llm.prices import price_at, price_of

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("model", "dollars_in", "dollars_out"),
    [
        ("claude-opus-4-20250514", 15, 75),
        ("claude-opus-4-0", 15, 75),
        ("claude-opus-4-1-20250805", 15, 75),
        ("claude-opus-4-5-20251101", 5, 25),
        ("claude-opus-5", 5, 25),
        ("claude-sonnet-4-5", 3, 15),
        ("claude-haiku-4-5-20251001", 1, 5),
        ("gpt-5.1", 1.25, 10),
        ("gpt-5", 1.25, 10),
        ("gpt-5-mini-2025-08-07", 0.25, 2),
        # In no table, so that a budget is kept.
        ("claude-next", 15, 75),
        ("gpt-5.9", 15, 75),
        ("", 15, 75),
    ],
)
def test_a_million_tokens_cost_what_the_price_page_says(model: str, dollars_in: float, dollars_out: float):
    assert price_of(model).cost(Usage(input=MILLION)) == dollars_in * MILLION
    assert price_of(model).cost(Usage(output=MILLION)) == dollars_out * MILLION


def test_the_cache_costs_a_tenth_to_read_and_a_quarter_more_to_write():
    price = price_of("claude-haiku-4-5")
    assert price.cost(Usage(cache_read=MILLION)) == 100_000
    assert price.cost(Usage(cache_write=MILLION)) == 1_250_000


@pytest.mark.parametrize(
    "own",
    [
        "http://localhost:11434/v1",
        "http://127.0.0.1:8000",
        "http://10.1.2.3/v1",
        "http://[::1]/v1",
        "http://ollama:11434",
    ],
)
def test_a_server_of_one_s_own_asks_for_no_money(own: str):
    assert price_at("llama", own).cost(Usage(MILLION, MILLION, MILLION, MILLION)) == 0


@pytest.mark.parametrize(
    "other", ["", "https://openrouter.ai/api/v1", "https://8.8.8.8/v1", "https://localhost.example.com"]
)
def test_any_other_does(other: str):
    assert price_at("llama", other) == price_of("llama")


counts = st.integers(0, 10**9)
models = st.sampled_from(["claude-opus-4-1", "claude-opus-5", "claude-sonnet-5", "claude-haiku-4-5", "other"])


@given(models, counts, counts, counts, counts)
def test_using_more_never_costs_less(model: str, first: int, second: int, third: int, fourth: int):
    usage = Usage(first, second, third, fourth)
    more = Usage(first + 1, second + 10, third + 1, fourth + 1)
    assert 0 <= price_of(model).cost(usage) < price_of(model).cost(more)
