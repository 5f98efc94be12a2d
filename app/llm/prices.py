"""What a request cost: by the tables of `genai-prices`, which are as old as its release; nothing is fetched.

https://github.com/pydantic/genai-prices
"""

import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from ipaddress import ip_address
from operator import attrgetter
from urllib.parse import urlsplit

import genai_prices

from app.llm.messages import Request, Usage, bytes_in
from app.policy.values import MicroUsd

_MILLION = 1_000_000
_DEAR_IN, _DEAR_READ, _DEAR_WRITE, _DEAR_OUT = Decimal(15), Decimal("1.5"), Decimal("18.75"), Decimal(75)
"""US dollars a million tokens. A model that no table has is charged so, that a budget is kept rather than broken."""

_PRICES_HOLD_S = 900
"""Some lists have other prices by night. Looking one up takes longer than most that a step of an agent takes."""
_COARSE = 4096
"""Bytes to which a request's size is rounded up, so that many steps of a conversation ask for the same price."""
BYTES_A_TOKEN = 4
"""Of code and English, about: how much was sent is only told by an answer."""
_FREE = ":free"
"""How names end that OpenRouter asks no money for. Else a list without a price says nothing of what is asked."""


def cost_of(model: str, usage: Usage, base_url: str = "") -> MicroUsd:
    """Of one request, as prices can depend on how long a prompt is. `base_url`: where it was asked, if not at home."""
    if is_own(base_url):
        return MicroUsd(0)
    return _by_the_list(model, usage, base_url, int(time.time() // _PRICES_HOLD_S))


@lru_cache(maxsize=1024)
def _by_the_list(model: str, usage: Usage, base_url: str, _when: int) -> MicroUsd:
    told = genai_prices.Usage(
        input_tokens=usage.input + usage.cache_read + usage.cache_write,
        cache_read_tokens=usage.cache_read,
        cache_write_tokens=usage.cache_write,
        output_tokens=usage.output,
    )
    try:
        found = genai_prices.calc_price(told, model or "?", provider_api_url=base_url or None)
    except LookupError:
        return MicroUsd(round(_dear(usage)))
    if usage != Usage() and not found.total_price and not model.endswith(_FREE):
        return MicroUsd(round(_dear(usage)))
    return MicroUsd(round(found.total_price * _MILLION))


def most_of(request: Request, cost: Callable[[Usage], MicroUsd]) -> MicroUsd:
    """More than the answer can cost: a token is a byte at least, all may be written to a cache, the answer be full."""
    sent = -(-bytes_of(request) // _COARSE) * _COARSE
    return MicroUsd(
        max(cost(Usage(input=sent)), cost(Usage(cache_write=sent))) + cost(Usage(output=request.max_tokens))
    )


def likely_of(request: Request) -> Usage:
    """What is counted where a request was sent and no answer told: the provider may have made it to its end."""
    return Usage(input=bytes_of(request) // BYTES_A_TOKEN, output=request.max_tokens)


def bytes_of(request: Request) -> int:
    """Of all that is sent, near enough from above."""
    stable = sum(map(bytes_in, (request.system, request.shared, request.part)))
    sizes: Iterable[int] = map(attrgetter("sent_bytes"), (*request.tools, *request.messages))
    return stable + sum(sizes)


def is_own(base_url: str) -> bool:
    """Whether a server is on this machine or in a private network, and asks for no money by the token."""
    host = urlsplit(base_url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_private
    except ValueError:
        return bool(host) and "." not in host  # a container's name, or one of the office's network


def _dear(usage: Usage) -> Decimal:
    read = usage.input * _DEAR_IN + usage.cache_read * _DEAR_READ + usage.cache_write * _DEAR_WRITE
    return read + usage.output * _DEAR_OUT
