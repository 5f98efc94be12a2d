"""The part of a Gemini answer that is read, parsed once and strictly.

https://ai.google.dev/api/generate-content#generatecontentresponse
"""

from typing import Annotated

from pydantic import Field

from app.llm.wire import Count, Name, Part, Signature, strictly
from app.policy.values import Json


class AskedFunction(Part):
    """`args` are left out of a call without any, and `id` by older models."""

    id: Name | None = None
    name: Name
    args: Json | None = None


class SaidPart(Part):
    """`thought`: the text is a summary of what was thought, which is not asked for."""

    text: str | None = None
    thought: bool | None = None
    thoughtSignature: Signature | None = None  # noqa: N815 - as it stands in the answer
    functionCall: AskedFunction | None = None  # noqa: N815


class Content(Part):
    parts: list[SaidPart] | None = None


class Candidate(Part):
    content: Content | None = None
    finishReason: str | None = None  # noqa: N815


class Feedback(Part):
    blockReason: str | None = None  # noqa: N815


class UsedTokens(Part):
    """`promptTokenCount` holds what came from the cache; thoughts are charged as output and counted apart."""

    promptTokenCount: Count  # noqa: N815
    candidatesTokenCount: Count | None = None  # noqa: N815
    cachedContentTokenCount: Count | None = None  # noqa: N815
    thoughtsTokenCount: Count | None = None  # noqa: N815


class Generated(Part):
    """Without a candidate the prompt was blocked, and `promptFeedback` says why."""

    candidates: Annotated[list[Candidate], Field(max_length=1)] | None = None
    promptFeedback: Feedback | None = None  # noqa: N815
    usageMetadata: UsedTokens  # noqa: N815


def parse_generated(body: bytes) -> Generated:
    """Raises `ValueError` with the first fault and its place, and never with what the model said."""
    return strictly(Generated, body)
