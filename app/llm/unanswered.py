"""What it means that a provider was not reached, or broke off: wait and ask again, or mend a setting. Pure.

Errors of httpx and of httpx2 are told apart by their names, which are the same: which one an SDK asks by is its own
business (https://www.python-httpx.org/exceptions/).
"""

from app.llm.errors import ModelError, ModelTimeoutError, RejectedRequestError
from app.llm.refused import Place

_NOT_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"})
_CANNOT_BE = frozenset({"UnsupportedProtocol", "LocalProtocolError", "InvalidURL"})


def unanswered(model: str, place: Place, error: Exception) -> ModelError:
    """The error of ours for one of the SDK's, or for what that was raised from."""
    below = type(error.__cause__ or error).__name__
    if below in _CANNOT_BE:
        # What it says may hold the key, as it stood in a header.
        return RejectedRequestError(f"{model} cannot be asked ({below}). Check {place.key} and {place.address}.")
    return ModelTimeoutError(f"{model} did not answer: {error or below}", sent=below not in _NOT_SENT)
