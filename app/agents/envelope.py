"""Putting words of strangers into a prompt so that they stay data."""

import hashlib
import re

from app.forge.visible import is_visible, only_visible

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_OF_EMOJI = "\ufe0e\ufe0f"
"""They say how an emoji is drawn; marking each would have the marks copied into suggestions."""
_MARK = re.compile(r"\[U\+[0-9A-F]{4,6}\]")


def enclose(what: str, text: str, *, rendered: bool = True, tag: str = "untrusted") -> str:
    """Wrap untrusted text in a tag that it cannot close: the tag's name is made of the text's own hash.

    `rendered` False: it is code or output, which nobody sees as a page, so that nothing is left out of it. `tag`: how
    the tag's name begins, for words that are to be heeded, if only within the frame that stands before them.
    """
    shown = strip_hidden(text) if rendered else mark_hidden(text)
    # 128 bits: with fewer, a text can be searched that holds its own hash among thousands of closing tags.
    seal = hashlib.sha256(f"{what}\0{shown}".encode()).hexdigest()[:32]
    return f"<{tag}-{seal} what={what!r}>\n{shown}\n</{tag}-{seal}>"


def strip_hidden(text: str) -> str:
    """Take out what a person would not see on the page: HTML comments and invisible characters."""
    return only_visible(_COMMENT.sub("", text))


def mark_hidden(text: str) -> str:
    """Show invisible characters by their numbers; comments stay, because in code they are what they look like."""
    lines = text.replace("\r\n", "\n")
    if only_visible(lines) == lines:
        return lines
    return "".join(each if each in _OF_EMOJI or is_visible(each) else f"[U+{ord(each):04X}]" for each in lines)


def without_hidden(text: str) -> str:
    """Code as it is compared: the same whether its invisible characters are there, marked or gone."""
    return only_visible(_MARK.sub("", text))
