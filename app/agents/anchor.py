"""Holding findings to the lines they speak of. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.agents.envelope import without_hidden
from app.policy.finding import Finding


@dataclass(frozen=True)
class Dropped:
    finding: Finding
    reason: str


@dataclass(frozen=True)
class Anchored:
    kept: tuple[Finding, ...]
    dropped: tuple[Dropped, ...]


def anchor(findings: Sequence[Finding], texts: Mapping[str, str], changed: Mapping[str, frozenset[int]]) -> Anchored:
    """Keep findings whose quote stands on a changed line, with their lines put right.

    `texts` are the files at the head, `changed` the new-side lines that the diff adds, counted from 1 by line feeds.
    """
    kept, dropped = [], []
    for finding in findings:
        lines = changed.get(finding.path)
        if finding.path not in texts or not lines:
            dropped.append(Dropped(finding, "it is not about a file that the change adds lines to"))
            continue
        start = _locate(finding, texts[finding.path].split("\n"), lines)
        if start is None:
            dropped.append(Dropped(finding, "its quote does not stand on a changed line"))
            continue
        length = len(_quoted(finding))
        kept.append(finding.model_copy(update={"start_line": start, "end_line": start + length - 1}))
    return Anchored(tuple(kept), tuple(dropped))


def key_of(finding: Finding) -> str:
    """A finding's identity: no line number in it, so that it is known again when the code has moved."""
    quote = " ".join(finding.quote.split())
    return hashlib.sha256(f"{finding.path}|{quote}|{finding.category.lower()}".encode()).hexdigest()[:16]


def consolidate(by_perspective: Mapping[str, Sequence[Finding]]) -> dict[str, list[Finding]]:
    """Keep one of findings that share their place and their category; the gravest, then the first."""
    best: dict[str, tuple[str, Finding]] = {}
    for perspective, findings in by_perspective.items():
        for finding in findings:
            key = key_of(finding)
            held = best.get(key)
            if held is None or (finding.severity.blocks and not held[1].severity.blocks):
                best[key] = (perspective, finding)
    return {
        perspective: [finding for finding in findings if best[key_of(finding)] == (perspective, finding)]
        for perspective, findings in by_perspective.items()
    }


def _quoted(finding: Finding) -> list[str]:
    return finding.quote.strip("\n").split("\n")


def _locate(finding: Finding, lines: Sequence[str], changed: frozenset[int]) -> int | None:
    """The first line of the quote, nearest to where the finding says.

    Space at the ends of lines does not matter, and neither do invisible characters: reviewers are not shown them as
    they are, and what they find must not be lost for that.
    """
    quote = [without_hidden(line).strip() for line in _quoted(finding)]
    if not any(quote):
        return None
    stripped = [without_hidden(line).strip() for line in lines]
    starts = [
        index + 1
        for index in range(len(stripped) - len(quote) + 1)
        if stripped[index : index + len(quote)] == quote
        and changed.intersection(range(index + 1, index + 1 + len(quote)))
    ]
    return min(starts, key=lambda start: abs(start - finding.start_line), default=None)
