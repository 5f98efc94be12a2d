import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.llm.messages import Usage
from app.llm.prices import price_of

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
        # In no table, so that a budget is kept.
        ("claude-next", 15, 75),
        ("", 15, 75),
    ],
)
def test_a_million_tokens_cost_what_the_price_page_says(model: str, dollars_in: int, dollars_out: int):
    assert price_of(model).cost(Usage(input=MILLION)) == dollars_in * MILLION
    assert price_of(model).cost(Usage(output=MILLION)) == dollars_out * MILLION


def test_the_cache_costs_a_tenth_to_read_and_a_quarter_more_to_write():
    price = price_of("claude-haiku-4-5")
    assert price.cost(Usage(cache_read=MILLION)) == 100_000
    assert price.cost(Usage(cache_write=MILLION)) == 1_250_000


counts = st.integers(0, 10**9)
models = st.sampled_from(["claude-opus-4-1", "claude-opus-5", "claude-sonnet-5", "claude-haiku-4-5", "other"])


@given(models, counts, counts, counts, counts)
def test_using_more_never_costs_less(model: str, first: int, second: int, third: int, fourth: int):
    usage = Usage(first, second, third, fourth)
    more = Usage(first + 1, second + 10, third + 1, fourth + 1)
    assert 0 <= price_of(model).cost(usage) < price_of(model).cost(more)
