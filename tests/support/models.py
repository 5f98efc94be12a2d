"""A server that speaks a provider's API, so that the real SDK, the real adapter and the real gateway are in play.

What it answers is a function of the request's body; by default it is https://docs.anthropic.com/en/api/messages.
"""

import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.agents.roles import load_role, names_of
from app.llm.messages import Block, Message, Reply, Request, Text, ToolResult, ToolUse
from app.llm.scripted import Scripted

Json = dict[str, Any]
Behaviour = Callable[[Json], Awaitable[Response]]


class MessagesServer:
    """Serves POST on `path` on a free port of its own thread; `requests` are the bodies that came, `paths` where to."""

    next_answer: Callable[[], Response]
    """For a behaviour that is told what to answer."""

    def __init__(self, behaviour: Behaviour, path: str = "/v1/messages") -> None:
        self.requests: list[Json] = []
        self.paths: list[str] = []
        self._behaviour = behaviour
        app = Starlette(routes=[Route(path, self._answer, methods=["POST"])])
        ends = {"timeout_keep_alive": 75, "timeout_graceful_shutdown": 5}
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off", **ends)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive()
            self._thread.join(0.005)  # a server that ends instead is seen at once
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join()

    async def _answer(self, request: HttpRequest) -> Response:
        body = json.loads(await request.body())
        self.requests.append(body)
        self.paths.append(request.url.path)
        return await self._behaviour(body)


def message(*content: Json, stop: str = "end_turn", usage: Json | None = None) -> JSONResponse:
    """A reply in the API's shape."""
    told = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-test", "content": list(content)}
    return JSONResponse(
        {
            **told,
            "stop_reason": stop,
            "stop_sequence": None,
            "usage": {"input_tokens": 9, "output_tokens": 9, **(usage or {})},
        }
    )


def say(text: str) -> Json:
    return {"type": "text", "text": text}


def call(name: str, arguments: Any) -> Json:
    return {"type": "tool_use", "id": "toolu_1", "name": name, "input": arguments}


def text_of(body: Json) -> str:
    """Every text of a request, for a behaviour that looks for a word in it."""
    return json.dumps(body, ensure_ascii=False)


def over_the_wire(script: Scripted) -> Behaviour:
    """Answer from a script; the role is read off the system prompt."""

    async def behave(body: Json) -> Response:
        reply = await script.reply(_request_of(body))
        return message(*map(_block, reply.content), stop=_stop(reply), usage=_usage(reply))

    return behave


def role_of(body: Json) -> str:
    system = body["system"][0]["text"]
    role = next((name for name in names_of("roles") if load_role("roles", name).prompt == system), "unknown")
    if role != "reviewer":
        return role
    asked = text_of(body["messages"][0])
    views = {name: load_role("perspectives", name).prompt for name in names_of("perspectives")}
    places = {name: asked.find(json.dumps(view, ensure_ascii=False)[1:-1]) for name, view in views.items()}
    return "reviewer:" + "+".join(sorted((name for name in places if places[name] >= 0), key=places.__getitem__))


def _request_of(body: Json) -> Request:
    messages = tuple(Message(each["role"], tuple(map(_read, each["content"]))) for each in body["messages"])
    return Request(role=role_of(body), system=body["system"][0]["text"], messages=messages)


def _read(block: Json) -> Block:
    if block["type"] == "text":
        return Text(block["text"])
    if block["type"] == "tool_use":
        return ToolUse(block["id"], block["name"], block["input"])
    return ToolResult(block["tool_use_id"], block["content"], block["is_error"])


def _block(block: Block) -> Json:
    if isinstance(block, ToolUse):
        return {"type": "tool_use", "id": block.id, "name": block.name, "input": block.input}
    assert isinstance(block, Text)
    return say(block.text)


def _stop(reply: Reply) -> str:
    return {"end": "end_turn"}.get(reply.stop, reply.stop)


def _usage(reply: Reply) -> Json:
    return {"input_tokens": reply.usage.input, "output_tokens": reply.usage.output}
