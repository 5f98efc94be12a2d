"""The real SDK against a server that speaks chat completions: what is sent, and what each answer becomes.

Shapes are those of https://platform.openai.com/docs/api-reference/chat/create and what vLLM and Ollama leave out of it.
"""

import asyncio
import json
from collections.abc import Iterator

import pytest
from starlette.responses import JSONResponse, Response

from app.llm.errors import (
    ModelError,
    OverloadedError,
    RejectedRequestError,
    RequestTooLongError,
    UnusableReplyError,
)
from app.llm.messages import Message, Reply, Request, Text, Tool, ToolResult, ToolUse
from app.llm.providers import open_model
from app.settings import Settings
from tests.support.models import MessagesServer

TOOL = Tool("bash", "Run a command.", {"type": "object", "properties": {"command": {"type": "string"}}})
FIRST = Message("user", (Text("Mend it."),))
PLAIN = Request("writer", "You mend.", (FIRST,), tools=(TOOL,))
HANGS = Response()


def completion(content=None, *calls, finish="stop", usage=None, **said) -> JSONResponse:
    asked = [
        {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": arguments}}
        for number, (name, arguments) in enumerate(calls)
    ]
    message = {"role": "assistant", "content": content, **({"tool_calls": asked} if asked else {}), **said}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    used = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18, **(usage or {})}
    whole = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-test", "choices": [choice]}
    return JSONResponse({**whole, "usage": used})


class Provider:
    """A server whose next answer is set, and the real adapter that asks it."""

    def __init__(self, server: MessagesServer) -> None:
        self.server = server
        self.answer: Response = completion("Done.")

    def ask(self, request: Request = PLAIN, *, timeout_s: float = 20.0, model: str = "gpt-5.1") -> Reply:
        return asyncio.run(once(request, model, f"{self.server.url}/v1", timeout_s))

    @property
    def sent(self) -> dict:
        return self.server.requests[-1]


async def once(request: Request, model: str, url: str, timeout_s: float) -> Reply:
    settings = Settings(openai_api_key="sk-test-0123456789abcdef", openai_base_url=url, model_timeout_s=timeout_s)
    adapter = open_model(f"openai:{model}", "QUORUM_MODEL", settings).wire
    try:
        return await adapter.reply(request)
    finally:
        await adapter.close()


@pytest.fixture(scope="module")
def shared_provider() -> Iterator[Provider]:
    async def behave(_body: dict) -> Response:
        if made.answer is HANGS:
            await asyncio.sleep(60)
        return made.answer

    with MessagesServer(behave, "/v1/chat/completions") as server:
        made = Provider(server)
        yield made


@pytest.fixture
def provider(shared_provider: Provider) -> Provider:
    shared_provider.answer = completion("Done.")
    return shared_provider


def test_what_is_stable_comes_first(provider: Provider):
    provider.ask(
        Request("reviewer", "You read.", (FIRST,), shared="The change.", part="Its second part.", tools=(TOOL,))
    )
    assert provider.sent == {
        "model": "gpt-5.1",
        "max_tokens": 8192,
        "messages": [
            {"role": "system", "content": "You read."},
            {"role": "user", "content": "The change.\n\nIts second part.\n\nMend it."},
        ],
        "tools": [
            {
                "type": "function",
                "function": {"name": "bash", "description": TOOL.description, "parameters": TOOL.schema},
            }
        ],
        "tool_choice": "auto",
    }


def test_a_conversation_is_sent_back_as_it_went(provider: Provider):
    turn = (
        Message("assistant", (Text("I look."), ToolUse("t1", "bash", {"command": "ls é"}), ToolUse("t2", "bash", {}))),
        Message("user", (ToolResult("t1", "tally"), ToolResult("t2", "", is_error=True), Text("Go on."))),
    )
    provider.ask(Request("writer", "You mend.", (FIRST, *turn), tools=(TOOL,)))
    asked = provider.sent["messages"][2]
    assert (asked["role"], asked["content"]) == ("assistant", "I look.")
    assert [(each["id"], json.loads(each["function"]["arguments"])) for each in asked["tool_calls"]] == [
        ("t1", {"command": "ls é"}),
        ("t2", {}),
    ]
    assert provider.sent["messages"][3:] == [
        {"role": "tool", "tool_call_id": "t1", "content": "tally"},
        {"role": "tool", "tool_call_id": "t2", "content": "Error: "},
        {"role": "user", "content": "Go on."},
    ]


