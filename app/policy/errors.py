"""What goes wrong where text of others comes in: a webhook's payload, a policy file."""


class UnreadableError(ValueError):
    """Something that came in cannot be understood. Nothing was decided from it."""


class EventError(UnreadableError):
    """A payload holds something of another kind than GitHub documents. `path` says where, as `issue.number`."""

    def __init__(self, path: str, expected: str, found: object) -> None:
        super().__init__(
            f"the payload's `{path}` should be {expected} but is {type(found).__name__}; "
            "the delivery was left alone, redeliver it from the App's settings once its sender is known"
        )
        self.path = path
        self.expected = expected


class PolicyError(UnreadableError):
    """A file that people write for us, a policy first of all, cannot be used.

    `line` and `column` count from 1; `remedy` says what to write instead. `path`: the file, if it is not the one that
    was asked for but one beside it.
    """

    def __init__(self, line: int, column: int, message: str, remedy: str, path: str = "") -> None:
        where = f"{path}, line {line}" if path else f"line {line}"
        super().__init__(f"{where}, column {column}: {message}. {remedy}")
        self.path = path
        self.line = line
        self.column = column
        self.message = message
        self.remedy = remedy
