"""What an agent can call: a pydantic model for the input, a function that does it, text that comes back."""

import json
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel, ValidationError

from app.llm.messages import Tool
from app.policy.values import Json

I = TypeVar("I", bound=BaseModel)  # noqa: E741 - the input


@dataclass(frozen=True)
class ToolOutput:
    """`ends`: the agent is done, and the call's input is its result. `malformed`: the call could not be understood.

    `tree`: the state of the files after it, where the steps keep that. `seconds`: how long it took, where time counts.
    """

    text: str
    is_error: bool = False
    ends: bool = False
    malformed: bool = False
    tree: str = ""
    seconds: float = 0.0

    def to_json(self) -> Json:
        told: Json = {"text": self.text, "is_error": self.is_error, "ends": self.ends}
        return {**told, "seconds": self.seconds} if self.seconds else told

    @classmethod
    def from_json(cls, value: Json) -> "ToolOutput":
        return cls(
            text=str(value["text"]),
            is_error=bool(value["is_error"]),
            ends=bool(value.get("ends", False)),
            tree=str(value.get("tree", "")),
            seconds=float(cast("float", value.get("seconds", 0.0))),
        )


class AgentTool(Generic[I]):
    """A tool whose input is the model `kind`; its docstring is the description that the agent reads.

    `do` gets the input and what the tool's last call in an earlier turn gave, which the agent has seen: only the
    conversation survives a crash, so nothing else may be remembered between calls. `repeats`: it is called more than
    once for one result, and what a later call leaves out is as it was. `without`: fields that nobody needs here, which
    are not offered.
    """

    def __init__(
        self,
        name: str,
        kind: type[I],
        do: Callable[[I, str | None], Awaitable[ToolOutput]],
        *,
        repeats: bool = False,
        without: Collection[str] = (),
    ) -> None:
        self._kind = kind
        self._do = do
        self._repeats = repeats
        self._without = without
        self.spec = _spec(name, kind, repeats, frozenset(without))

    def unless(self, why_not: Callable[[I], str]) -> "AgentTool[I]":
        """One that looks the same to a model, so that prompts stay alike. A call with a reason against it gets that."""

        async def guarded(wanted: I, previous: str | None) -> ToolOutput:
            reason = why_not(wanted)
            return ToolOutput(reason, is_error=True) if reason else await self._do(wanted, previous)

        return AgentTool(self.spec.name, self._kind, guarded, repeats=self._repeats, without=self._without)

    def complete(self, value: Json, before: Json | None) -> Json:
        """An input with what it leaves out as the call before gave it."""
        return {**before, **value} if self._repeats and before is not None else value

    def problem(self, value: Json) -> str | None:
        """What is wrong with an input, as advice; None if nothing is."""
        try:
            self._kind.model_validate(value)
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(map(str, fault['loc'])) or 'input'}: {fault['msg']}" for fault in error.errors()[:5]
            )
            return f"The input of {self.spec.name} is not right: {faults}."
        return None

    async def run(self, value: Json, previous: str | None = None) -> ToolOutput:
        return await self._do(self._kind.model_validate(value), previous)


@cache
def _spec(name: str, kind: type[BaseModel], repeats: bool, without: frozenset[str]) -> Tool:
    """Made once for each model: pydantic takes longer for it than a turn takes."""
    schema = kind.model_json_schema()
    description = str(schema.pop("description", ""))
    if repeats:
        schema.pop("required", None)
    for part in (schema, *schema.get("$defs", {}).values()):
        part["properties"] = {key: value for key, value in part.get("properties", {}).items() if key not in without}
    return Tool(name, description, cast("Json", _without_titles(_that_are_used(schema))))


def _that_are_used(schema: dict[str, Any]) -> dict[str, Any]:
    """Without definitions that no field refers to any more; those of one another go with them."""
    defined = schema.get("$defs", {})
    used = {name: each for name, each in defined.items() if f'"#/$defs/{name}"' in _told_without(schema, name)}
    if len(used) == len(defined):
        return schema
    rest = {key: value for key, value in schema.items() if key != "$defs"}
    return _that_are_used({**rest, "$defs": used} if used else rest)


def _told_without(schema: dict[str, Any], name: str) -> str:
    defined = {key: value for key, value in schema["$defs"].items() if key != name}
    return json.dumps({**schema, "$defs": defined})


def _without_titles(schema: Any) -> Any:
    """Titles that pydantic makes of names only cost tokens."""
    if isinstance(schema, dict):
        return {
            key: _without_titles(value)
            for key, value in schema.items()
            if not (key == "title" and isinstance(value, str))
        }
    return [_without_titles(each) for each in schema] if isinstance(schema, list) else schema
