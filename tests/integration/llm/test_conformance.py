"""Every provider by its real SDK against a server of its protocol: one set of promises for all of them."""

import asyncio
import json
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from pydantic import TypeAdapter
from starlette.responses import JSONResponse, Response

from app.llm.errors import (
    ModelError,
    ModelTimeoutError,
    OverloadedError,
    RejectedRequestError,
    RequestTooLongError,
    UnusableReplyError,
)
from app.llm.messages import Message, Reply, Request, Text, Thought, Tool, ToolResult, ToolUse, Usage
from app.llm.providers import Closable, open_model
from app.settings import Settings
from tests.support.dialects import DIALECTS, KEY, Claude, Dialect, Generate, Told
from tests.support.models import MessagesServer

TOOL = Tool(
    "bash",
    "Run a command.",
    {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]},
)
FIRST = Message("user", (Text("Mend it."),))
ASKED = Request("writer", "You mend.", (FIRST,), shared="The change.", part="Its part.", tools=(TOOL,))
CALLED = Told("I look.", (("bash", {"command": "ls é"}), ("bash", {"command": "pwd"})), stop="tool_use", sent=1000)
HANGS = Response()
T = TypeVar("T")


class Wires:
    """Adapters, each opened once: making one costs more than everything that is asked of it here."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._opened: dict[tuple[str, str, float, bool], Closable] = {}

    def ask(self, dialect: Dialect, url: str, request: Request, *, stream: bool, timeout_s: float = 20.0) -> Reply:
        return self.run(self.model(dialect, url, stream=stream, timeout_s=timeout_s).reply(request))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    def model(self, dialect: Dialect, url: str, *, stream: bool, timeout_s: float = 20.0) -> Closable:
        key = (dialect.name, url, timeout_s, stream)
        if key not in self._opened:
            settings = Settings(model_timeout_s=timeout_s, model_stream=stream, **dialect.configured(url))
            wire = self._opened[key] = open_model(dialect.wanted, "QUORUM_MODEL", settings).wire
            if dialect.name == "vertex":
                wire._client.access_token = "ya29.test"  # Google's own search for one asks the network
        return self._opened[key]

    def close(self) -> None:
        for each in self._opened.values():
            self.run(each.close())
        self._runner.close()


class Provider:
    """A server whose next answer is set, and the adapter that asks it."""

    def __init__(self, dialect: Dialect, server: MessagesServer, wires: Wires, *, stream: bool) -> None:
        self.dialect, self.server, self.wires, self.stream = dialect, server, wires, stream
        self.answer: Response = Response()
        self.says(Told("Done."))

    def says(self, told: Told) -> None:
        self.answer = self.dialect.answer(told, stream=self.stream)

    def ask(self, request: Request = ASKED, *, timeout_s: float = 20.0) -> Reply:
        return self.wires.ask(self.dialect, self.server.url, request, stream=self.stream, timeout_s=timeout_s)

    @property
    def sent(self) -> dict[str, Any]:
        return self.server.requests[-1]


@pytest.fixture(scope="module")
def wires() -> Iterator[Wires]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIATEST")
        patch.setenv("AWS_SECRET_ACCESS_KEY", KEY)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        made = Wires()
        yield made
        made.close()


@pytest.fixture(scope="module")
def server() -> Iterator[MessagesServer]:
    async def behave(_body: dict) -> Response:
        answer = made.next_answer()
        if answer is HANGS:
            await asyncio.sleep(60)
        return answer

    with MessagesServer(behave, "/{path:path}") as made:
        yield made


@pytest.fixture(params=DIALECTS, ids=lambda each: each.name)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    return request.param


@pytest.fixture(params=[False, True], ids=["whole", "streamed"])
def provider(dialect: Dialect, request: pytest.FixtureRequest, server: MessagesServer, wires: Wires) -> Provider:
    made = Provider(dialect, server, wires, stream=request.param)
    server.next_answer = lambda: made.answer
    return made


def test_text_and_calls_come_back_in_their_order_with_what_they_used(provider: Provider):
    provider.says(Told(CALLED.text, CALLED.calls, stop="tool_use", sent=1000, cached=900, said=70))
    reply = provider.ask()
    assert [type(block) for block in reply.content] == [Text, ToolUse, ToolUse]
    assert reply.text == "I look."
    assert [(each.name, each.input) for each in reply.tool_uses] == list(CALLED.calls)
    assert len({each.id for each in reply.tool_uses}) == 2
    assert (reply.usage.input, reply.usage.cache_read, reply.usage.output) == (100, 900, 70)
    assert reply.stop == "tool_use"
    assert reply.model == provider.dialect.wanted.partition(":")[2]


def test_each_reason_to_stop_is_ours(provider: Provider):
    for stop in ("end", "max_tokens", "refusal"):
        provider.says(Told("Well.", stop=stop))
        assert provider.ask().stop == stop


def test_what_is_sent_is_what_the_sdk_itself_describes(provider: Provider):
    """A whole conversation: words, two calls side by side, their results, one of them an error without words."""
    answer = Message(
        "assistant", (Text("I look."), ToolUse("t.1", "bash", {"command": "ls"}), ToolUse("t2", "bash", {}))
    )
    results = Message("user", (ToolResult("t.1", "tally"), ToolResult("t2", "", is_error=True), Text("Go on.")))
    provider.ask(Request("writer", "You mend.", (FIRST, answer, results), tools=(TOOL,), must_use_tool=True))
    described(provider.dialect, provider.sent)
    for word in ("You mend.", "Mend it.", "I look.", "tally", "Go on."):
        assert word in str(provider.sent)


def described(dialect: Dialect, body: dict[str, Any]) -> None:
    """Raises if a request is not as the SDK's own types say."""
    if isinstance(dialect, Claude):
        from anthropic.types import MessageParam, TextBlockParam, ToolChoiceParam, ToolParam

        parts: list[tuple[Any, Any]] = [
            (list[MessageParam], body["messages"]),
            (list[TextBlockParam], body["system"]),
            (list[ToolParam], body["tools"]),
            (ToolChoiceParam, body["tool_choice"]),
        ]
    elif isinstance(dialect, Generate):
        from google.genai import types

        parts = [
            (list[types.Content], body["contents"]),
            (types.Content, body["systemInstruction"]),
            (list[types.Tool], body["tools"]),
            (types.ToolConfig, body["toolConfig"]),
            (types.GenerationConfig, body["generationConfig"]),
        ]
    else:
        from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolUnionParam

        parts = [
            (list[ChatCompletionMessageParam], body["messages"]),
            (list[ChatCompletionToolUnionParam], body["tools"]),
        ]
    for kind, value in parts:
        TypeAdapter(kind).validate_python(value)


