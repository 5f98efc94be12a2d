"""The part of a chat completion that is read, parsed once and strictly.

https://platform.openai.com/docs/api-reference/chat/object, and what servers that speak the same leave out of it.
"""

from typing import Annotated

from pydantic import Field, Json, JsonValue

from app.llm.wire import Count, Name, Part, strictly


class AskedFunction(Part):
    """`arguments` is JSON as a text of its own; a call without any may have none."""

    name: Name
    arguments: Json[dict[str, JsonValue]] = Field(default_factory=dict)


class AskedCall(Part):
    id: Name
    function: AskedFunction


class Said(Part):
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[AskedCall] | None = None


class Choice(Part):
    message: Said
    finish_reason: str | None = None


class Cached(Part):
    cached_tokens: Count | None = None


class UsedTokens(Part):
    """`prompt_tokens` are all of the request's, those from the cache included."""

    prompt_tokens: Count
    completion_tokens: Count
    prompt_tokens_details: Cached | None = None


class Completion(Part):
    choices: Annotated[list[Choice], Field(min_length=1)]
    usage: UsedTokens


def parse_completion(body: bytes) -> Completion:
    """Raises `ValueError` with the first fault and its place, and never with what the model said."""
    return strictly(Completion, body)
