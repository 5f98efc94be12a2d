"""Putting words of strangers into a prompt so that they stay data."""

import hashlib
import re
import unicodedata

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def enclose(what: str, text: str) -> str:
    """Wrap untrusted text in a tag that it cannot close: the tag's name is made of the text's own hash."""
    shown = strip_hidden(text)
    seal = hashlib.sha256(f"{what}\0{shown}".encode()).hexdigest()[:12]
    return f"<untrusted-{seal} what={what!r}>\n{shown}\n</untrusted-{seal}>"


def strip_hidden(text: str) -> str:
    """Take out what a person would not see on the page: HTML comments and invisible characters."""
    return "".join(character for character in _COMMENT.sub("", text) if _is_visible(character))


def _is_visible(character: str) -> bool:
    """Control and format characters (bidi, zero-width, tags), private and unassigned ones are not, but for layout."""
    return character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cf", "Cn", "Co", "Cs"}
