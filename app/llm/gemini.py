"""Gemini's `generateContent`, by Google's own SDK.

It has no breakpoints: what is stable stands first, and its caches go by how prompts begin
(https://ai.google.dev/gemini-api/docs/caching).
"""

import base64
import uuid
from collections.abc import Iterator

import httpx
from google import genai
from google.genai import errors, types

from app.llm.errors import UnusableReplyError
from app.llm.gemini_wire import Candidate, Generated, parse_generated
from app.llm.messages import Block, Message, Reply, Request, Stop, Text, Thought, ToolResult, ToolUse, Usage
from app.llm.prices import cost_of
from app.llm.refused import Place, Refusal, refused
from app.llm.retry_after import advised_pause
from app.llm.unanswered import unanswered

_SIGNATURE = "signature"
_UNSIGNED = b"skip_thought_signature_validator"
"""For calls that another model made: https://ai.google.dev/gemini-api/docs/thought-signatures."""
_WITHOUT_SIGNATURES = ("gemini-1", "gemini-2")
_STOPS: dict[str, Stop] = {
    "MAX_TOKENS": "max_tokens",
    **dict.fromkeys(
        ("SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR", "ESCALATION"),
        "refusal",
    ),
}
"""https://ai.google.dev/api/generate-content#FinishReason; what is not here is an end."""
_BROKEN = ("MALFORMED_FUNCTION_CALL", "MALFORMED_RESPONSE", "UNEXPECTED_TOOL_CALL", "MISSING_THOUGHT_SIGNATURE")
"""The model came to no answer that can be used; the next try may."""
_NO_KEY = ("API key not valid", "API_KEY_INVALID")
_TOO_LONG = "input token count"


class Gemini:
    """A `Model`. Retries are the gateway's business, so the client does none. `http` is what the client asks by."""

    def __init__(
        self,
        model: str,
        client: genai.Client,
        http: httpx.AsyncClient,
        place: Place,
        *,
        base_url: str = "",
        stream: bool = False,
    ) -> None:
        self._http = http
        self._model = model
        self._client = client
        self._place = place
        self._base_url = base_url
        self._stream = stream

    async def close(self) -> None:
        await self._http.aclose()
        self._client.close()

    async def reply(self, request: Request) -> Reply:
        """Ask once. Raises the errors of `app.llm.errors`."""
        try:
            answer = await self._ask(request)
        except httpx.TransportError as error:
            raise unanswered(self._model, self._place, error) from error
        except errors.APIError as error:
            raise refused(self._model, self._place, _refusal(error)) from error
        except (errors.UnknownApiResponseError, ValueError, AttributeError, TypeError, KeyError) as error:
            raise UnusableReplyError(f"{self._model} gave no usable answer: {error}") from error
        return self._read(answer)

    async def _ask(self, request: Request) -> Generated:
        models, config = self._client.aio.models, _config(request)
        contents: list[types.ContentUnion] = [*self._render_messages(request)]
        if not self._stream:
            return _parse(await models.generate_content(model=self._model, contents=contents, config=config))
        whole = None
        chunks = await models.generate_content_stream(model=self._model, contents=contents, config=config)
        async for chunk in chunks:
            whole = chunk if whole is None else _joined(whole, chunk)
        if whole is None or not (_is_whole(whole) or whole.prompt_feedback):
            raise ValueError("the stream ended before the answer did")
        return _parse(whole)

    def _render_messages(self, request: Request) -> Iterator[types.Content]:
        stable = [types.Part(text=text) for text in (request.shared, request.part) if text]
        names: dict[str, str] = {}
        for number, message in enumerate(request.messages):
            names |= {block.id: block.name for block in message.content if isinstance(block, ToolUse)}
            role = "model" if message.role == "assistant" else "user"
            parts = [*(stable if number == 0 else []), *self._render_parts(message, names)]
            yield types.Content(role=role, parts=parts)

    def _render_parts(self, message: Message, names: dict[str, str]) -> Iterator[types.Part]:
        """A signature belongs to the part behind it; the first call of a turn has to have one, whoever made it."""
        signature: bytes | None = None
        unsigned = not self._model.startswith(_WITHOUT_SIGNATURES)
        for block in message.content:
            match block:
                case Thought(model, raw):
                    signature = base64.b64decode(str(raw[_SIGNATURE])) if model == self._model else None
                case Text(text):
                    yield types.Part(text=text, thought_signature=signature)
                    signature = None
                case ToolUse(id, name, input):
                    call = types.FunctionCall(id=id, name=name, args=dict(input))
                    signed = signature or (_UNSIGNED if unsigned else None)
                    yield types.Part(function_call=call, thought_signature=signed)
                    signature, unsigned = None, False
                case ToolResult(id, content, is_error):
                    told = {"error" if is_error else "output": content or "(no output)"}
                    answer = types.FunctionResponse(id=id, name=names.get(id, "unknown"), response=told)
                    yield types.Part(function_response=answer)

    def _read(self, answer: Generated) -> Reply:
        used = answer.usageMetadata
        cached = min(used.cachedContentTokenCount or 0, used.promptTokenCount)
        output = (used.candidatesTokenCount or 0) + (used.thoughtsTokenCount or 0)
        usage = Usage(input=used.promptTokenCount - cached, cache_read=cached, output=output)
        cost = cost_of(self._model, usage, self._base_url)
        candidate = answer.candidates[0] if answer.candidates else Candidate(finishReason="SAFETY")
        if candidate.finishReason in _BROKEN:
            raise UnusableReplyError(f"{self._model} gave no usable answer: {candidate.finishReason}", usage)
        blocks = tuple(self._blocks(candidate))
        stop = _STOPS.get(candidate.finishReason or "", "end")
        if stop == "end" and any(isinstance(block, ToolUse) for block in blocks):
            stop = "tool_use"  # there is no reason of its own for it
        return Reply(blocks, stop, self._model, usage, cost)

    def _blocks(self, candidate: Candidate) -> Iterator[Block]:
        for part in (candidate.content.parts if candidate.content else None) or ():
            kept = part.functionCall is not None or (not part.thought and (part.text or "").strip())
            if kept and part.thoughtSignature:
                yield Thought(self._model, {_SIGNATURE: part.thoughtSignature})
            if part.functionCall is not None:
                asked = part.functionCall
                # An id of ours where there is none: others refuse a conversation in which one comes twice.
                yield ToolUse(asked.id or f"call_{uuid.uuid4().hex[:24]}", asked.name, asked.args or {})
            elif kept:
                yield Text(part.text or "")


