"""What was found: one place where a change asks less of the code than before."""

from dataclasses import dataclass
from enum import StrEnum

from app.policy.changed_text import ChangedText, Line

_QUOTE_CHARS = 300


class Kind(StrEnum):
    TEST_DELETED = "test deleted"
    TEST_SKIPPED = "test skipped"
    TESTS_NARROWED = "tests narrowed"
    ASSERTION_REMOVED = "assertion removed"
    ASSERTION_LOOSENED = "assertion loosened"
    EXPECTATION_CHANGED = "expected value changed"
    SNAPSHOT_REWRITTEN = "snapshot rewritten"
    THRESHOLD_LOWERED = "threshold lowered"
    CI_LOWERED = "CI lowered"
    LINTER_SILENCED = "linter silenced"

    @property
    def is_proven(self) -> bool:
        """Whether the diff alone shows that less is asked now. What is expected may have changed for a good reason."""
        return self not in {Kind.EXPECTATION_CHANGED, Kind.SNAPSHOT_REWRITTEN}


@dataclass(frozen=True)
class Weakening:
    """`quote` stands at `line` of `path`: at the head; where it is `gone`, in the base, under its path there."""

    kind: Kind
    path: str
    line: int
    quote: str
    because: str
    gone: bool = False


def weakening(kind: Kind, file: ChangedText, line: Line, because: str) -> Weakening:
    """One that is anchored at a line of the file."""
    gone = line.sign == "-"
    path = (file.was or file.path) if gone else file.path
    return Weakening(kind, path, line.number, line.text.strip()[:_QUOTE_CHARS], because, gone)
