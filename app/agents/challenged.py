"""How a challenge ended, as it stands at the end of a finding's evidence. Pure."""

import re

UPHELD = "Challenged and upheld: "
_EVIDENCE_CHARS = 8000
_WORD = re.compile(r"(?:\A|\n\n)(?=Challenged and (?:upheld|lowered from [a-z]+): )")


def lowered_from(severity: str) -> str:
    """What stands before the reason of a challenge that made advice of it, as `UPHELD` of one that failed."""
    return f"Challenged and lowered from {severity}: "


def with_word(evidence: str, word: str) -> str:
    """The evidence with the challenge's word, which is never what is cut off."""
    return f"{evidence[: _EVIDENCE_CHARS - len(word) - 2]}\n\n{word}".strip()


def without_word(evidence: str) -> tuple[str, str]:
    """The evidence itself, and the challenge's word; either may be empty."""
    found = [*_WORD.finditer(evidence)]
    return (evidence[: found[-1].start()], evidence[found[-1].end() :]) if found else (evidence, "")
