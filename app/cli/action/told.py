"""What the step tells when all is done: how it ends, its outputs and its page. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.cli.action.deciding import Nothing, Refusal
from app.cli.action.posting import failing
from app.cli.reviewing.errors import ReviewError
from app.cli.reviewing.in_markdown import render_markdown
from app.cli.reviewing.outcome import Review
from app.forge.clean import clean_markdown
from app.policy.finding import Outcome, Severity

_COULD_NOT = 2


@dataclass(frozen=True)
class Told:
    """`verdict`: approved, refused, incomplete, unjudged, skipped or failed. `code`: what the process ends with.

    `review` None: there was none. `annotate`: show its findings by commands to the runner.
    """

    verdict: str
    code: int
    page: str
    review: Review | None = None
    annotate: bool = False
    outputs: dict[str, str] = field(default_factory=dict)


def tell_review(
    review: Review, fail_on: Severity | None, *, unjudged: str, notes: Sequence[str], annotate: bool
) -> Told:
    """`unjudged`: why no model was asked; then nothing fails. `notes`: what else is to be known, in our own words."""
    verdict = _verdict(review, fail_on, unjudged=bool(unjudged))
    code = 0 if unjudged else _code(review, fail_on)
    lead = [f"> [!NOTE]\n> {each}" for each in ((unjudged,) if unjudged else ())]
    page = "\n\n".join([*lead, render_markdown(review), *(f"- {note}" for note in notes)])
    outputs = {"findings": str(len(review.remarks)), "cost-usd": f"{review.spent.cost / 1_000_000:.4f}"}
    return Told(verdict, code, page, review, annotate, outputs)


def _verdict(review: Review, fail_on: Severity | None, *, unjudged: bool) -> str:
    if unjudged:
        return "unjudged"
    if not review.files:
        return "skipped"
    if failing(review, fail_on) or any(each.outcome is Outcome.BLOCKED for each in review.verdicts):
        return "refused"
    return "incomplete" if review.silent or review.unread else "approved"


def _code(review: Review, fail_on: Severity | None) -> int:
    if failing(review, fail_on):
        return 1
    return _COULD_NOT if review.silent or review.unread else 0


def tell_unseen(unjudged: str, error: ReviewError) -> Told:
    """No model was asked, and no program could look either: nothing is known of the change, and nothing fails."""
    told = f"> [!NOTE]\n> {unjudged}\n\nAnalyzers did not look either: {clean_markdown(str(error))}."
    return Told("unjudged", 0, f"{told}\n\n**What can be done:** {clean_markdown(error.remedy)}")


def tell_decision(decision: Nothing | Refusal) -> Told:
    """Nothing was looked at."""
    return tell_nothing(decision.why) if isinstance(decision, Nothing) else tell_failure(decision.why, decision.remedy)


def tell_nothing(why: str) -> Told:
    """It is fine that nothing was done."""
    return Told("skipped", 0, f"### Quorum did nothing here\n\n{why}")


def tell_failure(why: str, remedy: str) -> Told:
    """It could not be done, and a person has to do something."""
    return Told("failed", _COULD_NOT, f"### Quorum could not do its work\n\n{why}.\n\n**What to do next:** {remedy}")
