"""Anthropic's Messages API, at Anthropic's own, on Bedrock and on Vertex. All formatting is on this side of the port.

Order is tools, system, shared, part, conversation, each stable part ended by a cache breakpoint, of which there may be
four (https://docs.claude.com/en/docs/build-with-claude/prompt-caching).
"""

import re
from http import HTTPStatus
from typing import Any

import anthropic
import httpx2

from app.llm.errors import RejectedRequestError, UnusableReplyError
from app.llm.messages import Block, Message, Reply, Request, Stop, Text, Thought, Tool, ToolResult, ToolUse, Usage
from app.llm.prices import cost_of
from app.llm.refused import Place, Refusal, refused, said_in
from app.llm.retry_after import advised_pause
from app.llm.strict import Strictness, strict_schema
from app.llm.unanswered import unanswered
from app.llm.wire import Answer, AskedTool, HiddenThinking, SaidText, Thinking, parse_answer

Client = anthropic.AsyncAnthropic | anthropic.AsyncAnthropicBedrock | anthropic.AsyncAnthropicVertex
_CACHE = {"cache_control": {"type": "ephemeral"}}
_BREAKPOINTS = 4
_STOPS: dict[str | None, Stop] = {
    "tool_use": "tool_use",
    "max_tokens": "max_tokens",
    "model_context_window_exceeded": "max_tokens",
    "refusal": "refusal",
}
"""Every other reason is an end; https://docs.anthropic.com/en/api/handling-stop-reasons."""
_NOT_IN_IDS = re.compile(r"[^a-zA-Z0-9_-]")
"""Other providers' ids of calls may hold what this one refuses."""
_PAY, _NO_MONEY = 402, "credit balance is too low"
"""https://docs.claude.com/en/api/errors; a key of an account without credit is answered 400 and these words."""
_IN_STREAM = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
}
"""An error in the middle of a stream has the status 200 and says by its type what it is; else it is the server's."""


class Anthropic:
    """A `Model`. Retries are the gateway's business, so the client does none. `billed_at`: whose prices hold."""

    def __init__(self, model: str, client: Client, place: Place, *, stream: bool = False, billed_at: str = "") -> None:
        self._model = model
        self._client = client
        self._place = place
        self._stream = stream
        self._billed_at = billed_at
        self._strict = Strictness()

    async def close(self) -> None:
        await self._client.close()

    async def reply(self, request: Request) -> Reply:
        """Ask once. Raises the errors of `app.llm.errors`."""
        try:
            answer = await self._ask_strictly(request)
        except (anthropic.APITimeoutError, anthropic.APIConnectionError, httpx2.TransportError) as error:
            raise unanswered(self._model, self._place, error) from error
        except anthropic.APIStatusError as error:
            raise refused(self._model, self._place, _refusal(error)) from error
        except (anthropic.APIError, ValueError, IndexError, AttributeError, TypeError, AssertionError) as error:
            raise UnusableReplyError(f"{self._model} gave no usable answer: {error}") from error
        except Exception as error:
            # AWS's and Google's own, of as many kinds as there are ways to say who one is, before anything is sent.
            told = f"{self._model} cannot be asked ({type(error).__name__}: {error})"
            raise RejectedRequestError(f"{told}. Check {self._place.key}.") from error
        return self._read(answer)

    async def _ask_strictly(self, request: Request) -> Answer:
        try:
            return await self._ask(self._render(request))
        except anthropic.APIStatusError as error:
            if not self._strict.was_refused(request.tools, error.status_code, error.message):
                raise
        return await self._ask(self._render(request))

    async def _ask(self, rendered: dict[str, Any]) -> Answer:
        if not self._stream:
            # The bytes themselves: the SDK's own objects are built without a look at what is in them.
            response = await self._client.messages.with_raw_response.create(**rendered)
            return parse_answer(response.http_response.content)
        async with self._client.messages.stream(**rendered) as stream:
            whole = await stream.get_final_message()
        if whole.stop_reason is None:
            raise ValueError("the stream ended before the answer did")
        return parse_answer(whole.model_dump_json(warnings=False).encode())

    def _render(self, request: Request) -> dict[str, Any]:
        strict = self._strict.holds(request.tools)
        tools = [_render_tool(tool, strict=strict) for tool in request.tools]
        rendered: dict[str, Any] = {
            "model": self._model,
            "max_tokens": request.max_tokens,
            "system": [{"type": "text", "text": request.system}],
            "messages": self._render_messages(request),
        }
        _mark(rendered["system"], rendered["messages"], stable=bool(request.shared) + bool(request.part))
        if tools:
            rendered["tools"] = tools
            rendered["tool_choice"] = {"type": "any" if request.must_use_tool else "auto"}
        return rendered

    def _render_messages(self, request: Request) -> list[dict[str, Any]]:
        rendered = [self._render_message(message) for message in request.messages]
        rendered[0]["content"][:0] = [{"type": "text", "text": text} for text in (request.shared, request.part) if text]
        return rendered

    def _render_message(self, message: Message) -> dict[str, Any]:
        mine = (block for block in message.content if not isinstance(block, Thought) or block.model == self._model)
        return {"role": message.role, "content": [_render_block(block) for block in mine]}

    def _read(self, answer: Answer) -> Reply:
        blocks: list[Block] = []
        for block in answer.content:
            if isinstance(block, SaidText) and block.text.strip():
                blocks.append(Text(block.text))
            elif isinstance(block, AskedTool):
                blocks.append(ToolUse(block.id, block.name, block.input))
            elif isinstance(block, Thinking | HiddenThinking):
                blocks.append(Thought(self._model, block.model_dump()))
        usage = Usage(
            input=answer.usage.input_tokens,
            cache_read=answer.usage.cache_read_input_tokens or 0,
            cache_write=answer.usage.cache_creation_input_tokens or 0,
            output=answer.usage.output_tokens,
        )
        stop = _STOPS.get(answer.stop_reason, "end")
        return Reply(tuple(blocks), stop, self._model, usage, cost_of(self._model, usage, self._billed_at))


