"""A provider's own advice when to ask again."""

import re
from collections.abc import Mapping

_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
"""`Retry-After` may be a date as well; no provider of models sends one."""


def advised_pause(headers: Mapping[str, str]) -> float | None:
    """Seconds, from `Retry-After`; None where it is missing or cannot be read."""
    advised = headers.get("retry-after", "")
    return float(advised) if _SECONDS.fullmatch(advised) else None