def test_an_id_of_another_provider_s_that_is_too_long_is_another_one_and_the_same_in_both_places(provider: Provider):
    long = "toolu_" + "x" * 60
    turn = (Message("assistant", (ToolUse(long, "bash", {}),)), Message("user", (ToolResult(long, "tally"),)))
    provider.ask(Request("writer", "You mend.", (FIRST, *turn), tools=(TOOL,)))
    asked, answered = provider.sent["messages"][2:]
    assert asked["tool_calls"][0]["id"] == answered["tool_call_id"]
    assert len(answered["tool_call_id"]) == 40


def test_a_turn_of_nothing_but_calls_has_no_words(provider: Provider):
    turn = (Message("assistant", (ToolUse("t1", "bash", {}),)), Message("user", (ToolResult("t1", ""),)))
    provider.ask(Request("writer", "You mend.", (FIRST, *turn), tools=(TOOL,)))
    assert provider.sent["messages"][2]["content"] is None
    assert provider.sent["messages"][3]["content"] == "(no output)"


def test_openai_itself_is_told_its_own_limit_and_which_prompts_begin_alike():
    """Other servers refuse keys that they do not know."""

    def rendered(shared: str, base: str = "") -> dict:
        wire = open_model("openai:gpt-5.1", "QUORUM_MODEL", Settings(openai_base_url=base)).wire
        return wire._render(Request("r", "s", (FIRST,), shared=shared))

    own = rendered("The change.")
    assert own["max_completion_tokens"] == 8192
    assert own["prompt_cache_key"] == rendered("The change.")["prompt_cache_key"] != rendered("b")["prompt_cache_key"]
    assert "max_completion_tokens" in rendered("x", "https://acme.openai.azure.com/openai/v1")
    assert set(rendered("x", "https://openrouter.ai/api/v1")) == {"model", "max_tokens", "messages"}
    assert "max_tokens" in rendered("x", "https://not-openai.com.example/v1")


def test_openai_itself_is_asked_for_strict_tools_and_others_are_not():
    """What they do with schemas that they do not know is their own; some hold models to them in any case."""
    asked = Request("r", "s", (FIRST,), tools=(Tool("look", "", {"properties": {"at": {}}, "type": "object"}),))
    for base, strict in (("", True), ("https://acme.openai.azure.com/openai/v1", True), ("http://ollama:11434", False)):
        wire = open_model("openai:gpt-5.1", "QUORUM_MODEL", Settings(openai_base_url=base)).wire
        (tool,) = wire._render(asked)["tools"]
        assert tool["function"].get("strict", False) is strict
        assert ("required" in tool["function"]["parameters"]) is strict


@pytest.mark.parametrize(("must", "choice"), [(True, "required"), (False, "auto")])
def test_an_agent_can_be_made_to_call_a_function(provider: Provider, must: bool, choice: str):
    provider.ask(Request("writer", "You mend.", (FIRST,), tools=(TOOL,), must_use_tool=must))
    assert provider.sent["tool_choice"] == choice


def test_text_and_calls_come_back_with_what_they_cost(provider: Provider):
    usage = {"prompt_tokens": 11_000, "completion_tokens": 100, "prompt_tokens_details": {"cached_tokens": 10_000}}
    provider.answer = completion("I look.", ("bash", '{"command": "ls"}'), finish="tool_calls", usage=usage)
    reply = provider.ask()
    assert reply.content == (Text("I look."), ToolUse("call_0", "bash", {"command": "ls"}))
    assert (reply.stop, reply.usage.input, reply.usage.cache_read) == ("tool_use", 1000, 10_000)
    assert reply.cost == 0, "a server on this machine asks for no money"


