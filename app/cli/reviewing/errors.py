"""Why nothing could be reviewed."""


class ReviewError(ValueError):
    """`remedy` says what to do; the message what happened, to what."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy
