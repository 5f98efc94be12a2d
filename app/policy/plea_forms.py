"""The forms in which words hide from people and not from models: what a line says once they are taken away."""

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator

_ALIKE_LETTERS = "авекмнорстухіјѕԁԛԝһӏАВЕІЈКМНОРСТХУЅԌαγεικνορτυχωΑΒΕΖΗΙΚΜΝΟΡΤΥΧıℓ"
_ALIKE = str.maketrans(_ALIKE_LETTERS, "abekmhopctyxijsdqwhlABEIJKMHOPCTXYSGayeikvoptuxwABEZHIKMNOPTYXil")
"""Letters of other scripts that are read as Latin ones: https://www.unicode.org/reports/tr39/#Confusable_Detection."""
_MIXED = re.compile(f"[A-Za-z][{_ALIKE_LETTERS}]|[{_ALIKE_LETTERS}][A-Za-z]")
_BROKEN = re.compile(r"[A-Za-z][^\x20-\x7e]+[A-Za-z]")
_TAG_BLOCK = 0xE0000
_TAG_FIRST, _TAG_LAST = 0xE0020, 0xE007E
_UNPRINTED = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b\x0e-\x1f\x7f]")
"""What a terminal obeys or swallows: https://www.ecma-international.org/publications-and-standards/standards/ecma-48/."""
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{32,4096}={0,2}(?![A-Za-z0-9+/=])")
_MOST_TOKENS = 20
"""Per line: a file of keys costs what any other does."""


def plain(text: str) -> str:
    """The text as it is read: one form of each letter, nothing invisible, no letters that only look alike."""
    text = _UNPRINTED.sub("", text)
    if text.isascii():
        return text
    return "".join(_visible(unicodedata.normalize("NFKC", text))).translate(_ALIKE)


def hides(text: str) -> str | None:
    """By what `plain` would change the words, as the end of a sentence; None if it would not."""
    if _UNPRINTED.search(text):
        return "broken up by characters that nobody sees"
    if text.isascii():
        return None
    if any(_TAG_FIRST <= ord(each) <= _TAG_LAST for each in text):
        return "written in characters that nobody sees"
    if any(all(unicodedata.category(each) == "Cf" for each in found[0][1:-1]) for found in _BROKEN.finditer(text)):
        return "broken up by characters that nobody sees"
    return "in letters that only look like Latin ones" if _MIXED.search(unicodedata.normalize("NFKC", text)) else None


def decoded(text: str) -> Iterator[str]:
    """What stands in Base64 in the text, where it is text again."""
    for number, found in enumerate(_BASE64.finditer(text)):
        if number == _MOST_TOKENS:
            return
        token = found[0].rstrip("=").replace("-", "+").replace("_", "/")
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            continue
        lines = raw.splitlines()
        if all(line.isprintable() for line in lines):
            yield " ".join(lines)
            yield from lines[1:]  # a sentence can begin with each


def _visible(text: str) -> Iterator[str]:
    """Tags that stand for ASCII are turned back into it: https://www.unicode.org/charts/PDF/UE0000.pdf."""
    for each in text:
        if _TAG_FIRST <= ord(each) <= _TAG_LAST:
            yield chr(ord(each) - _TAG_BLOCK)
        elif unicodedata.category(each) != "Cf":
            yield each
