"""Which issues a text names: those that a pull request says it closes, and those that are only spoken of."""

import re

_CLOSES = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t]+"
    r"(?:(?P<short>[\w.-]+/[\w.-]+)?#|GH-|https://[\w.:-]+/(?P<long>[\w.-]+/[\w.-]+)/issues/)([1-9][0-9]{0,9})\b",
    re.IGNORECASE,
)
"""https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue"""
_MOST = 3


def closed_issues(text: str, own: str) -> tuple[int, ...]:
    """Numbers in the repository `own`, `owner/name`, each once, at most three."""
    found = (
        int(number)
        for short, long, number in _CLOSES.findall(text)
        if (short or long or own).casefold() == own.casefold()
    )
    return tuple(dict.fromkeys(found))[:_MOST]


_MENTIONS = re.compile(r"(?<![\w/#&])(?:#|GH-)([1-9][0-9]{0,9})(?![\w#])")
"""https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls"""


def mentioned_issues(text: str, own: int, most: int = 5) -> tuple[int, ...]:
    """Numbers of other issues and pull requests of the same repository, each once, in their order."""
    found = dict.fromkeys(int(number) for number in _MENTIONS.findall(text))
    return tuple(number for number in found if number != own)[:most]
