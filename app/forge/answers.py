"""What an answer of GitHub that is not the one hoped for means to us, and how long it asks us to wait. Pure."""

import math
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from app.forge.errors import ForgeError, NotFoundError, RateLimitedError, RefusedError, UnknownOutcomeError

_LIMITED = frozenset({403, 429})
_MOVED = frozenset({301, 308})
_GONE = frozenset({404, 410})
_UNSAID_WAIT_S = 60.0
"""GitHub's advice for a limit that does not say how long: a minute at least."""
_LONGEST_WAIT_S = 86_400.0


def error_for(told: str, status: int, headers: Mapping[str, str], message: str) -> ForgeError:
    """The error that an answer stands for. `told` says what was asked; `headers` are in lower case.

    A redirection is not followed: its target is named by the answer, and the token would go along. What moved for good
    (an issue that was transferred) is another repository's: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
    """
    if status in _LIMITED:
        wait = wait_for(status, headers, message)
        if wait is not None:
            return RateLimitedError(f"{told}: GitHub asks to wait {wait:.0f} s", time.time() + wait)
    if status == 403 and "installation has been suspended" in message:  # noqa: PLR2004 - it can be taken back
        return UnknownOutcomeError(f"{told}: the App's installation is suspended; somebody must take that back")
    if status in _GONE:
        return NotFoundError(f"{told}: not found")
    if status in _MOVED:
        return NotFoundError(f"{told}: it was moved to another place")
    if 400 <= status < 500:  # noqa: PLR2004 - HTTP's own classes
        return RefusedError(f"{told}: {status} {message[:300]}", status)
    return UnknownOutcomeError(f"{told}: GitHub answered {status} {message[:300]}")


def graphql_error_for(headers: Mapping[str, str], error: object) -> ForgeError:
    """The error that the first of a GraphQL answer's `errors` stands for; limits come with status 200 there.

    https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
    """
    known = error if isinstance(error, Mapping) else {}
    kind, message = str(known.get("type", "")), str(known.get("message", error))[:300]
    wait = wait_for(200, headers, message)
    if wait is None and kind == "RATE_LIMITED":
        wait = _UNSAID_WAIT_S
    if wait is not None:
        return RateLimitedError(f"GraphQL: GitHub asks to wait {wait:.0f} s", time.time() + wait)
    if kind == "NOT_FOUND":
        return NotFoundError(f"GraphQL: {message}")
    if message.startswith("Something went wrong"):  # GitHub's words for its own time-out
        return UnknownOutcomeError(f"GraphQL: {message}")
    return RefusedError(f"GitHub refused: {message}", 200)


def wait_for(status: int, headers: Mapping[str, str], message: str) -> float | None:
    """Seconds to wait when an answer is about a limit; None when it is a plain refusal. `headers` are in lower case.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    if "retry-after" in headers:
        return _bounded(_retry_after(headers["retry-after"]))
    if headers.get("x-ratelimit-remaining") == "0":
        left = _number(headers.get("x-ratelimit-reset", "")) - time.time()
        # A reset that is past already is a clock that differs; asking again each second can get an App banned.
        return _bounded(left if left > 0 else math.nan)
    return _UNSAID_WAIT_S if status == 429 or "secondary rate limit" in message.lower() else None  # noqa: PLR2004


def _retry_after(value: str) -> float:
    """Seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after."""
    seconds = _number(value)
    if not math.isnan(seconds):
        return seconds
    try:
        return parsedate_to_datetime(value).timestamp() - time.time()
    except (ValueError, OverflowError):
        return math.nan


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return math.nan


def _bounded(seconds: float) -> float:
    return _UNSAID_WAIT_S if math.isnan(seconds) else min(max(1.0, seconds), _LONGEST_WAIT_S)
