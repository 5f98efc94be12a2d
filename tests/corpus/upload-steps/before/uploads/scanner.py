class Scanner:
    """A stand-in for the scanner's client: a result is there after some looks."""

    def __init__(self, looks: int = 1) -> None:
        self._looks = looks

    def result(self, upload_id: str) -> str | None:
        """`clean`, `infected`, or None as long as it is not known."""
        self._looks -= 1
        return "clean" if self._looks <= 0 else None