def _mark(system: list[dict[str, Any]], messages: list[dict[str, Any]], *, stable: int) -> None:
    """Set the breakpoints: behind what is stable, at the end, and where the request of the turn before ended.

    The end is where the next turn reads up to. From there only twenty blocks are looked back over, and a turn with ten
    calls has more: so the end of the turn before is marked again. Where that would be a fifth breakpoint, the system
    prompt's goes: it is read along with what stands behind it.
    """
    ends = [system[-1], *messages[0]["content"][:stable], messages[-1]["content"][-1]]
    if len(messages) > 2:  # noqa: PLR2004 - the task, then pairs of an answer and what came of it
        ends.insert(-1, messages[-3]["content"][-1])
    for block in ends[-_BREAKPOINTS:]:
        block.update(_CACHE)


def _render_tool(tool: Tool, *, strict: bool) -> dict[str, Any]:
    told = {"name": tool.name, "description": tool.description}
    if not strict:
        return {**told, "input_schema": tool.schema}
    return {**told, "input_schema": strict_schema(tool.schema, all_required=False), "strict": True}


def _render_block(block: Block) -> dict[str, Any]:
    match block:
        case Text(text):
            return {"type": "text", "text": text}
        case ToolUse(id, name, input):
            return {"type": "tool_use", "id": _id(id), "name": name, "input": input}
        case ToolResult(tool_use_id, content, is_error):
            # The API takes no error without words.
            told = content or "(no output)"
            return {"type": "tool_result", "tool_use_id": _id(tool_use_id), "content": told, "is_error": is_error}
        case Thought(_, raw):
            return dict(raw)


def _id(of_call: str) -> str:
    return _NOT_IN_IDS.sub("_", of_call)


def _refusal(error: anthropic.APIStatusError) -> Refusal:
    status, headers = error.status_code, error.response.headers
    if status == HTTPStatus.OK:
        status = _IN_STREAM.get(str(error.type), 500)
    told, pause = said_in(error.body) or error.message, advised_pause(headers)
    return Refusal(status, told, pause, too_long="too long" in told, no_money=status == _PAY or _NO_MONEY in told)
