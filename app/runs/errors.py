"""What can stop a run from being driven on."""

THEN = "\n\nWhat to do: "
"""Between what happened and what a person can do about it, in the reason that a run keeps."""


class RunError(Exception):
    """The root of this room's errors."""


class LeaseLostError(RunError):
    """Another worker has the run, or the run has ended; nothing more may be written for it here."""


class RunEndingError(RunError):
    """The run was told to end as `ending`, because of `reason`; its workflow cleans up and stops."""

    def __init__(self, ending: str, reason: str) -> None:
        super().__init__(f"told to end as {ending}: {reason}")
        self.ending = ending
        self.reason = reason


class EffectFailedError(RunError):
    """An effect on GitHub stayed unknown after every try; the run sleeps and tries again, for hours."""

    unknown = True


class StepTooLargeError(RunError):
    """A step's value does not fit into the journal."""


class Suspended(BaseException):
    """Not an error but the end of a drive, like `CancelledError`, which is why `except Exception` lets it pass.

    The run sleeps in the database until `wake_at` (seconds since 1970) or until what it waits for has come.
    `trouble`: what went wrong, when it sleeps for that. `looked_at`: when it began to look for what it waits for; a
    word to it (`admission.tell`) that came after that wakes it at once.
    """

    def __init__(
        self, waits_for: str, wake_at: float | None, *, trouble: str = "", looked_at: float | None = None
    ) -> None:
        super().__init__(waits_for)
        self.looked_at = looked_at
        self.waits_for = waits_for
        self.wake_at = wake_at
        self.trouble = trouble
