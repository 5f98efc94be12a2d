"""Chat completions: of OpenAI, and of every server that speaks them (vLLM, Ollama, llama.cpp, OpenRouter, Azure).

What is stable stands first, since their caches go by the beginning of a prompt and have no breakpoints:
https://platform.openai.com/docs/guides/prompt-caching.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import openai

from app.llm.errors import (
    ModelTimeoutError,
    OverloadedError,
    RejectedRequestError,
    RequestTooLongError,
    UnusableReplyError,
)
from app.llm.messages import Block, Message, Reply, Request, Stop, Text, ToolResult, ToolUse, Usage
from app.llm.openai_wire import Completion, Said, parse_completion
from app.llm.prices import cost_of
from app.llm.retry_after import advised_pause
from app.telemetry import redact

_STOPS: dict[str | None, Stop] = {"tool_calls": "tool_use", "length": "max_tokens", "content_filter": "refusal"}
"""Every other reason is an end; https://platform.openai.com/docs/api-reference/chat/object."""
_REMEDIES = {401: "Check OPENAI_API_KEY.", 403: "Check what OPENAI_API_KEY may use."}
_TOO_LONG = ("context_length_exceeded", "string_above_max_length")
_NO_MONEY = ("insufficient_quota", "billing_hard_limit_reached")
"""They come as 429, and asking again helps only who has paid: https://platform.openai.com/docs/guides/error-codes."""


class OpenAI:
    """A `Model`. Retries are the gateway's business, so the SDK does none."""

    def __init__(self, model: str, *, api_key: str, base_url: str = "", timeout_s: float = 600.0) -> None:
        self._model = model
        self._base_url = base_url
        host = urlsplit(base_url).hostname or ""
        self._is_openai = not base_url or host.endswith((".openai.com", ".azure.com"))
        self._client = openai.AsyncOpenAI(
            api_key=api_key or "missing", base_url=base_url or None, timeout=timeout_s, max_retries=0
        )

    async def close(self) -> None:
        await self._client.close()

    async def reply(self, request: Request) -> Reply:
        """Ask once. Raises the errors of `app.llm.errors`."""
        try:
            # The bytes themselves: the SDK's own objects are built without a look at what is in them.
            response = await self._client.chat.completions.with_raw_response.create(**self._render(request))
            completion = parse_completion(response.http_response.content)
        except (openai.APITimeoutError, openai.APIConnectionError) as error:
            raise ModelTimeoutError(f"{self._model} did not answer: {error}") from error
        except openai.APIStatusError as error:
            raise _status_error(self._model, error) from error
        except (openai.APIError, ValueError) as error:
            raise UnusableReplyError(f"{self._model} gave no usable answer: {error}") from error
        return self._read(completion)

    def _render(self, request: Request) -> dict[str, Any]:
        limit = "max_completion_tokens" if self._is_openai else "max_tokens"
        rendered: dict[str, Any] = {
            "model": self._model,
            limit: request.max_tokens,
            "messages": [{"role": "system", "content": request.system}, *_render_messages(request)],
        }
        if self._is_openai:
            stable = f"{request.system}\0{request.shared}".encode()
            rendered["prompt_cache_key"] = hashlib.sha256(stable).hexdigest()[:32]
        if request.tools:
            rendered["tools"] = [
                {
                    "type": "function",
                    "function": {"name": tool.name, "description": tool.description, "parameters": tool.schema},
                }
                for tool in request.tools
            ]
            rendered["tool_choice"] = "required" if request.must_use_tool else "auto"
        return rendered

    def _read(self, completion: Completion) -> Reply:
        choice, used = completion.choices[0], completion.usage
        cached = (used.prompt_tokens_details.cached_tokens or 0) if used.prompt_tokens_details else 0
        cached = min(cached, used.prompt_tokens)
        usage = Usage(input=used.prompt_tokens - cached, cache_read=cached, output=used.completion_tokens)
        stop = "refusal" if choice.message.refusal else _STOPS.get(choice.finish_reason, "end")
        if choice.message.tool_calls and stop == "end":
            stop = "tool_use"  # some servers call tools and say `stop`
        cost = cost_of(self._model, usage, self._base_url)
        return Reply(tuple(_blocks(choice.message)), stop, self._model, usage, cost)


def _blocks(said: Said) -> Iterator[Block]:
    if said.content and said.content.strip():
        yield Text(said.content)
    for asked in said.tool_calls or ():
        yield ToolUse(asked.id, asked.function.name, asked.function.arguments)


def _render_messages(request: Request) -> Iterator[dict[str, Any]]:
    """What all reviewers of a change share goes before the first user's text, in one message with it."""
    stable = "\n\n".join(text for text in (request.shared, request.part) if text)
    for number, message in enumerate(request.messages):
        yield from _render_message(message, stable if number == 0 else "")


def _render_message(message: Message, before: str) -> Iterator[dict[str, Any]]:
    """Results of tools are messages of their own, and come before whatever else the user says."""
    for block in message.content:
        if isinstance(block, ToolResult):
            told = f"Error: {block.content}" if block.is_error else block.content
            yield {"role": "tool", "tool_call_id": block.tool_use_id, "content": told or "(no output)"}
    said = "\n\n".join([*([before] if before else []), *(b.text for b in message.content if isinstance(b, Text))])
    calls = [_render_call(block) for block in message.content if isinstance(block, ToolUse)]
    if said or calls:
        yield {"role": message.role, "content": said or None, **({"tool_calls": calls} if calls else {})}


def _render_call(call: ToolUse) -> dict[str, Any]:
    function = {"name": call.name, "arguments": json.dumps(call.input, ensure_ascii=False)}
    return {"id": call.id, "type": "function", "function": function}


def _status_error(model: str, error: openai.APIStatusError) -> OverloadedError | RejectedRequestError:
    status, told = error.status_code, f"{model} answered {error.status_code}: {redact(error.message)[:500]}"
    if error.code in _NO_MONEY:
        return RejectedRequestError(f"{told}. Check the plan and the billing of OPENAI_API_KEY's account.")
    if status in {408, 409, 429} or status >= 500:  # noqa: PLR2004 - HTTP's own classes
        return OverloadedError(told, advised_pause(error.response.headers))
    if status == 413 or error.code in _TOO_LONG or "context length" in error.message:  # noqa: PLR2004 - HTTP's own
        return RequestTooLongError(f"{told}. The conversation does not fit into the model; ask for less at once.")
    return RejectedRequestError(f"{told}. {_REMEDIES.get(status, 'Check QUORUM_MODEL and OPENAI_BASE_URL.')}")
