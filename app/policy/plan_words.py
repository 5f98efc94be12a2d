"""What a person's `go` says of two plans: which one, and what is left for whoever builds it. Pure."""

import re

from app.policy.plan import LETTERS, Letter

_NAMED = re.compile(r"\s*(?:with\s+)?(?:plan\s+)?([AB])\s*(?:$|[,.:;!\n-]+)", re.IGNORECASE)


def which_plan(text: str, plans: int) -> tuple[Letter | None, str]:
    """The letter that stands alone at the beginning, if there is such a plan, and the rest: "a bit less" names none."""
    named = _NAMED.match(text)
    letter = next((each for each in LETTERS[:plans] if named and each == named[1].upper()), None)
    return (None, text.strip()) if named is None or letter is None else (letter, text[named.end() :].strip())
