"""What tokens cost, in US dollars a million, as the providers' price pages had it on `AS_OF`.

https://www.anthropic.com/pricing, https://platform.openai.com/docs/pricing.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from app.llm.messages import Usage
from app.policy.values import MicroUsd

AS_OF = "2026-11-01"


@dataclass(frozen=True)
class Price:
    """`cached`: what a token that is read from the cache costs, as a share of one that is not."""

    input: float
    output: float
    cached: float = 0.1

    def cost(self, usage: Usage) -> MicroUsd:
        """Writing to the cache (five minutes) costs a quarter more, where it is told:
        https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching.
        """
        units = usage.input + self.cached * usage.cache_read + 1.25 * usage.cache_write
        return MicroUsd(round(units * self.input + usage.output * self.output))


_PRICES = {
    # The first of the fourth generation cost three times as much as those after them.
    "claude-opus-4-0": Price(15.0, 75.0),
    "claude-opus-4-1": Price(15.0, 75.0),
    "claude-opus-4-2025": Price(15.0, 75.0),
    "claude-opus": Price(5.0, 25.0),
    "claude-sonnet": Price(3.0, 15.0),
    "claude-haiku": Price(1.0, 5.0),
    "gpt-5.2-pro": Price(21.0, 168.0, cached=1.0),
    "gpt-5.2": Price(1.75, 14.0),
    "gpt-5-pro": Price(15.0, 120.0, cached=1.0),
    "gpt-5-mini": Price(0.25, 2.0),
    "gpt-5-nano": Price(0.05, 0.4),
    "gpt-5.1": Price(1.25, 10.0),
    "gpt-5-": Price(1.25, 10.0),
    "gpt-4.1-mini": Price(0.4, 1.6, cached=0.25),
    "gpt-4.1-nano": Price(0.1, 0.4, cached=0.25),
    "gpt-4.1": Price(2.0, 8.0, cached=0.25),
}
_OWN = Price(0.0, 0.0)
_UNKNOWN = Price(15.0, 75.0)
"""A model that is not in the table is charged dearly, so that a budget is kept rather than broken."""


def price_of(model: str) -> Price:
    """By the first prefix of the table that fits: what is special stands before what is general."""
    return next((price for prefix, price in _PRICES.items() if f"{model}-".startswith(prefix)), _UNKNOWN)


def price_at(model: str, base_url: str) -> Price:
    """As `price_of`; a server on this machine or in a private network asks for no money by the token."""
    host = urlsplit(base_url).hostname or ""
    try:
        own = host == "localhost" or ip_address(host).is_private
    except ValueError:
        own = bool(host) and "." not in host  # a name of a container, or of the office's network
    return _OWN if own else price_of(model)
