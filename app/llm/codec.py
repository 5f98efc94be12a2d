"""Replies as JSON and back, exactly, for the journal."""

from pydantic import TypeAdapter

from app.llm.messages import Reply
from app.policy.values import JsonValue

_REPLY = TypeAdapter(Reply)


def dump_reply(reply: Reply) -> JsonValue:
    value: JsonValue = _REPLY.dump_python(reply, mode="json")
    return value


def load_reply(value: JsonValue) -> Reply:
    """Raises pydantic's `ValidationError` for anything that `dump_reply` did not make."""
    return _REPLY.validate_python(value)
