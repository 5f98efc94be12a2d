"""What can go wrong between us and a model. `retry` says whether asking again may help."""

from app.llm.messages import Usage
from app.policy.values import MicroUsd
from app.telemetry import redact


class ModelError(Exception):
    """The root of this room's errors. What looks like a key is in none: they are kept, and told to people.

    `used`: what was charged although there is no reply; None: nobody knows, as an answer may have been under way.
    `cost`: what all tries that ended in this error cost, as far as it is reckoned. `of_request`: it is about what was
    asked, which strangers may have written, and says nothing of how the model is to others.
    """

    retry = False
    of_request = False
    used: Usage | None = Usage()
    cost = MicroUsd(0)

    def __init__(self, message: str) -> None:
        super().__init__(redact(message))


class OverloadedError(ModelError):
    """The provider has no room now (429, 529) or is out of order (5xx). `after_s` is its own advice, if it gave any."""

    retry = True

    def __init__(self, message: str, after_s: float | None = None) -> None:
        super().__init__(message)
        self.after_s = after_s


class ModelTimeoutError(ModelError):
    """No answer in time, or the connection broke. `sent`: the request may have arrived."""

    retry = True

    def __init__(self, message: str, *, sent: bool = True) -> None:
        super().__init__(message)
        self.used = None if sent else Usage()


class UnusableReplyError(ModelError):
    """The provider answered with something that is no reply. `used`: what it says that it charges for it."""

    retry = True

    def __init__(self, message: str, used: Usage | None = None) -> None:
        super().__init__(message)
        self.used = used
        self.of_request = used is not None


class RejectedRequestError(ModelError):
    """The provider will not take this request (4xx): the key, the model's name or the request itself is wrong."""

    def __init__(self, message: str, *, of_request: bool = False) -> None:
        super().__init__(message)
        self.of_request = of_request


class RequestTooLongError(RejectedRequestError):
    """The conversation does not fit into the model (413, or a 400 that says so)."""

    def __init__(self, message: str) -> None:
        super().__init__(message, of_request=True)


class BudgetExceededError(ModelError):
    """The run has spent what it may."""


class ScriptError(ModelError):
    """A scripted model was asked something that its script does not foresee."""
