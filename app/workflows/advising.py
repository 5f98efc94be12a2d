"""Advice that reviewers gave with a suggestion: whoever repairs hears of it, once, and may leave it."""

from collections.abc import Iterable, Sequence

from app.agents.envelope import enclose
from app.policy.finding import key_of
from app.workflows.standing import Voiced

_OPTIONAL = (
    "Reviewers advise this as well, each with the text that would replace the lines. None of it has to be done, and it "
    "is told this once. Take what is right and small and stands near to what you change anyway; leave the rest. It "
    "needs no answer."
)


def advice_told(advice: Sequence[Voiced], told: Iterable[Voiced] = ()) -> list[str]:
    """For the prompt; nothing where all of it was `told` before."""
    known = {key_of(each.finding) for each in told}
    new = [each for each in advice if key_of(each.finding) not in known]
    return [_OPTIONAL, enclose("advice", "\n\n".join(map(_shown, new)))] if new else []


def _shown(each: Voiced) -> str:
    found = each.finding
    place = f"{found.path}, lines {found.start_line} to {found.end_line}"
    return (
        f"From {each.perspective}, {place}: {found.claim}\nInstead of\n{found.quote}\nit suggests\n{found.suggestion}"
    )
