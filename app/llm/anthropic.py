"""Anthropic's Messages API. All formatting is on this side of the port.

Order is tools, system, shared, conversation, each stable part ended by a cache breakpoint (at most four:
https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching).
"""

from typing import Any, cast

import anthropic
from anthropic.types import Message as VendorMessage

from app.llm.errors import ModelTimeoutError, OverloadedError, RejectedRequestError, UnusableReplyError
from app.llm.messages import Block, Message, Reply, Request, Text, ToolResult, ToolUse, Usage
from app.llm.prices import price_of

_CACHE = {"cache_control": {"type": "ephemeral"}}
_STOPS = {
    "tool_use": "tool_use",
    "max_tokens": "max_tokens",
    "model_context_window_exceeded": "max_tokens",
    "refusal": "refusal",
}
"""Every other reason is an end; https://docs.anthropic.com/en/api/handling-stop-reasons."""


class Anthropic:
    """A `Model`. Retries are the gateway's business, so the SDK does none."""

    def __init__(self, model: str, *, api_key: str, base_url: str = "", timeout_s: float = 600.0) -> None:
        self._model = model
        self._client = anthropic.AsyncAnthropic(
            api_key=api_key or "missing", base_url=base_url or None, timeout=timeout_s, max_retries=0
        )

    async def close(self) -> None:
        await self._client.close()

    async def reply(self, request: Request) -> Reply:
        """Ask once. Raises the errors of `app.llm.errors`."""
        try:
            message = await self._client.messages.create(**self._render(request))
        except (anthropic.APITimeoutError, anthropic.APIConnectionError) as error:
            raise ModelTimeoutError(f"{self._model} did not answer: {error}") from error
        except anthropic.APIStatusError as error:
            raise _status_error(self._model, error) from error
        except (anthropic.APIError, ValueError) as error:
            raise UnusableReplyError(f"{self._model} gave no usable answer: {error}") from error
        return self._read(message)

    def _render(self, request: Request) -> dict[str, Any]:
        tools: list[dict[str, Any]] = [
            {"name": tool.name, "description": tool.description, "input_schema": tool.schema} for tool in request.tools
        ]
        rendered: dict[str, Any] = {
            "model": self._model,
            "max_tokens": request.max_tokens,
            "system": [{"type": "text", "text": request.system, **_CACHE}],
            "messages": _render_messages(request),
        }
        if tools:
            rendered["tools"] = tools
            rendered["tool_choice"] = {"type": "any" if request.must_use_tool else "auto"}
        return rendered

    def _read(self, message: VendorMessage) -> Reply:
        if not isinstance(message, VendorMessage) or not isinstance(message.content, list):
            raise UnusableReplyError(f"{self._model} answered with {type(message).__name__}, not a message")
        blocks: list[Block] = []
        for block in message.content:
            if block.type == "text" and block.text.strip():
                blocks.append(Text(block.text))
            elif block.type == "tool_use":
                if not isinstance(block.input, dict):
                    raise UnusableReplyError(f"{self._model} called {block.name!r} with an input that is no object")
                blocks.append(ToolUse(block.id, block.name, cast("Any", block.input)))
        used = message.usage
        usage = Usage(
            input=used.input_tokens,
            cache_read=used.cache_read_input_tokens or 0,
            cache_write=used.cache_creation_input_tokens or 0,
            output=used.output_tokens,
        )
        stop = _STOPS.get(message.stop_reason or "", "end")
        return Reply(tuple(blocks), cast("Any", stop), self._model, usage, price_of(self._model).cost(usage))


def _render_messages(request: Request) -> list[dict[str, Any]]:
    """The last block of the conversation is a moving breakpoint: the next turn reads up to here from the cache."""
    rendered = [_render_message(message) for message in request.messages]
    if request.shared:
        rendered[0]["content"].insert(0, {"type": "text", "text": request.shared, **_CACHE})
    rendered[-1]["content"][-1].update(_CACHE)
    return rendered


def _render_message(message: Message) -> dict[str, Any]:
    return {"role": message.role, "content": [_render_block(block) for block in message.content]}


def _render_block(block: Block) -> dict[str, Any]:
    match block:
        case Text(text):
            return {"type": "text", "text": text}
        case ToolUse(id, name, input):
            return {"type": "tool_use", "id": id, "name": name, "input": input}
        case ToolResult(tool_use_id, content, is_error):
            return {"type": "tool_result", "tool_use_id": tool_use_id, "content": content, "is_error": is_error}


def _status_error(model: str, error: anthropic.APIStatusError) -> OverloadedError | RejectedRequestError:
    told = f"{model} answered {error.status_code}: {error.message[:500]}"
    if error.status_code in {408, 409, 429} or error.status_code >= 500:  # noqa: PLR2004 - HTTP's own classes
        after = error.response.headers.get("retry-after", "")
        return OverloadedError(told, float(after) if after.replace(".", "", 1).isdigit() else None)
    return RejectedRequestError(f"{told}. Check ANTHROPIC_API_KEY and QUORUM_MODEL.")
