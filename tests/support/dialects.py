"""The protocols of providers, each as its published reference tells it: answers, streamed or whole, and refusals.

https://docs.anthropic.com/en/api/messages and /messages-streaming, /errors;
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html;
https://platform.openai.com/docs/api-reference/chat; https://ai.google.dev/api/generate-content.
"""

import base64
import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from starlette.responses import JSONResponse, Response

Json = dict[str, Any]
KEY = "sk-test-0123456789abcdef0123"


@dataclass(frozen=True)
class Told:
    """What a model answers, in no provider's words. `calls` are names and inputs; `cached` is a part of `sent`."""

    text: str = ""
    calls: Sequence[tuple[str, Json]] = ()
    thought: str = ""
    stop: str = "end"
    sent: int = 9
    cached: int = 0
    said: int = 9


@dataclass(frozen=True)
class Dialect:
    """`wanted`: the model as the settings name it; `settings`: beside its address, which `address` names."""

    name: str
    wanted: str
    address: str
    key_variable: str
    settings: Json = field(default_factory=dict)
    path: str = ""

    def configured(self, url: str) -> Json:
        return {self.address: f"{url}{self.path}", **self.settings}

    def answer(self, told: Told, *, stream: bool) -> Response:
        raise NotImplementedError

    def refusal(self, trouble: str) -> Response:
        raise NotImplementedError

    def broken_stream(self, trouble: str) -> Response:
        """A stream that begins well, and tells of a trouble in its middle."""
        raise NotImplementedError


def sse(events: Sequence[tuple[str, Any]]) -> Response:
    """Server-sent events; an event without a name has none on the wire."""
    lines = "".join(
        (f"event: {name}\n" if name else "") + f"data: {each if isinstance(each, str) else json.dumps(each)}\n\n"
        for name, each in events
    )
    return Response(lines, media_type="text/event-stream")


class Claude(Dialect):
    """At Anthropic's own, and on Vertex."""

    _STOPS: ClassVar = {"end": "end_turn", "tool_use": "tool_use", "max_tokens": "max_tokens", "refusal": "refusal"}
    _TROUBLES: ClassVar = {
        "limit": (429, "rate_limit_error", "Slow down"),
        "overloaded": (529, "overloaded_error", "Overloaded"),
        "broken": (500, "api_error", "Internal server error"),
        "key": (401, "authentication_error", f"invalid x-api-key {KEY}"),
        "rights": (403, "permission_error", "not allowed"),
        "model": (404, "not_found_error", "model: nobody"),
        "too long": (400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
        "odd": (400, "invalid_request_error", "tools.0: odd"),
    }

    def answer(self, told: Told, *, stream: bool) -> Response:
        whole = self._whole(told)
        return sse([(each["type"], each) for each in self._events(whole)]) if stream else JSONResponse(whole)

    def refusal(self, trouble: str) -> Response:
        status, kind, message = self._TROUBLES[trouble]
        headers = {"retry-after": "7"} if trouble == "limit" else {}
        return JSONResponse({"type": "error", "error": {"type": kind, "message": message}}, status, headers)

    def broken_stream(self, trouble: str) -> Response:
        _, kind, message = self._TROUBLES[trouble]
        begun = list(self._events(self._whole(Told("Done."))))[:3]
        error = {"type": "error", "error": {"type": kind, "message": message}}
        return sse([*((each["type"], each) for each in begun), ("error", error)])

    def _whole(self, told: Told) -> Json:
        thoughts = [{"type": "thinking", "thinking": told.thought, "signature": "c2lnbmVk"}] if told.thought else []
        texts = [{"type": "text", "text": told.text}] if told.text else []
        calls = [
            {"type": "tool_use", "id": f"toolu_{number}", "name": name, "input": given}
            for number, (name, given) in enumerate(told.calls)
        ]
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "claude-test",
            "content": [*thoughts, *texts, *calls],
            "stop_reason": self._STOPS[told.stop],
            "stop_sequence": None,
            "usage": {
                "input_tokens": told.sent - told.cached,
                "cache_read_input_tokens": told.cached,
                "cache_creation_input_tokens": 0,
                "output_tokens": told.said,
            },
        }

    def _events(self, whole: Json) -> Iterator[Json]:
        begun = {**whole, "content": [], "stop_reason": None, "usage": {**whole["usage"], "output_tokens": 1}}
        yield {"type": "message_start", "message": begun}
        for index, block in enumerate(whole["content"]):
            empty = {"text": {"text": ""}, "tool_use": {"input": {}}, "thinking": {"thinking": "", "signature": ""}}
            yield {"type": "content_block_start", "index": index, "content_block": {**block, **empty[block["type"]]}}
            for delta in self._deltas(block):
                yield {"type": "content_block_delta", "index": index, "delta": delta}
            yield {"type": "content_block_stop", "index": index}
        stop = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
        yield {"type": "message_delta", "delta": stop, "usage": {"output_tokens": whole["usage"]["output_tokens"]}}
        yield {"type": "message_stop"}

    def _deltas(self, block: Json) -> Iterator[Json]:
        match block["type"]:
            case "text":
                for half in (block["text"][:3], block["text"][3:]):
                    yield {"type": "text_delta", "text": half}
            case "tool_use":
                said = json.dumps(block["input"])
                for half in (said[:5], said[5:]):
                    yield {"type": "input_json_delta", "partial_json": half}
            case "thinking":
                yield {"type": "thinking_delta", "thinking": block["thinking"]}
                yield {"type": "signature_delta", "signature": block["signature"]}


