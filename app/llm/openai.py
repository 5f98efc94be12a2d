"""Chat completions: of OpenAI, on Azure, and of every server that speaks them (vLLM, Ollama, llama.cpp, OpenRouter).

What is stable stands first, since their caches go by the beginning of a prompt and have no breakpoints:
https://platform.openai.com/docs/guides/prompt-caching.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx
import openai

from app.llm.errors import UnusableReplyError
from app.llm.messages import Block, Message, Reply, Request, Stop, Text, Tool, ToolResult, ToolUse, Usage
from app.llm.openai_stream import Gathered
from app.llm.openai_wire import Completion, Said, parse_completion
from app.llm.prices import cost_of
from app.llm.refused import Place, Refusal, refused, said_in
from app.llm.retry_after import advised_pause
from app.llm.strict import Strictness, strict_schema, without_nulls
from app.llm.unanswered import unanswered

_STOPS: dict[str | None, Stop] = {"tool_calls": "tool_use", "length": "max_tokens", "content_filter": "refusal"}
"""Every other reason is an end; https://platform.openai.com/docs/api-reference/chat/object."""
_TOO_LONG = ("context_length_exceeded", "string_above_max_length")
_NO_MONEY = ("insufficient_quota", "billing_hard_limit_reached")
"""They come as 429, and asking again helps only who has paid: https://platform.openai.com/docs/guides/error-codes."""
_ID_CHARS = 40
_FILTERED = "content_filter"
"""Azure refuses a prompt by a 400 with this code: https://learn.microsoft.com/azure/ai-services/openai/concepts/content-filter."""


class OpenAI:
    """A `Model`. Retries are the gateway's business, so the client does none. `base_url`: where it asks."""

    def __init__(
        self, model: str, client: openai.AsyncOpenAI, place: Place, *, base_url: str = "", stream: bool = False
    ) -> None:
        self._model = model
        self._client = client
        self._place = place
        self._base_url = base_url
        self._stream = stream
        host = urlsplit(base_url).hostname or ""
        self._is_openai = not base_url or host.endswith((".openai.com", ".azure.com"))
        self._strict = Strictness(wanted=self._is_openai)

    async def close(self) -> None:
        await self._client.close()

    async def reply(self, request: Request) -> Reply:
        """Ask once. Raises the errors of `app.llm.errors`."""
        try:
            completion = await self._ask_strictly(request)
        except (openai.APITimeoutError, openai.APIConnectionError, httpx.TransportError) as error:
            raise unanswered(self._model, self._place, error) from error
        except openai.APIStatusError as error:
            if error.code == _FILTERED:
                return Reply((), "refusal", self._model)
            raise refused(self._model, self._place, _refusal(error)) from error
        except openai.APIError as error:
            raise self._in_stream(error) from error
        except (openai.OpenAIError, ValueError, IndexError, AttributeError, TypeError, AssertionError) as error:
            raise UnusableReplyError(f"{self._model} gave no usable answer: {error}") from error
        return self._read(completion, request.tools)

    async def _ask_strictly(self, request: Request) -> Completion:
        try:
            return await self._ask(self._render(request))
        except openai.APIStatusError as error:
            if not self._strict.was_refused(request.tools, error.status_code, f"{error.code} {error.message}"):
                raise
        return await self._ask(self._render(request))

    async def _ask(self, rendered: dict[str, Any]) -> Completion:
        if not self._stream:
            # The bytes themselves: the SDK's own objects are built without a look at what is in them.
            response = await self._client.chat.completions.with_raw_response.create(**rendered)
            return parse_completion(response.http_response.content)
        gathered = Gathered()
        async with await self._client.chat.completions.create(
            **rendered, stream=True, stream_options={"include_usage": True}
        ) as chunks:
            async for chunk in chunks:
                gathered.add(chunk.model_dump())
        return parse_completion(gathered.whole())

    def _in_stream(self, error: openai.APIError) -> Exception:
        """An error that was told in the middle of a stream has no status, and its code says what it is."""
        if error.body is None or self._stream is False:
            return UnusableReplyError(f"{self._model} gave no usable answer: {error}")
        too_long, no_money = error.code in _TOO_LONG, error.code in _NO_MONEY
        return refused(self._model, self._place, Refusal(500, error.message, None, too_long, no_money=no_money))

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
            strict = self._strict.holds(request.tools)
            rendered["tools"] = [
                {"type": "function", "function": _render_tool(tool, strict=strict)} for tool in request.tools
            ]
            rendered["tool_choice"] = "required" if request.must_use_tool else "auto"
        return rendered

    def _read(self, completion: Completion, tools: Sequence[Tool]) -> Reply:
        choice, used = completion.choices[0], completion.usage
        cached = (used.prompt_tokens_details.cached_tokens or 0) if used.prompt_tokens_details else 0
        cached = min(cached, used.prompt_tokens)
        usage = Usage(input=used.prompt_tokens - cached, cache_read=cached, output=used.completion_tokens)
        stop = "refusal" if choice.message.refusal else _STOPS.get(choice.finish_reason, "end")
        if choice.message.tool_calls and stop == "end":
            stop = "tool_use"  # some servers call tools and say `stop`
        cost = cost_of(self._model, usage, self._base_url)
        return Reply(tuple(_blocks(choice.message, tools)), stop, self._model, usage, cost)


def _blocks(said: Said, tools: Sequence[Tool]) -> Iterator[Block]:
    told = said.content or said.refusal
    if told and told.strip():
        yield Text(told)
    schemas = {tool.name: tool.schema for tool in tools}
    for asked in said.tool_calls or ():
        given = without_nulls(asked.function.arguments, schemas.get(asked.function.name, {}))
        # An id of ours where there is none: others refuse a conversation in which one comes twice.
        yield ToolUse(asked.id or f"call_{uuid.uuid4().hex[:24]}", asked.function.name, given)


def _render_tool(tool: Tool, *, strict: bool) -> dict[str, Any]:
    told = {"name": tool.name, "description": tool.description}
    if not strict:
        return {**told, "parameters": tool.schema}
    return {**told, "parameters": strict_schema(tool.schema, all_required=True), "strict": True}


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
            yield {"role": "tool", "tool_call_id": _id(block.tool_use_id), "content": told or "(no output)"}
    said = "\n\n".join([*([before] if before else []), *(b.text for b in message.content if isinstance(b, Text))])
    calls = [_render_call(block) for block in message.content if isinstance(block, ToolUse)]
    if said or calls:
        yield {"role": message.role, "content": said or None, **({"tool_calls": calls} if calls else {})}


def _render_call(call: ToolUse) -> dict[str, Any]:
    function = {"name": call.name, "arguments": json.dumps(call.input, ensure_ascii=False)}
    return {"id": _id(call.id), "type": "function", "function": function}


def _id(of_call: str) -> str:
    """Other providers' ids of calls may be longer than OpenAI takes."""
    return of_call if len(of_call) <= _ID_CHARS else hashlib.sha256(of_call.encode()).hexdigest()[:_ID_CHARS]


def _refusal(error: openai.APIStatusError) -> Refusal:
    too_long = error.code in _TOO_LONG or "context length" in error.message
    after_s = advised_pause(error.response.headers)
    told = said_in(error.body) or error.message
    return Refusal(error.status_code, told, after_s, too_long, no_money=error.code in _NO_MONEY)
