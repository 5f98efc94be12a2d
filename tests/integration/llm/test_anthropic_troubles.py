"""The real SDK against servers that misbehave: each trouble is an error of ours, with what a person can do."""

import asyncio
from collections.abc import Iterator

import pytest
from starlette.responses import JSONResponse, Response

from app.llm.errors import (
    OverloadedError,
    RejectedRequestError,
    UnusableReplyError,
)
from app.llm.messages import Message, Reply, Request, Text, Tool, ToolResult, ToolUse
from app.llm.providers import open_model
from app.settings import Settings
from tests.support.models import MessagesServer, call, message, say

TOOL = Tool("bash", "Run a command.", {"type": "object"})
FIRST = Message("user", (Text("Mend it."),))
ASKED = Request("writer", "You mend.", (FIRST,), shared="The change.", tools=(TOOL,))


class Provider:
    def __init__(self, server: MessagesServer) -> None:
        self.server = server
        self.answer: Response = message(say("Done."))

    def ask(self, *requests: Request) -> list[Reply]:
        return asyncio.run(ask_all(self.server.url, *(requests or (ASKED,))))


async def ask_all(url: str, *requests: Request) -> list[Reply]:
    settings = Settings(anthropic_api_key="sk-ant-test", anthropic_base_url=url, model_timeout_s=20.0)
    adapter = open_model("anthropic:claude-sonnet-5", "QUORUM_MODEL", settings).wire
    try:
        return [await adapter.reply(request) for request in requests]
    finally:
        await adapter.close()


@pytest.fixture(scope="module")
def shared_provider() -> Iterator[Provider]:
    async def behave(_body: dict) -> Response:
        return made.answer

    with MessagesServer(behave) as server:
        made = Provider(server)
        yield made


@pytest.fixture
def provider(shared_provider: Provider) -> Provider:
    shared_provider.answer = message(say("Done."))
    shared_provider.server.requests.clear()
    return shared_provider


def refusal(status: int, told: str, **headers: str) -> JSONResponse:
    error = {"type": "error", "error": {"type": "invalid_request_error", "message": told}}
    return JSONResponse(error, status, {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("status", "said", "advice"),
    [
        (401, "invalid x-api-key", "Check ANTHROPIC_API_KEY."),
        (400, "Your credit balance is too low to access the Anthropic API.", "the billing of ANTHROPIC_API_KEY"),
        (402, "There is an issue with your billing", "the billing of ANTHROPIC_API_KEY"),
        (404, "model: claude-sonnet-55", "Check QUORUM_MODEL and ANTHROPIC_BASE_URL."),
    ],
)
def test_a_refusal_is_told_in_the_providers_words_and_with_what_to_check(provider, status, said, advice):
    provider.answer = refusal(status, said)
    with pytest.raises(RejectedRequestError) as caught:
        provider.ask()
    assert str(caught.value).startswith(f"claude-sonnet-5 answered {status}: {said.removesuffix('.')}. ")
    assert advice in str(caught.value)


def test_a_key_that_a_proxy_tells_back_is_told_to_nobody(provider):
    provider.answer = refusal(401, "unknown key sk-ant-api03-0123456789abcdef")
    with pytest.raises(RejectedRequestError) as caught:
        provider.ask()
    assert "0123456789" not in str(caught.value)


@pytest.mark.parametrize("header", ["\u00b2", "9" * 400, "1.2.3", ".", "1e5", "-1", "inf"])
def test_advice_that_is_no_number_of_seconds_is_none(provider, header: str):
    provider.answer = refusal(429, "Slow down", retry_after=header)
    with pytest.raises(OverloadedError) as caught:
        provider.ask()
    assert caught.value.after_s is None


@pytest.mark.parametrize(
    "answer",
    [
        Response(b"", media_type="application/json"),
        Response(b'{"type": "mess', media_type="application/json"),
        JSONResponse({"type": "message", "content": [say("Done.")], "stop_reason": "end_turn"}),
        message(*["Done."]),  # type: ignore[arg-type]
        message({"type": "text", "text": None}),
        message({"type": "tool_use", "name": "bash", "input": {}}, stop="tool_use"),
        message(say("Done."), usage={"input_tokens": -1}),
        Response(b'{"type": "message", "content": ' + b"[" * 9000, media_type="application/json"),
    ],
    ids=["nothing", "cut", "no usage", "no block", "no text", "no id", "less than nothing", "deep"],
)
def test_an_answer_that_makes_no_sense_may_be_asked_for_again(provider, answer: Response):
    provider.answer = answer
    with pytest.raises(UnusableReplyError) as caught:
        provider.ask()
    assert caught.value.retry is True


def test_an_error_without_words_is_given_some():
    """The API answers 400 to a result that is an error and empty."""
    rendered = open_model("anthropic:claude-sonnet-5", "QUORUM_MODEL", Settings()).wire._render(
        Request("writer", "You mend.", (FIRST, Message("user", (ToolResult("t1", "", is_error=True),))))
    )
    assert rendered["messages"][1]["content"][0]["content"] == "(no output)"


def test_each_request_of_a_conversation_begins_with_all_of_the_one_before(provider):
    """Only then does the provider read it from its cache. Nothing but the moving breakpoint differs."""
    said: list[Message] = [FIRST]
    requests = []
    for turn in range(6):
        requests.append(Request("writer", "You mend.", tuple(said), shared="The change.", tools=(TOOL,)))
        uses = [ToolUse(f"t{turn}-{number}", "bash", {"command": "ls"}) for number in range(1 + turn % 3)]
        said += [Message("assistant", (Text("I look."), *uses))]
        said += [Message("user", tuple(ToolResult(use.id, "", is_error=turn == 4) for use in uses))]
    provider.ask(*requests)

    for before, after in zip(provider.server.requests, provider.server.requests[1:], strict=False):
        assert flat(after)[: len(flat(before))] == flat(before)
    for body in provider.server.requests:
        breakpoints = [block for block in blocks(body) if "cache_control" in block]
        assert len(breakpoints) <= 4
        assert breakpoints[-1] is blocks(body)[-1]
        assert all(block.get("text", "words").strip() for block in breakpoints)


def blocks(body: dict) -> list[dict]:
    return [*body["system"], *(block for each in body["messages"] for block in each["content"])]


def flat(body: dict) -> list[object]:
    stable = [{key: value for key, value in block.items() if key != "cache_control"} for block in blocks(body)]
    return [body["tools"], body["model"], *stable]


def test_a_pause_and_a_reason_that_is_not_known_yet_leave_the_call_to_be_made(provider):
    for stop in ("pause_turn", "something_new"):
        provider.answer = message(call("bash", {"command": "ls"}), stop=stop)
        (reply,) = provider.ask()
        assert reply.stop == "end"
        assert reply.tool_uses
