"""What tokens cost, in US dollars a million, as the providers' price pages had it on `AS_OF`."""

from dataclasses import dataclass

from app.llm.messages import Usage
from app.policy.values import MicroUsd

AS_OF = "2026-11-01"


@dataclass(frozen=True)
class Price:
    input: float
    output: float

    def cost(self, usage: Usage) -> MicroUsd:
        """Reading from the cache costs a tenth, writing to it (five minutes) a quarter more:
        https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching.
        """
        units = usage.input + 0.1 * usage.cache_read + 1.25 * usage.cache_write
        return MicroUsd(round(units * self.input + usage.output * self.output))


_PRICES = {
    # The first of the fourth generation cost three times as much as those after them.
    "claude-opus-4-0": Price(15.0, 75.0),
    "claude-opus-4-1": Price(15.0, 75.0),
    "claude-opus-4-2025": Price(15.0, 75.0),
    "claude-opus": Price(5.0, 25.0),
    "claude-sonnet": Price(3.0, 15.0),
    "claude-haiku": Price(1.0, 5.0),
}
_UNKNOWN = Price(15.0, 75.0)
"""A model that is not in the table is charged dearly, so that a budget is kept rather than broken."""


def price_of(model: str) -> Price:
    """By the first prefix of the table that fits: what is special stands before what is general."""
    return next((price for prefix, price in _PRICES.items() if model.startswith(prefix)), _UNKNOWN)
