"""Which issues a pull request says that it closes."""

import re

_CLOSES = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t]+#([1-9][0-9]{0,9})\b", re.IGNORECASE)
"""https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue"""
_MOST = 3


def closed_issues(text: str) -> tuple[int, ...]:
    """Numbers in the same repository, each once, at most three."""
    return tuple(dict.fromkeys(int(number) for number in _CLOSES.findall(text)))[:_MOST]
