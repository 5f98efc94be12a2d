"""Typed steps: a value goes into the journal as JSON and comes out as the type it was."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pydantic import TypeAdapter

from app.forge.effects import Effect
from app.policy.values import Json, JsonValue
from app.runs.engine import Context

T = TypeVar("T")
_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


async def journalled(ctx: Context, name: str, kind: type[T], do: Callable[[], Awaitable[T]]) -> T:
    """Run `do` once for this run and return its value, now and at every replay."""
    adapter = adapter_of(kind)

    async def dump() -> JsonValue:
        value: JsonValue = adapter.dump_python(await do(), mode="json")
        return value

    return adapter.validate_python(await ctx.step(name, dump))


def adapter_of(kind: type[T]) -> TypeAdapter[T]:
    """Made once for each type: that takes longer than all else that a step does."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


async def carry_out(ctx: Context, name: str, effect: Effect) -> Json:
    """Do an effect on GitHub exactly once for this run; return its receipt."""
    return await ctx.effect(name, effect.do, effect.find, first=effect.first)
