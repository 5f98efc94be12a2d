"""How a workflow ends early: with a reason that a person can act on."""


class NeedsPersonError(Exception):
    """The run cannot go on by itself. `reason` says what happened, `remedy` what a person should do."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason} {remedy}")
        self.reason = reason
        self.remedy = remedy
