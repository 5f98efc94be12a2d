"""What an agent can call: a pydantic model for the input, a function that does it, text that comes back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel, ValidationError

from app.llm.messages import Tool
from app.policy.values import Json

I = TypeVar("I", bound=BaseModel)  # noqa: E741 - the input


@dataclass(frozen=True)
class ToolOutput:
    """`ends`: the agent is done, and the call's input is its result. `malformed`: the call could not be understood."""

    text: str
    is_error: bool = False
    ends: bool = False
    malformed: bool = False

    def to_json(self) -> Json:
        return {"text": self.text, "is_error": self.is_error, "ends": self.ends}

    @classmethod
    def from_json(cls, value: Json) -> "ToolOutput":
        return cls(str(value["text"]), bool(value["is_error"]), bool(value.get("ends", False)))


class AgentTool(Generic[I]):
    """A tool whose input is the model `kind`; its docstring is the description that the agent reads.

    `do` gets the input and what the tool's last call in an earlier turn gave, which the agent has seen: only the
    conversation survives a crash, so nothing else may be remembered between calls.
    """

    def __init__(self, name: str, kind: type[I], do: Callable[[I, str | None], Awaitable[ToolOutput]]) -> None:
        self._kind = kind
        self._do = do
        self.spec = _spec(name, kind)

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
def _spec(name: str, kind: type[BaseModel]) -> Tool:
    """Made once for each model: pydantic takes longer for it than a turn takes."""
    schema = kind.model_json_schema()
    description = str(schema.pop("description", ""))
    return Tool(name, description, cast("Json", _without_titles(schema)))


def _without_titles(schema: Any) -> Any:
    """Titles that pydantic makes of names only cost tokens."""
    if isinstance(schema, dict):
        return {
            key: _without_titles(value)
            for key, value in schema.items()
            if not (key == "title" and isinstance(value, str))
        }
    return [_without_titles(each) for each in schema] if isinstance(schema, list) else schema
