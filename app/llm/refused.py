"""What a provider's refusal means for who asked: ask again, ask for less, or mend a setting. Pure."""

from dataclasses import dataclass

from app.llm.errors import ModelError, OverloadedError, RejectedRequestError, RequestTooLongError
from app.telemetry import redact

_WORDS = 500
_MAY_PASS = frozenset({408, 409, 425, 429})
"""Time-outs, conflicts and limits: https://docs.anthropic.com/en/api/errors,
https://platform.openai.com/docs/guides/error-codes, https://ai.google.dev/gemini-api/docs/troubleshooting."""
_TOO_LARGE = 413
_OF_REQUEST = frozenset({400, 422})
_KEY, _RIGHTS, _SERVER = 401, 403, 500


@dataclass(frozen=True)
class Place:
    """Where a model is asked: the settings that say with which key and at which address, for errors to name them."""

    key: str
    address: str


@dataclass(frozen=True)
class Refusal:
    """A provider's answer that is none. `too_long`, `no_money`: it says that of itself. `after_s`: its advice."""

    status: int
    message: str
    after_s: float | None = None
    too_long: bool = False
    no_money: bool = False
    bad_key: bool = False


def said_in(body: object) -> str:
    """The message in an answer's JSON, without what is around it; empty where there is none."""
    error = body.get("error", body) if isinstance(body, dict) else None
    return str(error.get("message") or "") if isinstance(error, dict) else ""


def refused(model: str, place: Place, refusal: Refusal) -> ModelError:
    """The error of ours. What the provider said is in it, without anything that looks like a key."""
    status, told = (
        refusal.status,
        f"{model} answered {refusal.status}: {redact(refusal.message)[:_WORDS].removesuffix('.')}",
    )
    if refusal.no_money:
        return RejectedRequestError(f"{told}. Check the plan and the billing of {place.key}'s account.")
    if refusal.too_long or status == _TOO_LARGE:
        return RequestTooLongError(f"{told}. The conversation does not fit into the model; ask for less at once.")
    if status in _MAY_PASS or status >= _SERVER:
        return OverloadedError(told, refusal.after_s)
    if status == _KEY or refusal.bad_key:
        return RejectedRequestError(f"{told}. Check {place.key}.")
    if status == _RIGHTS:
        return RejectedRequestError(f"{told}. Check what {place.key} may use.")
    told = f"{told}. Check QUORUM_MODEL and {place.address}."
    return RejectedRequestError(told, of_request=status in _OF_REQUEST)