class Bedrock(Claude):
    """The same events, each in a frame of AWS's event stream."""

    def answer(self, told: Told, *, stream: bool) -> Response:
        if not stream:
            return super().answer(told, stream=False)
        frames = b"".join(_frame(each) for each in self._events(self._whole(told)))
        return Response(frames, media_type="application/vnd.amazon.eventstream")

    def refusal(self, trouble: str) -> Response:
        status, kind, message = self._TROUBLES[trouble]
        status = {529: 503}.get(status, status)
        headers = {"retry-after": "7"} if trouble == "limit" else {}
        return JSONResponse({"message": message}, status, {"x-amzn-errortype": kind, **headers})

    def broken_stream(self, trouble: str) -> Response:
        begun = b"".join(_frame(each) for each in list(self._events(self._whole(Told("Done."))))[:3])
        frame = _frame({"message": "Slow down"}, exception={"overloaded": "throttlingException"}[trouble])
        return Response(begun + frame, media_type="application/vnd.amazon.eventstream")


def _frame(event: Json, *, exception: str = "") -> bytes:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html tells the frame."""
    payload = json.dumps(event if exception else {"bytes": base64.b64encode(json.dumps(event).encode()).decode()})
    kind = {":message-type": "exception", ":exception-type": exception} if exception else {
        ":message-type": "event", ":event-type": "chunk"
    }  # fmt: skip
    headers = b"".join(
        struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", 7, len(value)) + value.encode()
        for name, value in {**kind, ":content-type": "application/json"}.items()
    )
    prelude = struct.pack("!II", 16 + len(headers) + len(payload), len(headers))
    framed = prelude + struct.pack("!I", zlib.crc32(prelude)) + headers + payload.encode()
    return framed + struct.pack("!I", zlib.crc32(framed))


class Chat(Dialect):
    """Chat completions, of OpenAI and on Azure."""

    _STOPS: ClassVar = {"end": "stop", "tool_use": "tool_calls", "max_tokens": "length", "refusal": "content_filter"}
    _TROUBLES: ClassVar = {
        "limit": (429, "rate_limit_exceeded", "Slow down"),
        "overloaded": (503, None, "Overloaded"),
        "broken": (500, "server_error", "Oops"),
        "key": (401, "invalid_api_key", f"Incorrect API key provided: {KEY}."),
        "rights": (403, None, "not allowed"),
        "model": (404, "model_not_found", "The model does not exist"),
        "too long": (400, "context_length_exceeded", "This model's maximum context length is 8192 tokens."),
        "odd": (400, "unsupported_parameter", "odd"),
    }

    def answer(self, told: Told, *, stream: bool) -> Response:
        calls = [
            {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": json.dumps(given)}}
            for number, (name, given) in enumerate(told.calls)
        ]
        usage = {
            "prompt_tokens": told.sent,
            "completion_tokens": told.said,
            "total_tokens": told.sent + told.said,
            "prompt_tokens_details": {"cached_tokens": told.cached},
        }
        finish = self._STOPS[told.stop]
        if stream:
            return sse([("", each) for each in self._chunks(told, calls, finish, usage)] + [("", "[DONE]")])
        message = {"role": "assistant", "content": told.text or None, **({"tool_calls": calls} if calls else {})}
        choice = {"index": 0, "message": message, "finish_reason": finish}
        whole = {"id": "c-1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
        return JSONResponse({**whole, "usage": usage})

    def refusal(self, trouble: str) -> Response:
        status, code, message = self._TROUBLES[trouble]
        headers = {"retry-after": "7"} if trouble == "limit" else {}
        return JSONResponse(_chat_error(code, message), status, headers)

    def broken_stream(self, trouble: str) -> Response:
        _, code, message = self._TROUBLES[trouble]
        begun = list(self._chunks(Told("Done."), [], "stop", {}))[:1]
        return sse([*(("", each) for each in begun), ("", _chat_error(code, message))])

    def _chunks(self, told: Told, calls: Sequence[Json], finish: str, usage: Json) -> Iterator[Json]:
        for half in (told.text[:3], told.text[3:]):
            yield _chunk({"role": "assistant", "content": half})
        for index, call in enumerate(calls):
            said = call["function"]["arguments"]
            first = {**call, "index": index, "function": {**call["function"], "arguments": said[:5]}}
            yield _chunk({"tool_calls": [first]})
            yield _chunk({"tool_calls": [{"index": index, "function": {"arguments": said[5:]}}]})
        yield _chunk({}, finish)
        yield {**_chunk({}), "choices": [], "usage": usage}


def _chunk(delta: Json, finish: str | None = None) -> Json:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


def _chat_error(code: str | None, message: str) -> Json:
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}


class Generate(Dialect):
    """Gemini's `generateContent`."""

    _STOPS: ClassVar = {"end": "STOP", "tool_use": "STOP", "max_tokens": "MAX_TOKENS", "refusal": "SAFETY"}
    _TROUBLES: ClassVar = {
        "limit": (429, "RESOURCE_EXHAUSTED", "You exceeded your current quota"),
        "overloaded": (503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
        "broken": (500, "INTERNAL", "An internal error has occurred."),
        "key": (400, "INVALID_ARGUMENT", f"API key not valid: {KEY}. Please pass a valid API key."),
        "rights": (403, "PERMISSION_DENIED", "not allowed"),
        "model": (404, "NOT_FOUND", "models/nobody is not found for API version v1beta"),
        "too long": (400, "INVALID_ARGUMENT", "The input token count (2000000) exceeds the maximum number (1048576)."),
        "odd": (400, "INVALID_ARGUMENT", "odd"),
    }

    def answer(self, told: Told, *, stream: bool) -> Response:
        signed = {"thoughtSignature": "c2lnbmVk"} if told.thought else {}
        calls = [
            {"functionCall": {"name": name, "args": given}, **(signed if number == 0 else {})}
            for number, (name, given) in enumerate(told.calls)
        ]
        usage = {
            "promptTokenCount": told.sent,
            "cachedContentTokenCount": told.cached,
            "candidatesTokenCount": told.said,
            "totalTokenCount": told.sent + told.said,
        }
        finish = self._STOPS[told.stop]
        texts = [{"text": told.text}] if told.text else []
        if not stream:
            return JSONResponse(_generated([*texts, *calls], finish, usage))
        halves = [[{"text": half}] for half in (told.text[:3], told.text[3:]) if half]
        partly = {"promptTokenCount": told.sent, "totalTokenCount": told.sent}
        chunks = [_generated(parts, None, partly) for parts in halves]
        return sse([("", each) for each in [*chunks, _generated(calls or [{"text": ""}], finish, usage)]])

    def refusal(self, trouble: str) -> Response:
        return JSONResponse(self._error(trouble), self._TROUBLES[trouble][0])

    def broken_stream(self, trouble: str) -> Response:
        return sse([("", _generated([{"text": "Do"}], None, {"promptTokenCount": 9})), ("", self._error(trouble))])

    def _error(self, trouble: str) -> Json:
        status, name, message = self._TROUBLES[trouble]
        retry = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7s"}
        details = {"details": [retry]} if trouble == "limit" else {}
        return {"error": {"code": status, "message": message, "status": name, **details}}


def _generated(parts: Sequence[Json], finish: str | None, usage: Json) -> Json:
    candidate = {"index": 0, "content": {"role": "model", "parts": list(parts)}}
    candidate |= {"finishReason": finish} if finish else {}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "gemini-test", "responseId": "r"}


DIALECTS: list[Dialect] = [
    Claude(
        "anthropic", "anthropic:claude-sonnet-5", "anthropic_base_url", "ANTHROPIC_API_KEY", {"anthropic_api_key": KEY}
    ),
    Bedrock(
        "bedrock",
        "bedrock:anthropic.claude-sonnet-5-v1:0",
        "bedrock_base_url",
        "the AWS credentials",
        {"aws_region": "eu-west-1"},
    ),
    Claude(
        "vertex",
        "vertex:claude-sonnet-5@20260101",
        "vertex_base_url",
        "the Google credentials",
        {"vertex_project": "mine", "vertex_region": "europe-west1"},
        path="/v1",
    ),
    Chat("openai", "openai:gpt-5.1", "openai_base_url", "OPENAI_API_KEY", {"openai_api_key": KEY}, path="/v1"),
    Chat("azure", "azure:ours", "azure_openai_endpoint", "AZURE_OPENAI_API_KEY", {"azure_openai_api_key": KEY}),
    Generate("gemini", "gemini:gemini-3-pro", "gemini_base_url", "GEMINI_API_KEY", {"gemini_api_key": KEY}),
]
