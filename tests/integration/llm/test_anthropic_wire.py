"""The real SDK against a server that speaks the Messages API: what is sent, and what each answer becomes."""

import asyncio
import json
from collections.abc import Callable, Iterator

import pytest
from starlette.responses import JSONResponse, Response

from app.llm.errors import OverloadedError
from app.llm.messages import Message, Reply, Request, Text, Tool, ToolResult, ToolUse
from app.llm.providers import open_model
from app.settings import Settings
from tests.support.models import MessagesServer, call, message, say

TOOL = Tool("bash", "Run a command.", {"type": "object", "properties": {"command": {"type": "string"}}})
FIRST = Message("user", (Text("Mend it."),))
Ask = Callable[[Request], Reply]


class Provider:
    """A server whose next answer is set, and the real adapter that asks it."""

    def __init__(self, server: MessagesServer) -> None:
        self.server = server
        self.answer: Response = message(say("Done."))

    def ask(self, request: Request | None = None, *, timeout_s: float = 20.0, model: str = "claude-sonnet-5") -> Reply:
        wanted = request or Request("writer", "You mend.", (FIRST,), tools=(TOOL,))
        return asyncio.run(once(wanted, model, self.server.url, timeout_s))

    @property
    def sent(self) -> dict:
        return self.server.requests[-1]


async def once(request: Request, model: str, url: str, timeout_s: float) -> Reply:
    settings = Settings(anthropic_api_key="sk-ant-test", anthropic_base_url=url, model_timeout_s=timeout_s)
    adapter = open_model(f"anthropic:{model}", "QUORUM_MODEL", settings).wire
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

    with MessagesServer(behave) as server:
        made = Provider(server)
        yield made


@pytest.fixture
def provider(shared_provider: Provider) -> Provider:
    shared_provider.answer = message(say("Done."))
    return shared_provider


HANGS = Response()


def marks(body: dict) -> list[str]:
    """Where the cache breakpoints are."""
    places = [f"system {number}" for number, block in enumerate(body["system"]) if "cache_control" in block]
    return places + [
        f"{turn}.{number}"
        for turn, each in enumerate(body["messages"])
        for number, block in enumerate(each["content"])
        if "cache_control" in block
    ]


def test_stable_parts_come_first_and_end_at_a_cache_breakpoint(provider: Provider):
    asked = Request("writer", "You mend.", (FIRST,), shared="The change.", tools=(TOOL,))
    provider.ask(asked)
    first = provider.sent
    assert [block["text"] for block in first["messages"][0]["content"]] == ["The change.", "Mend it."]
    assert marks(first) == ["system 0", "0.0", "0.1"]

    turn = (
        Message("assistant", (Text("I look."), ToolUse("t1", "bash", {"command": "ls"}))),
        Message("user", (ToolResult("t1", "tally", is_error=True),)),
    )
    provider.ask(Request("writer", "You mend.", (FIRST, *turn), shared="The change.", tools=(TOOL,)))
    second = provider.sent
    assert marks(second) == ["system 0", "0.0", "0.1", "2.0"], (
        "the end of the turn before, and the end; four are allowed"
    )
    assert without_marks(second)["messages"][:1] == without_marks(first)["messages"]
    assert second["tools"] == first["tools"]
    assert second["system"] == first["system"]
    assert second["messages"][2]["content"][0] | {"cache_control": None} == {
        "type": "tool_result", "tool_use_id": "t1", "content": "tally", "is_error": True, "cache_control": None,
    }  # fmt: skip


def test_what_is_read_in_parts_has_a_breakpoint_before_and_behind_the_part(provider: Provider):
    provider.ask(Request("writer", "You mend.", (FIRST,), shared="The change.", part="Its second part."))
    sent = provider.sent
    assert [block["text"] for block in sent["messages"][0]["content"]] == [
        "The change.",
        "Its second part.",
        "Mend it.",
    ]
    assert marks(sent) == ["system 0", "0.0", "0.1", "0.2"], "four are allowed"
    turns = (FIRST, Message("assistant", (Text("I look."),)), FIRST, Message("assistant", (Text("Hm."),)), FIRST)
    provider.ask(Request("writer", "You mend.", turns, shared="The change.", part="Its second part."))
    assert marks(provider.sent) == ["0.0", "0.1", "2.0", "4.0"]


def without_marks(body: dict) -> dict:
    return json.loads(
        json.dumps(body), object_hook=lambda each: {k: v for k, v in each.items() if k != "cache_control"}
    )


def test_nothing_that_only_concerns_us_is_sent(provider: Provider):
    provider.ask()
    assert set(provider.sent) == {"model", "max_tokens", "system", "messages", "tools", "tool_choice"}


@pytest.mark.parametrize(("must", "choice"), [(True, "any"), (False, "auto")])
def test_an_agent_can_be_made_to_call_a_tool(provider: Provider, must: bool, choice: str):
    provider.ask(Request("writer", "You mend.", (FIRST,), tools=(TOOL,), must_use_tool=must))
    assert provider.sent["tool_choice"] == {"type": choice}


def test_text_and_calls_come_back_in_their_order_with_what_they_cost(provider: Provider):
    usage = {
        "input_tokens": 1000,
        "output_tokens": 100,
        "cache_read_input_tokens": 10_000,
        "cache_creation_input_tokens": 1000,
    }
    provider.answer = message(say("I look."), call("bash", {"command": "ls"}), stop="tool_use", usage=usage)
    reply = provider.ask(model="claude-opus-5")
    assert [type(block) for block in reply.content] == [Text, ToolUse]
    assert reply.stop == "tool_use"
    assert reply.tool_uses[0].input == {"command": "ls"}
    # (1000 + 0.1 x 10000 + 1.25 x 1000) tokens at 5 dollars a million, and 100 at 25
    assert reply.cost == 3250 * 5 + 100 * 25


def test_a_model_without_a_price_is_charged_dearly(provider: Provider):
    dear = provider.ask(model="claude-next").cost
    assert dear > provider.ask(model="claude-opus-5").cost


@pytest.mark.parametrize(
    ("stop", "expected"),
    [
        ("end_turn", "end"),
        ("stop_sequence", "end"),
        ("max_tokens", "max_tokens"),
        ("refusal", "refusal"),
        ("model_context_window_exceeded", "max_tokens"),
        ("something_new", "end"),
    ],
)
def test_each_reason_to_stop_has_a_meaning(provider: Provider, stop: str, expected: str):
    provider.answer = message(say("Well."), stop=stop)
    assert provider.ask().stop == expected


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        [say("")],
        [say(" \n ")],
        [{"type": "thinking", "thinking": "hm", "signature": ""}],
        [{"type": "new", "x": 1}],
    ],
)
def test_what_cannot_be_sent_back_is_left_out(provider: Provider, blocks: list):
    """The API takes no empty text block: one of only white space would make the next request a 400."""
    provider.answer = message(*blocks)
    assert provider.ask().content == ()


ERROR = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


@pytest.mark.parametrize(
    ("header", "after_s"),
    [("7", 7.0), ("0.5", 0.5), ("soon", None), ("-3", None), ("nan", None), ("Sat, 21 Nov 2026 10:00:00 GMT", None)],
)
def test_the_providers_own_advice_is_taken_if_it_can_be_read(provider: Provider, header: str, after_s: float | None):
    provider.answer = JSONResponse(ERROR, 429, headers={"retry-after": header})
    with pytest.raises(OverloadedError) as caught:
        provider.ask()
    assert caught.value.after_s == after_s
