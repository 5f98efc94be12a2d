"""What agents wrote, made harmless before it is published: no images, no foreign links, no mentions, nothing hidden."""

import re
import unicodedata

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
_BARE = re.compile(r"(?<![`\w])((?:https?|ftp|data|javascript):[^\s<>`\"']+)", re.IGNORECASE)
_TAG = re.compile(r"<(?=[A-Za-z/!])")
_MENTION = re.compile(r"(?<![\w`/])@(?=[A-Za-z0-9])")
_CLOSING = re.compile(
    r"\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)(:?\s+)(?=(?:[\w.-]+/[\w.-]+)?#\d|https?:)", re.IGNORECASE
)


def clean_markdown(text: str) -> str:
    """Keep the words; take away what acts. Links become code, so that a reader sees where they would have led."""
    text = "".join(character for character in text if _is_visible(character))
    text = _COMMENT.sub("", text)
    text = _IMAGE.sub(r"\1", text)
    text = _LINK.sub(r"\1 (`\2`)", text)
    text = _BARE.sub(r"`\1`", text)
    text = _TAG.sub("&lt;", text)
    text = _MENTION.sub("@\N{WORD JOINER}", text)
    return _CLOSING.sub(r"\1\2\\", text)


def _is_visible(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cf", "Cn", "Co", "Cs"}
