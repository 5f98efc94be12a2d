from contextlib import AsyncExitStack
from datetime import date
from decimal import Decimal

import pytest

from app.llm.messages import Message, Request, Text, Usage
from app.llm.opening import open_models
from app.llm.own_prices import OwnPrice, own_cost
from app.settings import Settings

OLD = OwnPrice(since=date(2026, 1, 1), input=Decimal(2), output=Decimal(8))
NEW = OwnPrice(since=date(2026, 6, 1), input=Decimal(1), output=Decimal(4), cache_read=Decimal("0.5"))
USED = Usage(input=1000, cache_read=1000, cache_write=1000, output=1000)


def test_the_newest_price_of_a_day_holds():
    assert own_cost([NEW, OLD], USED, date(2026, 5, 31)) == 2000 + 200 + 2500 + 8000
    assert own_cost([OLD, NEW], USED, date(2026, 6, 1)) == 1000 + 500 + 1250 + 4000


def test_before_the_first_of_them_the_lists_hold():
    assert own_cost([OLD], USED, date(2025, 12, 31)) is None
    assert own_cost([], USED, date(2026, 1, 1)) is None


def test_a_part_of_a_micro_dollar_is_one():
    assert own_cost([OwnPrice(input=Decimal("0.0001"), output=Decimal(0))], Usage(input=1), date(2026, 1, 1)) == 1


NAME = "openai:llama"


async def most(prices: object) -> int:
    asked = Request("writer", "s", (Message("user", (Text("x" * 4095),)),), max_tokens=1000)
    async with AsyncExitStack() as stack:
        return open_models(Settings(model=NAME, prices={NAME: prices}), [], stack).most(asked)


async def test_one_price_or_a_list_of_them_is_read_from_the_settings():
    assert await most({"input": 1, "output": 2}) == 4096 * 1.25 + 2000
    assert await most([{"from": "2020-01-01", "input": "0", "output": "2"}, {"input": 9, "output": 9}]) == 2000


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"prices": {NAME: {"input": 1}}}, "QUORUM_PRICES, at 'openai:llama': output: Field required"),
        ({"prices": {NAME: [{"input": -1, "output": 1}]}}, "QUORUM_PRICES, at 'openai:llama': input: "),
        ({"prices": {"llama": {"input": 1, "output": 1}}}, "QUORUM_PRICES speaks of 'llama', which no role has"),
        ({"model_limits": {NAME: {"requests": 0}}}, "QUORUM_MODEL_LIMITS, at 'openai:llama': requests: "),
        ({"model_limits": {"gpt": {"requests": 1}}}, "QUORUM_MODEL_LIMITS speaks of 'gpt'"),
    ],
)
async def test_what_cannot_be_meant_is_told_with_its_setting(settings: dict, told: str):
    async with AsyncExitStack() as stack:
        with pytest.raises(ValueError, match=told):
            open_models(Settings(model=NAME, **settings), [], stack)
