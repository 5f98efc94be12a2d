"""Prices that whoever runs Quorum pays, each from a day on. They go before the lists that are installed. Pure."""

import math
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from app.llm.messages import Usage
from app.policy.values import MicroUsd

_ALWAYS = date(1970, 1, 1)
_TENTH, _QUARTER_MORE = Decimal("0.1"), Decimal("1.25")
"""What most providers ask for reading from and writing to a cache, of the price of input."""


class OwnPrice(BaseModel):
    """US dollars a million tokens. What the cache costs follows from `input` where it is left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    since: date = Field(default=_ALWAYS, alias="from")
    input: Decimal = Field(ge=0)
    output: Decimal = Field(ge=0)
    cache_read: Decimal | None = Field(default=None, ge=0)
    cache_write: Decimal | None = Field(default=None, ge=0)


def own_cost(prices: Sequence[OwnPrice], usage: Usage, on: date) -> MicroUsd | None:
    """By the newest price that holds on that day (UTC); None where none does yet. Rounded up, as budgets are kept."""
    holding = [each for each in prices if each.since <= on]
    if not holding:
        return None
    price = max(holding, key=lambda each: each.since)
    read = price.input * _TENTH if price.cache_read is None else price.cache_read
    write = price.input * _QUARTER_MORE if price.cache_write is None else price.cache_write
    cost = usage.input * price.input + usage.cache_read * read + usage.cache_write * write + usage.output * price.output
    return MicroUsd(math.ceil(cost))
