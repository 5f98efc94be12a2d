"""What readers of a change have read before, as they are told it: which files are as they were, what is new in others.

What is told stands beside the diff, never in it: a mark among its lines could be written by whoever wrote them.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.agents.envelope import enclose
from app.agents.hunks import FileDiff
from app.policy.finding import Finding, Outcome
from app.policy.values import Sha

_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@")
_MOST_LINES = 1_500
"""Of a file's diff. Comparing takes the square of it at the worst; of longer ones it is said that they are new."""
_MOST_SPANS = 12


@dataclass(frozen=True)
class Before:
    """`whole_at`: the head that was read in full. `paths`: files that are not shown, as they are what they were then.

    `marks`: by path, what is to be known of a file that is shown.
    """

    whole_at: Sha
    paths: frozenset[str]
    marks: Mapping[str, str] = field(default_factory=dict)


def render_before(before: Before) -> str:
    """For all who read on from the same head."""
    shown, kept = len(before.marks), len(before.paths)
    return (
        "## What is new\n\n"
        f"You read this change in full at `{before.whole_at[:12]}`. Of its {shown + kept} files {kept} are what they "
        f"were then, before the change and after it; only their names stand in the list of files. The other {shown} "
        "are shown in full, and the list says which of their lines are new. Review what is new, and what it does to "
        "the rest: open files that were read before where that depends on them. A finding may lie in any of them."
    )


def told_of(path: str, before: Before) -> str:
    """What the list of files says of one, after its name."""
    return "as it was read" if path in before.paths else before.marks.get(path, "new")


def marks(before: Sequence[FileDiff], now: Sequence[FileDiff], belonging: frozenset[str]) -> dict[str, str]:
    """Of the files that are shown `now`. `belonging` are shown again though they are what they were."""
    old = {file.path: file.text for file in before}
    return {
        file.path: "as it was read, and belongs with what is new"
        if file.path in belonging
        else "new"
        if file.path not in old
        else f"new at {_places(old[file.path], file.text)}"
        for file in now
    }


def render_own_words(outcome: Outcome, summary: str, stand: Sequence[Finding], anew: Sequence[Finding]) -> str:
    """What one perspective said before. `stand`: findings whose files are what they were; `anew`: the others."""
    said = enclose("your earlier verdict", f"{outcome}: {summary}", rendered=False)
    parts = [f"Your own verdict, at the last head that you read:\n\n{said}"]
    if stand:
        listed = enclose("findings that stand", "\n".join(map(_line, stand)), rendered=False)
        parts.append(f"These of your findings stand, and need not be reported again:\n\n{listed}")
    if anew:
        listed = enclose("findings to be judged anew", "\n".join(map(_line, anew)), rendered=False)
        parts.append(
            "These were about files that are others now. Judge each anew, and report it again if it still holds:"
            f"\n\n{listed}"
        )
    return "\n\n".join(parts)


def _line(finding: Finding) -> str:
    return f"- {finding.severity}, {finding.path}: {finding.claim}"


def _places(before: str, now: str) -> str:
    spans = _spans(before.split("\n"), now.split("\n"))
    if not spans:
        return "its header alone" if spans is not None else "many lines"
    told = [str(first) if first == last else f"{first}-{last}" for first, last in spans[:_MOST_SPANS]]
    more = f" and {len(spans) - _MOST_SPANS} more places" if len(spans) > _MOST_SPANS else ""
    return f"{'line' if len(spans) == 1 and '-' not in told[0] else 'lines'} {', '.join(told)}{more}"


def _spans(before: Sequence[str], now: Sequence[str]) -> list[tuple[int, int]] | None:
    """Lines of the head at which the one diff of a file is not the other; None if they are too long to tell."""
    old, new = list(_numbered(before)), list(_numbered(now))
    if max(len(old), len(new)) > _MOST_LINES:
        return None
    matcher = difflib.SequenceMatcher(None, [text for _, text in old], [text for _, text in new], autojunk=False)
    last = new[-1][0] if new else 1
    found: list[tuple[int, int]] = []
    for tag, _, _, start, end in matcher.get_opcodes():
        if tag == "equal":
            continue
        numbers = [number for number, _ in new[start:end]] or [new[start][0] if start < len(new) else last]
        if found and numbers[0] <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], numbers[-1]))
        else:
            found.append((numbers[0], numbers[-1]))
    return found


def _numbered(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines of a file's hunks, each with its number at the head; of a removed one that of the line after it."""
    number = 0
    for line in lines:
        match = _HUNK.match(line)
        if match is not None:
            number = int(match[1])
        elif number and line[:1] in {" ", "+", "-"}:
            yield number, line
            number += line[:1] != "-"
