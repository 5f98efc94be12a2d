"""Which characters a person sees. What is not seen can still be read by a model, and hides where text leads."""

import re
import unicodedata

_IGNORED = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""Ignored by default though they count as letters and marks: https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point."""
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""The last two end a line for JavaScript, and with it a comment, and for no page that shows code."""


def only_visible(text: str) -> str:
    """Leave out what a page does not show; tabs and line feeds stay."""
    if text.replace("\n", "").replace("\t", "").isprintable() and not _IGNORED.search(text):
        return text  # nearly every text, and many times faster
    return "".join(character for character in text if is_visible(character))


def is_visible(character: str) -> bool:
    """Control and format characters (bidi, zero-width, tags), private and unassigned ones are not, but for layout."""
    if " " <= character <= "~" or character in "\n\t":
        return True
    return unicodedata.category(character) not in _HIDDEN and not _IGNORED.match(character)