def test_a_call_without_arguments_is_one(provider: Provider):
    provider.answer = completion(None, ("bash", "{}"), finish="stop")
    reply = provider.ask()
    assert reply.content == (ToolUse("call_0", "bash", {}),)
    assert reply.stop == "tool_use", "some servers call functions and say that they stopped"


@pytest.mark.parametrize(
    ("finish", "expected"),
    [("stop", "end"), ("length", "max_tokens"), ("content_filter", "refusal"), (None, "end"), ("new", "end")],
)
def test_each_reason_to_stop_has_a_meaning_here(provider: Provider, finish: str | None, expected: str):
    provider.answer = completion("Well.", finish=finish)
    assert provider.ask().stop == expected


def test_a_refusal_is_one(provider: Provider):
    provider.answer = completion(None, refusal="I cannot help with that.")
    reply = provider.ask()
    assert (reply.stop, reply.text) == ("refusal", "I cannot help with that.")


def test_a_call_that_was_cut_off_with_its_answer_is_left_out_and_the_agent_told(provider: Provider):
    provider.answer = completion("I wri", ("bash", '{"command": "cat <<E'), finish="length")
    reply = provider.ask()
    assert (reply.stop, reply.content) == ("max_tokens", (Text("I wri"),))


@pytest.mark.parametrize("missing", ["", None])
def test_calls_without_ids_are_given_some(provider: Provider, missing: str | None):
    """A result has to name its call, and other providers refuse an id that is empty, or there twice."""
    body = json.loads(completion(None, ("bash", "{}"), ("bash", "{}"), finish="tool_calls").body)
    for call in body["choices"][0]["message"]["tool_calls"]:
        call["id"] = missing
    provider.answer = JSONResponse(body)
    assert len({use.id for use in provider.ask().tool_uses if use.id}) == 2


def error(code: str | None, message: str = "No.") -> dict:
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}


@pytest.mark.parametrize(
    ("status", "body", "kind", "remedy"),
    [
        (400, error("context_length_exceeded"), RequestTooLongError, "ask for less at once"),
        (400, error(None, "This model's maximum context length is 8192 tokens."), RequestTooLongError, "ask for less"),
        (413, error(None), RequestTooLongError, "ask for less at once"),
        (400, error("unsupported_parameter"), RejectedRequestError, "Check QUORUM_MODEL"),
        (401, error("invalid_api_key"), RejectedRequestError, "Check OPENAI_API_KEY"),
        (403, error(None), RejectedRequestError, "Check what OPENAI_API_KEY may use"),
        (404, error("model_not_found"), RejectedRequestError, "Check QUORUM_MODEL and OPENAI_BASE_URL"),
        (429, error("insufficient_quota"), RejectedRequestError, "billing"),
        (429, error("rate_limit_exceeded"), OverloadedError, ""),
        (408, error(None), OverloadedError, ""),
        (500, error("server_error"), OverloadedError, ""),
        (503, {"detail": "loading"}, OverloadedError, ""),
    ],
)
def test_each_refusal_says_what_helps(provider: Provider, status: int, body: dict, kind: type[ModelError], remedy: str):
    provider.answer = JSONResponse(body, status)
    with pytest.raises(kind, match=f"gpt-5.1 answered {status}") as caught:
        provider.ask()
    assert type(caught.value) is kind
    assert remedy in str(caught.value)
    assert caught.value.retry is (kind is OverloadedError)


@pytest.mark.parametrize(
    "answer",
    [
        Response("not JSON", media_type="application/json"),
        Response("<html>", media_type="text/html"),
        JSONResponse([]),
        JSONResponse({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1}}),
        JSONResponse({"choices": [{"message": {"content": "x"}}]}),
        completion(None, ("bash", "ls")),
        completion(None, ("bash", "[]")),
        completion(None, ("", "{}")),
        completion("x", usage={"prompt_tokens": -1}),
    ],
)
def test_an_answer_that_is_none_is_refused(provider: Provider, answer: Response):
    provider.answer = answer
    with pytest.raises(UnusableReplyError):
        provider.ask()
