"""The chunks of a streamed chat completion, gathered into the completion that they are parts of.

https://platform.openai.com/docs/api-reference/chat-streaming
"""

import json
from typing import Any

Json = dict[str, Any]


class Gathered:
    """Chunks are added in their order; of several choices only the first was asked for."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}
        self._calls: list[dict[str, str]] = []
        self._by_index: dict[int, dict[str, str]] = {}
        self._finish: str | None = None
        self._usage: Json | None = None

    def add(self, chunk: Json) -> None:
        """Raises `TypeError` or `AttributeError` for a chunk that is none."""
        self._usage = chunk.get("usage") or self._usage
        for choice in (chunk.get("choices") or [])[:1]:
            self._finish = choice.get("finish_reason") or self._finish
            delta = choice.get("delta") or {}
            for name in ("content", "refusal"):
                if delta.get(name):
                    self._said[name] = self._said.get(name, "") + delta[name]
            for call in delta.get("tool_calls") or []:
                self._add_call(call)

    def _add_call(self, call: Json) -> None:
        """A call's arguments come in pieces; its name and id with the first of them. Some servers count no calls."""
        known, id_ = self._by_index.get(call["index"]), call.get("id") or ""
        if known is None or (id_ and known["id"] and id_ != known["id"]):
            known = self._by_index[call["index"]] = {"id": "", "name": "", "arguments": ""}
            self._calls.append(known)
        asked = call.get("function") or {}
        known["id"] = known["id"] or id_
        known["name"] = known["name"] or asked.get("name") or ""
        known["arguments"] += asked.get("arguments") or ""

    def whole(self) -> bytes:
        """The completion as JSON. Raises `ValueError` when the stream ended before it did."""
        if self._finish is None:
            raise ValueError("the stream ended before the answer did")
        calls = [
            {"id": each["id"], "function": {"name": each["name"], "arguments": each["arguments"] or "{}"}}
            for each in self._calls
        ]
        message = {**self._said, **({"tool_calls": calls} if calls else {})}
        choice = {"message": message, "finish_reason": self._finish}
        return json.dumps({"choices": [choice], "usage": self._usage}).encode()
