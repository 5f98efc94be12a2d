"""The part of a chat completion that is read, parsed once and strictly.

https://platform.openai.com/docs/api-reference/chat/object, and what servers that speak the same leave out of it.
"""

from typing import Annotated, Any

from pydantic import Field, Json, JsonValue, model_validator

from app.llm.wire import Count, Name, Part, strictly


class AskedFunction(Part):
    """`arguments` is JSON as a text of its own; a call without any may have none."""

    name: Name
    arguments: Json[dict[str, JsonValue]] = Field(default_factory=dict)


class AskedCall(Part):
    """`id` is empty or missing where a server has none."""

    id: Annotated[str, Field(max_length=200)] | None = None
    function: AskedFunction


class Said(Part):
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[AskedCall] | None = None


class Choice(Part):
    message: Said
    finish_reason: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _without_what_was_cut_off(cls, choice: Any) -> Any:
        """An answer that became too long may end within a call's arguments, and what was cut off is not acted on."""
        message = choice.get("message") if isinstance(choice, dict) else None
        if not isinstance(message, dict) or choice.get("finish_reason") != "length":
            return choice
        return {**choice, "message": {**message, "tool_calls": None}}


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
