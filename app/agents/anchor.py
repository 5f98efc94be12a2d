"""Holding findings to the lines they speak of. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.agents.envelope import without_hidden
from app.policy.checked import checked
from app.policy.finding import Finding, key_of, spot_of

_NO_OFFER = "A suggestion is not offered: the lines are gone, and a click could not bring them back."


@dataclass(frozen=True)
class Gone:
    """Lines that were taken out with nothing put in their place. `first` is counted from 1 in the old file.

    `beside`: a line of the head that is shown next to them; 0 where the file is gone and has none.
    """

    first: int
    beside: int
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Lines:
    """Of a file at the head, counted from 1 by line feeds: `changed` may be quoted, `shown` may be commented on.

    Next to a removal lines count as changed: what is missing is a fault all the same.
    """

    changed: frozenset[int]
    shown: frozenset[int]
    gone: tuple[Gone, ...] = ()


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
        if finding.path not in texts or lines is None or not (lines.changed or lines.gone):
            dropped.append(Dropped(finding, "it is not about a file that the change leaves lines in"))
            continue
        start = _locate(finding, texts[finding.path].split("\n"), lines.changed)
        removed = _place_on_removed(finding, lines) if start is None else None
        if removed is not None:
            kept.append(removed)
            continue
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


def _place_on_removed(finding: Finding, lines: Lines) -> Finding | None:
    """On the old side of the diff, nearest to where the finding says."""
    quote = _comparable(_quoted(finding))
    if not any(quote):
        return None
    found = [
        (gone, gone.first + index)
        for gone in lines.gone
        for stripped in [_comparable(gone.texts)]
        for index in range(len(stripped) - len(quote) + 1)
        if stripped[index : index + len(quote)] == quote
    ]
    if not found:
        return None
    gone, first = min(found, key=lambda each: abs(each[1] - finding.start_line))
    return _removed(finding, gone, first, first + len(quote) - 1)


def on_removed_line(finding: Finding, lines: Lines, number: int) -> Finding | None:
    """The same, about a line of the old file that was taken out with nothing put in its place; None for any other."""
    gone = next((each for each in lines.gone if each.first <= number < each.first + len(each.texts)), None)
    return None if gone is None else _removed(finding, gone, number, number)


def _removed(finding: Finding, gone: Gone, first: int, last: int) -> Finding:
    """Everything but its comment goes by the line next to it; of a file that is gone by the lines that it had.

    No suggestion can stand there: https://docs.github.com/en/rest/pulls/comments has it replace lines of the head.
    """
    start, end = (gone.beside, gone.beside) if gone.beside else (first, last)
    offer = _NO_OFFER if finding.suggestion is not None else ""
    return checked(finding, start_line=start, end_line=end, suggestion=None, removed=(first, last), offer=offer)


def render_dropped(dropped: Sequence[Dropped]) -> str:
    """What a reviewer is told, to mend it; empty when there is nothing to mend."""
    if not dropped:
        return ""
    told = "\n".join(
        f"- {each.finding.path}: {each.finding.claim[:200]} It is dropped: {each.reason}." for each in dropped
    )
    return (
        f"{told}\n\nQuote whole lines exactly as they stand in the file at the head, at least one of them changed; "
        "where lines were only removed, quote these, or a line that stands next to the removal. Then call `report` "
        "again with all findings. One that cannot be placed like this is left out."
    )


def place_of(finding: Finding) -> tuple[str, int]:
    """What makes two anchored findings of one change the same: the same lines may stand in several places."""
    return key_of(finding), finding.start_line


def with_one_name(by_perspective: Mapping[str, Anchored]) -> dict[str, Anchored]:
    """Findings on the same lines with the same repair are one fault: the category of the gravest, then the first.

    Reviewers who do not see each other call one thing by several names. The same lines alone do not make it one.
    """
    names: dict[tuple[str, str, int, str], Finding] = {}
    for each in by_perspective.values():
        for finding in each.kept:
            repair = _repair(finding)
            if repair is not None:
                held = names.setdefault(repair, finding)
                names[repair] = finding if finding.severity.rank < held.severity.rank else held
    return {
        name: replace(each, kept=tuple(_named(found, names) for found in each.kept))
        for name, each in by_perspective.items()
    }


def _named(finding: Finding, names: Mapping[tuple[str, str, int, str], Finding]) -> Finding:
    repair = _repair(finding)
    return finding if repair is None else finding.model_copy(update={"category": names[repair].category})


def _repair(finding: Finding) -> tuple[str, str, int, str] | None:
    if finding.suggestion is None:
        return None
    return (*spot_of(finding), finding.start_line, finding.suggestion.strip("\n"))


def consolidate(by_perspective: Mapping[str, Sequence[Finding]]) -> dict[str, list[Finding]]:
    """Keep one of findings that share their place and their category; the gravest, then the first.

    For publishing and challenging only: whoever said it as well stands or falls with it.
    """
    best: dict[tuple[str, int], tuple[str, Finding]] = {}
    for perspective, findings in by_perspective.items():
        for finding in findings:
            key = place_of(finding)
            held = best.get(key)
            if held is None or finding.severity.rank < held[1].severity.rank:
                best[key] = (perspective, finding)
    return {
        perspective: [finding for finding in findings if best[place_of(finding)][1] is finding]
        for perspective, findings in by_perspective.items()
    }


def _quoted(finding: Finding) -> list[str]:
    return finding.quote.strip("\n").split("\n")


def _comparable(lines: Sequence[str]) -> list[str]:
    return [without_hidden(line).strip() for line in lines]


def _locate(finding: Finding, lines: Sequence[str], changed: frozenset[int]) -> int | None:
    """The first line of the quote, nearest to where the finding says.

    Space at the ends of lines does not matter, and neither do invisible characters: reviewers are not shown them as
    they are, and what they find must not be lost for that.
    """
    quote = _comparable(_quoted(finding))
    if not any(quote):
        return None
    stripped = _comparable(lines)
    starts = [
        index + 1
        for index in range(len(stripped) - len(quote) + 1)
        if stripped[index : index + len(quote)] == quote
        and changed.intersection(range(index + 1, index + 1 + len(quote)))
    ]
    return min(starts, key=lambda start: abs(start - finding.start_line), default=None)
