"""A review as a comment. What models and strangers wrote is cleaned as it is before it goes onto GitHub. Pure."""

from collections.abc import Iterator

from app.agents.challenged import without_word
from app.cli.reviewing.outcome import Remark, Review
from app.cli.reviewing.words import NOTHING, nothing_found, one_line, opening, unseen, what_it_does, who_judged
from app.forge.clean import clean_markdown
from app.forge.visible import only_visible
from app.policy.finding import Outcome
from app.policy.render import code
from app.workflows.texts import fence, shortened

MAX_CHARS = 65_000
"""GitHub takes 65,536 in a comment (https://docs.github.com/en/rest/issues/comments)."""
_SHORT, _NOTE_CHARS, _NOTES_CHARS = 300, 4000, 20_000
_WORDS = {Outcome.APPROVED: "approved", Outcome.BLOCKED: "**refused**", Outcome.ABSTAINED: "**could not review**"}


def render_markdown(review: Review) -> str:
    """The frame is always whole; of the findings as many as there is room for, the gravest first."""
    head = [f"### Review of {review.subject}", clean_markdown(opening(review))]
    if not review.files:
        return "\n\n".join([*head, NOTHING, *(clean_markdown(one_line(each)) for each in review.notes)]) + "\n"
    head += map(clean_markdown, what_it_does(review))
    if review.verdicts:
        head.append("\n".join(_table(review)))
    judged, notes = clean_markdown(who_judged(review)), "\n".join(_notes(review))
    foot = [f"**{judged}**", notes] if review.model is None else [notes, f"<sub>{judged}</sub>"]
    room = MAX_CHARS - sum(len(part) + 2 for part in (*head, *foot))
    return "\n\n".join([*head, *_fitting(review, room), *foot]) + "\n"


def _table(review: Review) -> Iterator[str]:
    yield "| perspective | verdict | in short |\n|---|---|---|"
    for each in review.verdicts:
        # Cut before it is cleaned: a cut through code would set free what stands in it.
        short = clean_markdown(shortened(one_line(each.summary), _SHORT)).replace("|", "\\|")
        yield f"| {each.perspective} | {_WORDS[each.outcome]} ({each.confidence:.0%}) | {short} |"


def _notes(review: Review) -> Iterator[str]:
    room = _NOTES_CHARS
    for line in unseen(review):
        told = f"- {clean_markdown(line[:_NOTE_CHARS])}"
        room -= len(told)
        if room < 0:
            yield "- and more, which would be too long"
            return
        yield told


def _fitting(review: Review, room: int) -> Iterator[str]:
    if not review.remarks:
        yield nothing_found(review)
    for number, remark in enumerate(review.remarks):
        told = render_remark(remark)
        room -= len(told) + 2
        if room < 100:  # noqa: PLR2004 - for the line that says so
            yield f"{len(review.remarks) - number} more are left out: it would be too long."
            return
        yield told


def render_remark(remark: Remark) -> str:
    """One finding, made harmless."""
    lines = [
        f"**{remark.severity.value.capitalize()}** · {remark.by} · {code(remark.category)} · {code(remark.place)}",
        clean_markdown(remark.claim),
    ]
    if remark.quote:
        lines.append(fence(only_visible(remark.quote)))
    if remark.why:
        lines.append(clean_markdown(remark.why))
    evidence, challenged = without_word(only_visible(remark.evidence))
    if evidence:
        lines.append(f"Evidence:\n\n{fence(evidence)}")
    if challenged:
        lines.append(clean_markdown(challenged))
    if remark.proof:
        lines.append(f"Shown by running:\n\n{fence(only_visible(remark.proof))}")
    if remark.suggestion is not None:
        lines.append(f"Instead:\n\n{fence(only_visible(remark.suggestion))}")
    return "\n\n".join(lines)
