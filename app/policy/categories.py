"""Kinds of fault: the short list that reviewers choose from, and where their own words belong on it. Pure."""

import re

OTHER = "other"
CATEGORIES = (
    "injection",
    "access control",
    "exposed secret",
    "unsafe default",
    "wrong result",
    "missing feature",
    "error handling",
    "race",
    "data loss",
    "slow code",
    "unbounded growth",
    "compatibility",
    "duplication",
    "misplaced logic",
    "missing test",
    "weak test",
    "documentation",
    "vulnerable dependency",
    "dependency",
    "deployment",
    OTHER,
)
"""Short, so that reviewers who do not see each other call one fault by one name."""
PROMISES = frozenset({"wrong result", "missing feature", "compatibility", "documentation"})
"""What is no longer, or not, as it was said to be: which of them it is goes by who speaks."""
_WORDS = (
    ("vulnerable dependency", r"vulnerab|cve\b|advisor"),
    ("injection", r"inject|xss|travers|deseriali|ssrf|redirect|escap|(?:un|in)(?:saniti|validat|check|trusted)|sql\b"),
    ("access control", r"auth(?!ors?\b)|permission|privilege|access|csrf|bypass"),
    ("exposed secret", r"secret|credential|password|token|exposure|disclos|(?:information|data) leak"),
    ("race", r"race|concurren|deadlock|atomic|thread|(?<!package )lock(?:s|ing)?\b(?! ?file)"),
    ("data loss", r"data loss|loss|lost|corrupt|overwr"),
    ("unbounded growth", r"unbound|unlimited|leak|memory|exhaust|denial|dos\b"),
    ("slow code", r"slow|performance|n\+1|complexity|quadratic|latency|inefficien"),
    ("missing test", r"(?:missing|no|lacking|absent) (?:\w+ )?tests?\b|untested|coverage"),
    ("weak test", r"tests?\b|assert"),
    ("documentation", r"doc(?:s|umentation|string)s?\b|comment|readme|changelog|stale"),
    ("dependency", r"dependenc|package|licen[cs]e|pin(?:s|ned|ning)?\b|lock ?file"),
    ("deployment", r"deploy|infra|terraform|docker|container|kubernetes|rollout"),
    ("compatibility", r"compat|breaking|contract|api change|migration|signature"),
    ("duplication", r"duplicat|copied|redundan|dead code"),
    ("misplaced logic", r"layer|coupl|architect|design|misplaced|abstraction"),
    ("error handling", r"errors?\b|exception|crash|fail|swallow|panic|timeout|retry"),
    ("unsafe default", r"default|insecure|hard-?coded|crypto|hash"),
    ("missing feature", r"(?:missing|unmet) (?:feature|function|behavio)|requirement|(?:not |un)implemented"),
    ("wrong result", r"off.by.one|boundar|logic|correct|incorrect|wrong|edge|null|none\b|empty|regression|rounding"),
)
"""The first that fits counts: what is rarer in other words stands first. What is as vague as `bug` fits nowhere."""
_FORMS = tuple((name, re.compile(rf"\b(?:{form})")) for name, form in _WORDS)


def category_of(word: str) -> str:
    """The entry of the list that a reviewer's word means; `other` where none does."""
    told = " ".join(word.casefold().replace("_", " ").replace("-", " ").split())
    if told in CATEGORIES:
        return told
    return next((name for name, form in _FORMS if form.search(told)), OTHER)
