"""The part of a Messages API answer that is read, parsed once and strictly. https://docs.anthropic.com/en/api/messages

What is odd is refused here, in the provider's own bytes: an answer that got further could be neither journalled nor
sent back, and one that does not say what it used would keep no budget.
"""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError

from app.policy.values import Json

_MOST_TOKENS = 1_000_000_000
_Kind = TypeVar("_Kind", bound=BaseModel)
Count = Annotated[int, Field(ge=0, le=_MOST_TOKENS)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Signature = Annotated[str, Field(min_length=1, max_length=1_000_000)]


class Part(BaseModel):
    """A part of an answer, taken as it is or not at all; what it holds besides is left out."""

    model_config = ConfigDict(frozen=True, strict=True, allow_inf_nan=False)


class SaidText(Part):
    text: str


class AskedTool(Part):
    id: Name
    name: Name
    input: Json


class Thinking(Part):
    """Sent back as it came: https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking."""

    type: Literal["thinking"]
    thinking: str
    signature: Signature


class HiddenThinking(Part):
    type: Literal["redacted_thinking"]
    data: Signature


class Other(Part):
    """A kind of block that we did not ask for; it is left out."""


_KINDS = {"text": "text", "tool_use": "tool_use", "thinking": "thinking", "redacted_thinking": "hidden"}


def _kind_of(block: Any) -> str:
    kind = _KINDS.get(str(block.get("type")), "other") if isinstance(block, dict) else "other"
    # Some servers sign no thoughts, and then nobody asks for them back.
    return "other" if kind == "thinking" and not block.get("signature") else kind


class UsedTokens(Part):
    input_tokens: Count
    output_tokens: Count
    cache_read_input_tokens: Count | None = None
    cache_creation_input_tokens: Count | None = None


class Answer(Part):
    type: Literal["message"]
    content: list[
        Annotated[
            Annotated[SaidText, Tag("text")]
            | Annotated[AskedTool, Tag("tool_use")]
            | Annotated[Thinking, Tag("thinking")]
            | Annotated[HiddenThinking, Tag("hidden")]
            | Annotated[Other, Tag("other")],
            Discriminator(_kind_of),
        ]
    ]
    stop_reason: str | None = None
    usage: UsedTokens


def parse_answer(body: bytes) -> Answer:
    """Raises `ValueError` with the first fault and its place, and never with what the model said."""
    return strictly(Answer, body)


def strictly(kind: type[_Kind], body: bytes) -> _Kind:
    """As `parse_answer`, for the answers of any provider."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, fault["loc"][:3])) or "the whole"
        raise ValueError(f"{place}: {fault['msg']}") from None