TROUBLES = [
    ("limit", OverloadedError, ""),
    ("overloaded", OverloadedError, ""),
    ("broken", OverloadedError, ""),
    ("key", RejectedRequestError, "Check {key}."),
    ("rights", RejectedRequestError, "Check what {key} may use"),
    ("model", RejectedRequestError, "Check QUORUM_MODEL"),
    ("too long", RequestTooLongError, "ask for less at once"),
    ("odd", RejectedRequestError, "Check QUORUM_MODEL"),
]


def test_each_refusal_says_what_helps(provider: Provider):
    for trouble, kind, remedy in TROUBLES:
        provider.answer = provider.dialect.refusal(trouble)
        asked = len(provider.server.requests)
        with pytest.raises(kind) as caught:
            provider.ask()
        assert type(caught.value) is kind, trouble
        assert remedy.format(key=provider.dialect.key_variable) in str(caught.value)
        assert caught.value.retry is (kind is OverloadedError)
        assert KEY not in str(caught.value)
        assert caught.value.of_request is (trouble in {"too long", "odd"})
        assert len(provider.server.requests) == asked + 1, "whether it is tried again is the gateway's to say"
        if trouble == "limit":
            assert caught.value.after_s == 7.0


def test_a_stream_that_tells_of_a_trouble_in_its_middle_may_be_asked_again(
    dialect: Dialect, server: MessagesServer, wires: Wires
):
    server.next_answer = lambda: dialect.broken_stream("overloaded")
    with pytest.raises(ModelError) as caught:
        wires.ask(dialect, server.url, ASKED, stream=True)
    assert caught.value.retry


