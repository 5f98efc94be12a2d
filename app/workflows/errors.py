"""How a workflow ends early: with a reason that a person can act on."""

from app.runs.errors import THEN


class NeedsPersonError(Exception):
    """The run cannot go on by itself. `reason` says what happened, `remedy` what a person should do.

    As text, which is what a run keeps, they stand together: `split_reason` takes them apart.
    """

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}{THEN}{remedy}")
        self.reason = reason
        self.remedy = remedy


def split_reason(text: str) -> tuple[str, str]:
    """Reason and remedy of a run that ended early; the remedy is empty for any other error's text."""
    reason, _, remedy = text.partition(THEN)
    return reason, remedy
