"""What a review tells in every format: how much, against what, and what was not looked at. Pure."""

from collections.abc import Iterator, Sequence

from app.cli.reviewing.outcome import Review
from app.forge.visible import only_visible
from app.workflows.texts import count, sentence, shortened

NOTHING = "There is nothing to review: all is as the base is."
_NAMES = 20
_WHAT_CHARS = 300


def one_line(text: str) -> str:
    """Words of others, whole, on one line: no escape sequence, nothing invisible."""
    return " ".join(only_visible(text).split())


def opening(review: Review) -> str:
    """What was held against what, and why against that."""
    base = review.base
    size = f"{count(review.files, 'file')}, {count(review.lines, 'line')}"
    against = f"{one_line(base.name)} at {base.commit[:12]} ({one_line(base.why)})"
    return f"{sentence(review.subject)} against {against}: {size}."


def what_it_does(review: Review) -> Iterator[str]:
    """In a reviewer's words, cut as they are; nothing where nobody said it."""
    if review.what:
        yield f"What it does: {shortened(one_line(review.what), _WHAT_CHARS)}"


def nothing_found(review: Review) -> str:
    """Where there is no remark; nothing was found only by who looked."""
    unheard = review.verdicts and len(review.silent) == len(review.verdicts)
    return "No perspective could review it." if unheard else "Nothing was found."


def who_judged(review: Review) -> str:
    """Never silent about it when nobody did."""
    if review.model is None:
        return (
            f"There is no model ({review.lacking or 'its key'} is not set), so nobody judged this change: "
            "only analyzers looked at it, and its diff was searched for what speaks for itself."
        )
    spent = review.spent
    cost = f"${spent.cost / 1_000_000:.2f}, {count(spent.calls, 'call')} to {one_line(review.model)}"
    return f"Cost: {cost}, {spent.tokens:,} tokens, {review.seconds:.0f} s."


def unseen(review: Review) -> Iterator[str]:
    """What was not looked at, and by whom, and what programs told; a sentence each."""
    yield from map(one_line, review.notes)
    yield "Tests were not run."
    if review.silent:
        yield f"Could not review: {', '.join(review.silent)}."
    if review.unread:
        yield f"Nobody read, as it was too much: {_names(review.unread)}."
    if review.unreadable:
        yield f"Nobody can read, as it is binary: {_names(review.unreadable)}."
    if review.set_aside:
        yield f"Set aside as generated, vendored or locked: {_names(review.set_aside)}."
    if review.left_out:
        yield f"Not taken from the work tree: {_names(review.left_out)}."
    if review.missing:
        yield f"Analyzers: {'; '.join(map(one_line, review.missing))}."
    if review.hints:
        yield f"{count(review.hints, 'hint')} of programs were shown to the reviewers."
    if review.weakened:
        told = [f"{each.category} at {each.place} ({each.claim})" for each in review.weakened]
        yield f"Asks for less than before, told from the diff: {_names(told, '; ')}."
    if review.dropped:
        yield f"{count(review.dropped, 'finding')} left out: refuted, or not on a changed line."


def _names(paths: Sequence[str], between: str = ", ") -> str:
    more = f" and {len(paths) - _NAMES} more" if len(paths) > _NAMES else ""
    return between.join(one_line(path) for path in paths[:_NAMES]) + more
