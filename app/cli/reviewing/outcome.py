"""What came of a review of a work tree, whoever is to read it. Pure."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.agents.panel import Heard
from app.cli.meter import Spent
from app.cli.reviewing.base import Base
from app.policy.checked import proof_told
from app.policy.finding import Finding, Outcome, Severity, key_of
from app.policy.weakened.found import Weakening
from app.sandbox.analyzers.alarm import Alarm

_OF_ALARM = {"error": Severity.MAJOR, "warning": Severity.MINOR, "note": Severity.NIT}


@dataclass(frozen=True)
class Remark:
    """Something about lines of a file at the head, counted from 1; 0 where the whole file is meant.

    `by`: the perspective, or the analyzer. `key` knows a finding again when its code has moved. `proof`: what
    was run and printed to show it; nobody's word for it.
    """

    by: str
    severity: Severity
    category: str
    path: str
    start_line: int
    end_line: int
    claim: str
    quote: str = ""
    why: str = ""
    evidence: str = ""
    suggestion: str | None = None
    key: str = ""
    proof: str = ""

    @property
    def place(self) -> str:
        if not self.start_line:
            return self.path
        last = f"-{self.end_line}" if self.end_line > self.start_line else ""
        return f"{self.path}:{self.start_line}{last}"


@dataclass(frozen=True)
class Verdict:
    """A perspective's standing. `summary`: what it said in short, or why there was no usable answer."""

    perspective: str
    outcome: Outcome
    confidence: float
    model: str
    summary: str


@dataclass(frozen=True)
class Review:
    """`model` None: there is none, so that nobody judged the change, and `remarks` are those of programs.

    With a model `hints` counts what programs said to the reviewers; of that `weakened` is what the diff shows to be
    asked less of, a fact and no finding. `unread` no reviewer was shown, `unreadable` are binary files, `set_aside` is
    generated, vendored or locked, `left_out` was not taken from the work tree. `missing` says which analyzers did not
    look. `dropped` counts findings that were refuted or stood nowhere. `subject`: what was reviewed, in words. `what`:
    what it does, in those of a reviewer. `lacking`: the variable without which no model can be asked, where there is
    none.
    """

    base: Base
    model: str | None
    files: int = 0
    lines: int = 0
    remarks: tuple[Remark, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    hints: int = 0
    weakened: tuple[Remark, ...] = ()
    unread: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    dropped: int = 0
    spent: Spent = field(default_factory=Spent)
    seconds: float = 0.0
    subject: str = "the work tree"
    what: str = ""
    lacking: str = ""

    @property
    def silent(self) -> list[str]:
        """Perspectives that were asked and gave no usable answer."""
        return [each.perspective for each in self.verdicts if each.outcome is Outcome.ABSTAINED]


def graver(review: Review, least: Severity) -> list[Remark]:
    """The remarks of at least this severity."""
    return [each for each in review.remarks if each.severity.rank <= least.rank]


def exit_code(review: Review, least: Severity) -> int:
    """1: a remark is as grave as that. 2: none is, but something was not read that should have been. 0: fine."""
    if graver(review, least):
        return 1
    return 2 if review.silent or review.unread else 0


def in_order(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """The gravest first, then by place."""
    return tuple(sorted(remarks, key=lambda each: (each.severity.rank, each.path, each.start_line)))


def verdict_of(name: str, heard: Heard) -> Verdict:
    said, model = heard.opinion.report, heard.opinion.model
    if said is None:
        return Verdict(name, heard.outcome, 0.0, model, heard.opinion.reason)
    return Verdict(name, heard.outcome, said.confidence, model, said.summary)


def of_findings(by: str, findings: Sequence[Finding]) -> list[Remark]:
    return [
        Remark(
            by,
            each.severity,
            each.category,
            each.path,
            each.start_line,
            each.end_line,
            each.claim,
            each.quote,
            each.why,
            each.evidence,
            each.suggestion,
            key_of(each),
            proof_told(each),
        )
        for each in findings
    ]


def of_alarm(alarm: Alarm) -> Remark:
    """What an analyzer calls an error is taken for grave, where nobody is there to judge it."""
    severity, key = _OF_ALARM[alarm.severity], _key(alarm.tool, alarm.rule, alarm.path, alarm.quote)
    return Remark(
        alarm.tool, severity, alarm.rule, alarm.path, alarm.line, alarm.end_line, alarm.message, alarm.quote, key=key
    )


def of_weakening(found: Weakening) -> Remark:
    """There can be a good reason for each, so that none is grave by itself. A line that is gone has no place now."""
    line = 0 if found.gone else found.line
    claim = f"{found.because[:1].upper()}{found.because[1:]}"
    told = f"{claim} (line {found.line} before the change)" if found.gone else claim
    key = _key("testing", found.kind.value, found.path, found.quote)
    return Remark("testing", Severity.MINOR, found.kind.value, found.path, line, line, told, found.quote, key=key)


def _key(by: str, kind: str, path: str, quote: str) -> str:
    """As that of a finding, there is no line number in it."""
    told = json.dumps([by, kind, path, " ".join(quote.split())])
    return hashlib.sha256(told.encode()).hexdigest()[:16]