def test_a_stream_that_ends_before_its_answer_does_is_no_answer(dialect: Dialect, server: MessagesServer, wires: Wires):
    whole = dialect.answer(Told("Done."), stream=True)
    frames = whole.body.split(b"\n\n")
    cut = whole.body[:300] if dialect.name == "bedrock" else b"\n\n".join(frames[:2]) + b"\n\n"
    if isinstance(dialect, Generate):
        cut = frames[0] + b"\n\n"
    server.next_answer = lambda: Response(cut, media_type=whole.media_type)
    with pytest.raises((UnusableReplyError, ModelTimeoutError)):
        wires.ask(dialect, server.url, ASKED, stream=True)


def test_an_answer_that_is_none_may_be_asked_for_again(dialect: Dialect, server: MessagesServer, wires: Wires):
    for body in (b"", b'{"type": "mess', b"<html>", b"[]", b"{}", b'{"content": null}'):
        server.next_answer = lambda body=body: Response(body, media_type="application/json")
        with pytest.raises(UnusableReplyError) as caught:
            wires.ask(dialect, server.url, ASKED, stream=False)
        assert caught.value.retry is True


def test_silence_is_a_timeout(dialect: Dialect, server: MessagesServer, wires: Wires):
    server.next_answer = lambda: HANGS
    with pytest.raises(ModelTimeoutError):
        wires.ask(dialect, server.url, ASKED, stream=False, timeout_s=0.2)


