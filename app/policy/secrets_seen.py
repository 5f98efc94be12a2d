"""Secrets that show by their form alone, in lines that a change adds. Pure, and quiet unless right.

The forms are those that the vendors publish, as https://docs.github.com/en/code-security/reference/secret-security/supported-secret-scanning-patterns
lists them. What has no such form is for a scanner that guesses.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.policy.changed_text import ChangedText

_MOST_CHARS = 20_000
_FORMS = (
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----")),
    ("a token of GitHub", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b")),
    ("a token of GitLab", re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}")),
    ("a key of AWS", re.compile(r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b")),
    ("a key of Google", re.compile(r"\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])")),
    ("a key of Anthropic", re.compile(r"\bsk-ant-[a-z0-9]+-[A-Za-z0-9_-]{40,}")),
    ("a key of OpenAI", re.compile(r"\bsk-(?:proj-)?[A-Za-z0-9_-]{20}T3BlbkFJ[A-Za-z0-9_-]{20,}")),
    ("a token of Slack", re.compile(r"\bxox[abprs]-\d{8,}-[A-Za-z0-9-]{10,}")),
    ("a webhook of Slack", re.compile(r"hooks\.slack\.com/services/T[A-Z0-9]{8,}/B[A-Z0-9]{8,}/[A-Za-z0-9]{20,}")),
    ("a live key of Stripe", re.compile(r"\b[rs]k_live_[A-Za-z0-9]{20,}")),
    ("a token of npm", re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    ("a token of PyPI", re.compile(r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}")),
)
_EXAMPLE = re.compile(r"EXAMPLE|(.)\1{9}|(?:0123456789|1234567890){2}|abcdefghij", re.IGNORECASE)
"""As AWS and others write them in their manuals."""


@dataclass(frozen=True)
class Seen:
    """What looks like a secret, without the secret."""

    path: str
    line: int
    what: str


def secrets_in(files: Sequence[ChangedText]) -> tuple[Seen, ...]:
    """One at most for each line."""
    return tuple(seen for file in files for seen in _in_file(file))


def _in_file(file: ChangedText) -> Iterator[Seen]:
    for line in file.added:
        text = line.text[:_MOST_CHARS]
        for what, form in _FORMS:
            if (found := form.search(text)) is not None and not _EXAMPLE.search(found[0]):
                yield Seen(file.path, line.number, what)
                break
