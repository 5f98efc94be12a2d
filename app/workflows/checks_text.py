"""What Quorum says of the failing checks of its own pull request: one comment, which always says what is true now."""

from collections.abc import Sequence

from app.forge.visible import only_visible
from app.policy.render import code
from app.workflows.checks_seen import ChecksLook, Seen
from app.workflows.errors import split_reason
from app.workflows.texts import brief, count, fence

TRIES = 3
_WORKING = frozenset({"queued", "running", "waiting"})


def render_checks(look: ChecksLook, head: str, moves: Sequence[str]) -> str:
    """`moves`: what is done about each of `look.failed`, a sentence each."""
    if not look.failed:
        heading = "No check fails any more" if look.ended else "The checks are to run again"
        lines = [f"### {heading}", "", f"On {head[:12]} {count(look.ended, 'check')} ended, and none failed."]
        return "\n".join([*lines, *_history(look)])
    lines = [f"### {count(len(look.failed) + look.more, 'check')} failed on {head[:12]}", ""]
    lines += [_line(seen, move) for seen, move in zip(look.failed, moves, strict=True)]
    lines += [f"- and {count(look.more, 'check')} more, which I did not look into yet"] if look.more else []
    return "\n".join([*lines, *_history(look), *(text for seen in look.failed for text in _excerpt(seen))])


def _line(seen: Seen, move: str) -> str:
    judged = seen.judged
    return f"- {code(judged.check.name)} — **{judged.verdict}**: {judged.because}. {move}"


def _history(look: ChecksLook) -> list[str]:
    done = [each for each in look.attempts if each.commit]
    failed = [each for each in look.attempts if not each.commit and each.state not in _WORKING]
    lines = [f"- repaired {_names(each.checks)} in {str(each.commit)[:12]}" for each in done]
    lines += [f"- could not repair {_names(each.checks)}: {brief(split_reason(each.reason)[0])}" for each in failed]
    return ["", f"Tries to repair, {len(look.attempts)} of {TRIES}:", "", *lines] if lines else []


def _names(names: Sequence[str]) -> str:
    return ", ".join(code(name) for name in names) or "a check"


def _excerpt(seen: Seen) -> list[str]:
    """The name stands before it, as a span: in a summary it would be HTML."""
    if not seen.excerpt.strip():
        return []
    told = fence(only_visible(seen.excerpt))
    heading = f"{code(seen.judged.check.name)} printed at its end:"
    return ["", heading, "", "<details><summary>Show it</summary>", "", told, "", "</details>"]