BREAKS: Sequence[bytes] = (
    b"",
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{",
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n4\r\ndata",
)


def test_a_connection_that_breaks_off_is_a_timeout(dialect: Dialect, wires: Wires):
    async def play() -> None:
        said = iter(BREAKS)

        async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(next(said))
            writer.close()

        async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
            host, port = server.sockets[0].getsockname()[:2]
            for each in BREAKS:
                wire = wires.model(dialect, f"http://{host}:{port}", stream=b"chunked" in each)
                with pytest.raises(ModelTimeoutError) as caught:
                    await wire.reply(ASKED)
                assert caught.value.retry is True

    wires.run(play())


def test_what_was_thought_goes_back_to_the_same_model_and_to_no_other(provider: Provider):
    provider.says(Told("", CALLED.calls, thought="Hm.", stop="tool_use"))
    reply = provider.ask()
    thinks = isinstance(provider.dialect, Claude | Generate)
    assert any(isinstance(block, Thought) for block in reply.content) is thinks
    results = tuple(ToolResult(use.id, "tally") for use in reply.tool_uses)
    provider.ask(Request("writer", "s", (FIRST, Message("assistant", reply.content), Message("user", results))))
    assert ("c2lnbmVk" in str(provider.sent)) is thinks

    foreign = tuple(
        Thought("another", {"signature": "b3RoZXI="}) if isinstance(b, Thought) else b for b in reply.content
    )
    provider.ask(Request("writer", "s", (FIRST, Message("assistant", foreign), Message("user", results))))
    assert "b3RoZXI=" not in str(provider.sent)
    assert "tally" in str(provider.sent)


def test_a_redirect_is_not_followed_as_it_would_take_the_key_along(
    dialect: Dialect, server: MessagesServer, wires: Wires
):
    with MessagesServer(fail, "/{path:path}") as elsewhere:
        server.next_answer = lambda: Response(status_code=307, headers={"location": f"{elsewhere.url}/v1"})
        with pytest.raises(ModelError):
            wires.ask(dialect, server.url, ASKED, stream=False)
        assert elsewhere.requests == []


async def fail(_body: dict) -> Response:
    return Response(status_code=500)


WITH_KEYS = [each for each in DIALECTS if any(name.endswith("_key") for name in each.settings)]


@pytest.mark.parametrize("dialect", WITH_KEYS, ids=lambda each: each.name)
def test_a_key_with_the_end_of_its_line_is_the_key(dialect: Dialect, server: MessagesServer):
    """Environment variables are often filled from files."""
    keys = {name: f"{value}\n" for name, value in dialect.settings.items() if name.endswith("_key")}
    server.next_answer = lambda: dialect.answer(Told("Done."), stream=False)

    async def ask() -> str:
        settings = Settings(model_timeout_s=20.0, **{**dialect.configured(server.url), **keys})
        wire = open_model(dialect.wanted, "QUORUM_MODEL", settings).wire
        assert wire is not None
        try:
            return (await wire.reply(ASKED)).text
        finally:
            await wire.close()

    assert asyncio.run(ask()) == "Done."


def test_nobody_is_charged_for_what_nobody_received(dialect: Dialect, wires: Wires):
    with pytest.raises(ModelTimeoutError) as caught:
        wires.ask(dialect, "http://127.0.0.1:1", ASKED, stream=False)
    assert caught.value.used == Usage()


def test_an_address_that_is_none_is_told_with_its_setting_and_not_tried_again(wires: Wires):
    for dialect in DIALECTS:
        if dialect.key_variable.isupper():
            with pytest.raises(RejectedRequestError, match=f"cannot be asked.*Check {dialect.key_variable}") as caught:
                wires.ask(dialect, "nonsense", ASKED, stream=False)
            assert caught.value.retry is False


OTHER = replace(TOOL, name="other")
STRICT = [each for each in DIALECTS if not isinstance(each, Generate) and each.name != "openai"]


@pytest.mark.parametrize("dialect", STRICT, ids=lambda each: each.name)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.usefixtures("wires")  # they say who one is at AWS
def test_tools_are_strict_until_that_is_refused(dialect: Dialect, server: MessagesServer, stream: bool):
    """A server at another address than OpenAI's is never asked for it; see the wire's own tests."""
    refusal = dialect.refusal("odd")
    refused = JSONResponse(json.loads(bytes(refusal.body).replace(b"odd", b"the schema's grammar is too large")), 400)
    answers = [refused, *(dialect.answer(Told("Done."), stream=stream) for _ in range(3))]
    server.next_answer = lambda: answers.pop(0)
    asked = len(server.requests)

    async def ask() -> list[str]:
        wire = open_model(dialect.wanted, "QUORUM_MODEL", settings).wire
        assert wire is not None
        wire._strict.wanted = True  # this server is not at Azure's address
        if dialect.name == "vertex":
            wire._client.access_token = "ya29.test"
        try:
            return [(await wire.reply(each)).text for each in (ASKED, ASKED, replace(ASKED, tools=(OTHER,)))]
        finally:
            await wire.close()

    settings = Settings(model_timeout_s=20.0, model_stream=stream, **dialect.configured(server.url))
    assert asyncio.run(ask()) == ["Done."] * 3
    tools = [body["tools"][0].get("function", body["tools"][0]) for body in server.requests[asked:]]
    assert [tool.get("strict", False) for tool in tools] == [True, False, False, True], "other tools may be less"


def test_whom_aws_does_not_know_is_told_so_and_another_model_can_be_asked(
    server: MessagesServer, monkeypatch: pytest.MonkeyPatch
):
    """The SDK raises whatever AWS's own library does."""
    from anthropic.lib.aws import _auth  # takes seconds, which every process that collects tests would spend

    monkeypatch.setenv("AWS_PROFILE", "nobody")
    _auth._get_session.cache_clear()

    async def ask() -> None:
        settings = Settings(bedrock_base_url=server.url, aws_region="eu-west-1")
        wire = open_model("bedrock:anthropic.claude-sonnet-5-v1:0", "QUORUM_MODEL", settings).wire
        assert wire is not None
        try:
            await wire.reply(ASKED)
        finally:
            await wire.close()

    with pytest.raises(RejectedRequestError, match="Check the AWS credentials"):
        asyncio.run(ask())
