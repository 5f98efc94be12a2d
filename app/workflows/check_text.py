"""What a perspective's check run says: its summary, its findings, the gravest first, and what became of the others."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.agents.anchor import Dropped
from app.agents.challenged import without_word
from app.agents.panel import Heard
from app.forge.clean import clean_markdown, clean_plain
from app.forge.cut import cut
from app.forge.visible import only_visible
from app.policy.finding import Finding
from app.policy.render import code
from app.workflows.fitting import fit
from app.workflows.texts import count, render_finding

_SUMMARY_CHARS = 16_000
"""Of what a reviewer sums up, so that findings have room beside it."""
_LEVELS = {True: "failure", False: "warning"}


def render_check(heard: Heard, notes: Iterable[str] = (), *, called: str = "quorum") -> str:
    """Within what GitHub takes; findings with a line stand there as annotations too, however many they are.

    `notes`: what else is to be known of the reading. `called`: the name that people call Quorum by.
    """
    report = heard.opinion.report
    told = cut(clean_markdown(report.summary if report else heard.opinion.reason), _SUMMARY_CHARS)
    blocks = [f"{told}\n\nConfidence {report.confidence:.0%}." if report else told]
    blocks += [f"- {note}" for note in notes]
    blocks += [render_finding(cleaned(each)) for each in gravest_first((*heard.unplaced, *heard.kept))]
    return fit([*blocks, *_left_out(heard)], lambda number: _more(number, called))


def render_annotation(finding: Finding) -> dict[str, Any]:
    """Of a check run, on the finding's lines: https://docs.github.com/en/rest/checks/runs#create-a-check-run."""
    return {
        "path": finding.path,
        "start_line": finding.start_line,
        "end_line": finding.end_line,
        "annotation_level": _LEVELS[finding.severity.blocks],
        "title": f"{finding.severity.value}: {finding.category}"[:255],
        "message": clean_plain(f"{finding.claim}\n\n{finding.why}").strip()[:16_000],
    }


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    """Those that are alike stay in their order."""
    return sorted(findings, key=lambda each: each.severity.rank)


def cleaned(finding: Finding) -> Finding:
    """Its words made harmless. Evidence goes into a fence that it cannot close, and is quoted as it is.

    The challenge's word stands behind the fence.
    """
    words = {key: clean_markdown(getattr(finding, key)) for key in ("claim", "why")}
    evidence, challenged = without_word(only_visible(finding.evidence))
    if challenged:
        evidence = f"{evidence}\n\n{clean_markdown(challenged)}".lstrip("\n")
    return finding.model_copy(update={**words, "evidence": evidence})


def _left_out(heard: Heard) -> Iterator[str]:
    yield from (f"- said by {who} as well: {clean_markdown(each.claim)}" for who, each in heard.shared)
    yield from (f"- withdrawn after a challenge: {clean_markdown(each.finding.claim)}" for each in heard.withdrawn)
    yield from (f"- dropped: {_dropped(each)}" for each in heard.dropped)


def _dropped(each: Dropped) -> str:
    """What would block and stands nowhere leaves its perspective without an answer: a person has to see what it is."""
    reason = clean_markdown(each.reason)
    if not each.finding.severity.blocks:
        return reason
    return f"{code(each.finding.path)}: {clean_markdown(each.finding.claim)} ({reason})"


def _more(number: int, called: str) -> str:
    return (
        f"*{count(number, 'remark')} more did not fit here. Findings stand on their lines as annotations of this "
        f"check; a comment `@{called} explain` is answered with all that is on record.*"
    )
