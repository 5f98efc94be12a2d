"""Holding findings to the lines they speak of. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.agents.envelope import without_hidden
from app.policy.finding import Finding, Severity, key_of

_GRAVEST_FIRST = tuple(Severity)


@dataclass(frozen=True)
class Lines:
    """Of a file at the head, counted from 1 by line feeds: `changed` may be quoted, `shown` may be commented on.

    Next to a removal lines count as changed: what is gone cannot be quoted, and is a fault all the same.
    """

    changed: frozenset[int]
    shown: frozenset[int]


@dataclass(frozen=True)
class Dropped:
    finding: Finding
    reason: str


@dataclass(frozen=True)
class Anchored:
    kept: tuple[Finding, ...]
    dropped: tuple[Dropped, ...]


def anchor(findings: Sequence[Finding], texts: Mapping[str, str], touched: Mapping[str, Lines]) -> Anchored:
    """Keep findings whose quote stands on a changed line, with their lines put right. `texts` are files at the head."""
    kept, dropped = [], []
    for finding in findings:
        lines = touched.get(finding.path)
        if finding.path not in texts or lines is None or not lines.changed:
            dropped.append(Dropped(finding, "it is not about a file that the change leaves lines in"))
            continue
        start = _locate(finding, texts[finding.path].split("\n"), lines.changed)
        if start is None:
            dropped.append(Dropped(finding, "its quote does not stand on a changed line"))
            continue
        kept.append(_place(finding, start, lines))
    return Anchored(tuple(kept), tuple(dropped))


def _place(finding: Finding, start: int, lines: Lines) -> Finding:
    """Where it can be commented on: GitHub refuses a whole review for one comment that leaves the diff's hunks."""
    end = start + len(_quoted(finding)) - 1
    first = last = next(number for number in range(start, end + 1) if number in lines.changed)
    while first > start and first - 1 in lines.shown:
        first -= 1
    while last < end and last + 1 in lines.shown:
        last += 1
    update: dict[str, object] = {"start_line": first, "end_line": last}
    if (first, last) != (start, end):
        update["suggestion"] = None
    return finding.model_copy(update=update)


def render_dropped(dropped: Sequence[Dropped]) -> str:
    """What a reviewer is told, to mend it; empty when there is nothing to mend."""
    if not dropped:
        return ""
    told = "\n".join(
        f"- {each.finding.path}: {each.finding.claim[:200]} It is dropped: {each.reason}." for each in dropped
    )
    return (
        f"{told}\n\nQuote whole lines exactly as they stand in the file at the head, at least one of them changed; "
        "where lines were only removed, quote a line that stands next to the removal. Then call `report` again with "
        "all findings. One that cannot be placed like this is left out."
    )


def place_of(finding: Finding) -> tuple[str, int]:
    """What makes two anchored findings of one change the same: the same lines may stand in several places."""
    return key_of(finding), finding.start_line


def consolidate(by_perspective: Mapping[str, Sequence[Finding]]) -> dict[str, list[Finding]]:
    """Keep one of findings that share their place and their category; the gravest, then the first.

    For publishing and challenging only: whoever said it as well stands or falls with it.
    """
    best: dict[tuple[str, int], tuple[str, Finding]] = {}
    for perspective, findings in by_perspective.items():
        for finding in findings:
            key = place_of(finding)
            held = best.get(key)
            if held is None or _gravity(finding) < _gravity(held[1]):
                best[key] = (perspective, finding)
    return {
        perspective: [finding for finding in findings if best[place_of(finding)][1] is finding]
        for perspective, findings in by_perspective.items()
    }


def _gravity(finding: Finding) -> int:
    return _GRAVEST_FIRST.index(finding.severity)


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