def _config(request: Request) -> types.GenerateContentConfig:
    config = types.GenerateContentConfig(
        system_instruction=request.system,
        max_output_tokens=request.max_tokens,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )
    if not request.tools:
        return config
    functions = [
        types.FunctionDeclaration(name=each.name, description=each.description, parameters_json_schema=each.schema)
        for each in request.tools
    ]
    # VALIDATED: words or calls, and the arguments of calls are held to their schema while they are written.
    mode = types.FunctionCallingConfigMode.ANY if request.must_use_tool else types.FunctionCallingConfigMode.VALIDATED
    calling = types.FunctionCallingConfig(mode=mode)
    tools: types.ToolListUnion = [types.Tool(function_declarations=functions)]
    return config.model_copy(update={"tools": tools, "tool_config": types.ToolConfig(function_calling_config=calling)})


def _parse(response: types.GenerateContentResponse) -> Generated:
    # Base64 as it came: signatures are bytes in the SDK's own object.
    return parse_generated(response.model_dump_json(by_alias=True, exclude_none=True).encode())


def _joined(
    whole: types.GenerateContentResponse, chunk: types.GenerateContentResponse
) -> types.GenerateContentResponse:
    """Chunks hold what is new of the parts, and each the usage so far."""
    if not chunk.candidates:
        return whole.model_copy(update={"usage_metadata": chunk.usage_metadata or whole.usage_metadata})
    new, old = chunk.candidates[0], (whole.candidates or [types.Candidate()])[0]
    parts = list((old.content.parts if old.content else None) or [])
    for part in (new.content.parts if new.content else None) or []:
        if parts and _is_plain(parts[-1]) and _is_plain(part):
            parts[-1] = types.Part(text=(parts[-1].text or "") + (part.text or ""))
        else:
            parts.append(part)
    joined = types.Candidate(
        content=types.Content(role="model", parts=parts), finish_reason=new.finish_reason or old.finish_reason
    )
    return whole.model_copy(
        update={"candidates": [joined], "usage_metadata": chunk.usage_metadata or whole.usage_metadata}
    )


def _is_whole(response: types.GenerateContentResponse) -> bool:
    return any(each.finish_reason is not None for each in response.candidates or [])


def _is_plain(part: types.Part) -> bool:
    return part.text is not None and not part.thought and part.thought_signature is None and part.function_call is None


def _refusal(error: errors.APIError) -> Refusal:
    message = str(error.message or error.status or "")
    return Refusal(
        error.code or 500,
        message,
        _advice(error.details),
        too_long=_TOO_LONG in message,
        bad_key=any(word in f"{message} {error.details}" for word in _NO_KEY),
    )


def _advice(details: object) -> float | None:
    """Seconds of the `RetryInfo` in an error: https://cloud.google.com/apis/design/errors#error_details."""
    error = details.get("error", details) if isinstance(details, dict) else {}
    listed = error.get("details") if isinstance(error, dict) else None
    for each in listed if isinstance(listed, list) else []:
        told = str(each.get("retryDelay", "")) if isinstance(each, dict) else ""
        seconds = advised_pause({"retry-after": told.removesuffix("s")})
        if seconds is not None:
            return seconds
    return None
