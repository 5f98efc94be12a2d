"""What can go wrong between us and a model. `retry` says whether asking again may help."""


class ModelError(Exception):
    """The root of this room's errors."""

    retry = False


class OverloadedError(ModelError):
    """The provider has no room now (429, 529) or is out of order (5xx). `after_s` is its own advice, if it gave any."""

    retry = True

    def __init__(self, message: str, after_s: float | None = None) -> None:
        super().__init__(message)
        self.after_s = after_s


class ModelTimeoutError(ModelError):
    """No answer in time, or the connection broke."""

    retry = True


class UnusableReplyError(ModelError):
    """The provider answered with something that is no reply."""

    retry = True


class RejectedRequestError(ModelError):
    """The provider will not take this request (4xx): the key, the model's name or the request itself is wrong."""


class RequestTooLongError(RejectedRequestError):
    """The conversation does not fit into the model (413, or a 400 that says so)."""


class BudgetExceededError(ModelError):
    """The run has spent what it may."""


class ScriptError(ModelError):
    """A scripted model was asked something that its script does not foresee."""
