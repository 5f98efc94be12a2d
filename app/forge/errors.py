"""What GitHub can answer instead of what was asked for. `unknown`: a write may have happened all the same."""


class ForgeError(Exception):
    """The root of this room's errors."""

    unknown = False


class UnknownOutcomeError(ForgeError):
    """A 5xx, a timeout or a broken connection: what was asked for may or may not have been done."""

    unknown = True


class NotFoundError(ForgeError):
    """404: it is not there, or the App may not see it."""


class RefusedError(ForgeError):
    """Any other 4xx: GitHub will not do it. `status` is the HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class RateLimitedError(ForgeError):
    """A primary or secondary limit. `retry_at`: seconds since 1970; the run sleeps until then."""

    def __init__(self, message: str, retry_at: float) -> None:
        super().__init__(message)
        self.retry_at = retry_at
