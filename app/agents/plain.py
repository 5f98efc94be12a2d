"""What a diff says of itself, told without a model: words to its reviewers, tests and checks that it weakens. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.agents.anchor import Lines, on_removed_line
from app.agents.panel import Heard, refused
from app.policy.changed_text import ChangedText
from app.policy.finding import MOST_OF_A_PATH, Finding, Severity
from app.policy.pleas import Plea, pleas
from app.policy.rules import VETO
from app.policy.weakened.found import Weakening
from app.policy.weakening import weakenings

_TESTING = "testing"
_MOST_TOLD = 40


@dataclass(frozen=True)
class Plain:
    """`pleas` with their paths. `own`: Quorum wrote the change, so that it may weaken nothing."""

    pleas: tuple[tuple[str, Plea], ...] = ()
    weakenings: tuple[Weakening, ...] = ()
    own: bool = False


def read_plainly(files: Sequence[ChangedText], *, own: bool) -> Plain:
    """Both, of all files that somebody is to read."""
    said = [(file.path, plea) for file in files for plea in pleas(file.added, file.path)]
    return Plain(tuple(said), weakenings(files), own)


def render_weakenings(plain: Plain) -> str:
    """For reviewers: what the diff alone shows, and no more than that."""
    lines = [
        f"- {each.path}:{each.line}{' (gone)' if each.gone else ''}: {each.kind.value}, {each.because}: {each.quote}"
        for each in plain.weakenings[:_MOST_TOLD]
    ]
    more = len(plain.weakenings) - _MOST_TOLD
    return "\n".join([*lines, *([f"- and {more} more"] if more > 0 else [])])


def speak_plainly(heard: Mapping[str, Heard], plain: Plain, touched: Mapping[str, Lines]) -> dict[str, Heard]:
    """The same council, with what nobody has to be asked about.

    Words to reviewers block, as security's finding. What is weakened blocks Quorum's own change; in those of people it
    is for the reviewers, who were shown it, to say whether it matters.
    """
    told = dict(heard)
    if VETO in told and plain.pleas:
        told[VETO] = _with(told[VETO], [_on_its_line(each, touched) for each in findings_of_pleas(plain)])
    proven = [each for each in plain.weakenings if each.kind.is_proven] if plain.own else []
    speaker = _TESTING if _TESTING in told else VETO
    if proven and speaker in told:
        told[speaker] = _with(told[speaker], [_placed(each, touched) for each in proven])
    return told


def findings_of_pleas(plain: Plain) -> list[Finding]:
    """Words to reviewers, as the findings that they are."""
    return [_of_plea(path, plea) for path, plea in plain.pleas]


def _placed(each: Weakening, touched: Mapping[str, Lines]) -> tuple[Finding, bool]:
    """The number of a line that is gone is the old file's: something else stands there now."""
    finding = _of_weakening(each)
    if not each.gone:
        return _on_its_line(finding, touched)
    lines = touched.get(finding.path)
    removed = on_removed_line(finding, lines, each.line) if lines is not None else None
    return removed or finding, removed is not None


def _on_its_line(finding: Finding, touched: Mapping[str, Lines]) -> tuple[Finding, bool]:
    return finding, finding.path in touched and finding.start_line in touched[finding.path].shown


def _with(heard: Heard, findings: Sequence[tuple[Finding, bool]]) -> Heard:
    """With each finding comes whether it can be commented on.

    Those on lines that cannot be commented on are told in the check alone: GitHub would refuse the whole review.

    What a reviewer refused the same lines for is not said again; what is only advice there takes nothing away.
    """
    grave = [each for each in heard.kept if each.severity.blocks]
    said = {(each.path, line) for each in grave for line in range(each.start_line, each.end_line + 1)}
    new = [(each, shown) for each, shown in findings if not shown or (each.path, each.start_line) not in said]
    return replace(
        refused(heard),
        kept=(*heard.kept, *(each for each, shown in new if shown)),
        unplaced=(*heard.unplaced, *(each for each, shown in new if not shown)),
    )


def _of_plea(path: str, plea: Plea) -> Finding:
    return Finding(
        severity=Severity.CRITICAL,
        category="plea to reviewers",
        path=_named(path),
        start_line=plea.line,
        end_line=plea.line,
        quote=plea.quote,
        claim=f"The change speaks to its reviewers: {plea.because}.",
        why="Whoever wrote a change has no say in how it is judged. Take the words out.",
    )


def _of_weakening(each: Weakening) -> Finding:
    where = "The line is gone. " if each.gone else ""
    return Finding(
        severity=Severity.MAJOR,
        category=each.kind.value,
        path=_named(each.path),
        start_line=each.line,
        end_line=each.line,
        quote=each.quote or "(an empty line)",
        claim=f"{where}{each.because[:1].upper()}{each.because[1:]}."[:2000],
        why="A change by Quorum may not ask less of the code than before. If it must, a person makes that part.",
    )


def _named(path: str) -> str:
    """A path that a finding can carry: git takes names that are no UTF-8, or longer. Then it stands on no line."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")[:MOST_OF_A_PATH]
