"""Anthropic's Messages API. All formatting is on this side of the port.

Order is tools, system, shared, part, conversation, each stable part ended by a cache breakpoint (at most four:
https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching).
"""

from typing import Any

import anthropic

from app.llm.errors import (
    ModelTimeoutError,
    OverloadedError,
    RejectedRequestError,
    RequestTooLongError,
    UnusableReplyError,
)
from app.llm.messages import Block, Message, Reply, Request, Stop, Text, ToolResult, ToolUse, Usage
from app.llm.prices import cost_of
from app.llm.retry_after import advised_pause
from app.llm.wire import Answer, AskedTool, SaidText, parse_answer
from app.telemetry import redact

_CACHE = {"cache_control": {"type": "ephemeral"}}
_STOPS: dict[str | None, Stop] = {
    "tool_use": "tool_use",
    "max_tokens": "max_tokens",
    "model_context_window_exceeded": "max_tokens",
    "refusal": "refusal",
}
"""Every other reason is an end; https://docs.anthropic.com/en/api/handling-stop-reasons."""

_REMEDIES = {401: "Check ANTHROPIC_API_KEY.", 403: "Check what ANTHROPIC_API_KEY may use."}


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
            # The bytes themselves: the SDK's own objects are built without a look at what is in them.
            response = await self._client.messages.with_raw_response.create(**self._render(request))
            answer = parse_answer(response.http_response.content)
        except (anthropic.APITimeoutError, anthropic.APIConnectionError) as error:
            raise ModelTimeoutError(f"{self._model} did not answer: {error}") from error
        except anthropic.APIStatusError as error:
            raise _status_error(self._model, error) from error
        except (anthropic.APIError, ValueError) as error:
            raise UnusableReplyError(f"{self._model} gave no usable answer: {error}") from error
        return self._read(answer)

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

    def _read(self, answer: Answer) -> Reply:
        blocks: list[Block] = []
        for block in answer.content:
            if isinstance(block, SaidText) and block.text.strip():
                blocks.append(Text(block.text))
            elif isinstance(block, AskedTool):
                blocks.append(ToolUse(block.id, block.name, block.input))
        usage = Usage(
            input=answer.usage.input_tokens,
            cache_read=answer.usage.cache_read_input_tokens or 0,
            cache_write=answer.usage.cache_creation_input_tokens or 0,
            output=answer.usage.output_tokens,
        )
        stop = _STOPS.get(answer.stop_reason, "end")
        return Reply(tuple(blocks), stop, self._model, usage, cost_of(self._model, usage))


def _render_messages(request: Request) -> list[dict[str, Any]]:
    """The last block of the conversation is a moving breakpoint: the next turn reads up to here from the cache."""
    rendered = [_render_message(message) for message in request.messages]
    stable = [{"type": "text", "text": text, **_CACHE} for text in (request.shared, request.part) if text]
    rendered[0]["content"][:0] = stable
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
            # The API takes no error without words.
            told = content or "(no output)"
            return {"type": "tool_result", "tool_use_id": tool_use_id, "content": told, "is_error": is_error}


def _status_error(model: str, error: anthropic.APIStatusError) -> OverloadedError | RejectedRequestError:
    status, told = error.status_code, f"{model} answered {error.status_code}: {redact(error.message)[:500]}"
    if status in {408, 409, 429} or status >= 500:  # noqa: PLR2004 - HTTP's own classes
        return OverloadedError(told, advised_pause(error.response.headers))
    if status == 413 or "too long" in error.message:  # noqa: PLR2004 - HTTP's own
        return RequestTooLongError(f"{told}. The conversation does not fit into the model; ask for less at once.")
    return RejectedRequestError(f"{told}. {_REMEDIES.get(status, 'Check QUORUM_MODEL and ANTHROPIC_BASE_URL.')}")
